"""Which platform the demo tells its story on, where another terminal starts one meanwhile."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

import cli.demo
from cli.demo import platform_for_demo
from cli.other_platform import other_platform
from config.settings import Settings
from stack.errors import AlreadyRunning
from stack.lock import Lock
from stack.status import Status, write_status
from stack.tools import write_tools

UP = Status(api="http://127.0.0.1:1", ws="", temporal="", temporal_ui="", users=[], processes={})


@pytest.fixture(autouse=True)
def _own_logging(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command's process logs into a file; that of the tests does not."""
    monkeypatch.setattr("cli.up.log_to", lambda _path: None)


class LooksTooEarly:
    """Sees nobody at the first look; then another terminal has the directory."""

    def __init__(self, *, comes_up: bool) -> None:
        self._comes_up = comes_up
        self._lock: Lock | None = None

    async def __call__(self, data_dir: Path) -> tuple[Status, Settings] | None:
        if self._lock is None:
            self._lock = Lock(data_dir)
            if self._comes_up:
                write_tools(data_dir, {})
                write_status(data_dir, UP)
            return None
        if not self._comes_up:
            self.end()
        return await other_platform(data_dir)

    def end(self) -> None:
        """The other terminal stops its platform, if it has begun one."""
        if self._lock is not None:
            self._lock.release()


async def test_who_starts_after_the_look_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = LooksTooEarly(comes_up=True)
    monkeypatch.setattr(cli.demo, "other_platform", other)
    async with AsyncExitStack() as opened:
        opened.callback(other.end)
        (status, _), is_own = await platform_for_demo(tmp_path, opened)
    assert status == UP
    assert not is_own


async def test_who_starts_after_the_look_and_ends_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.demo, "other_platform", LooksTooEarly(comes_up=False))
    async with AsyncExitStack() as opened:
        with pytest.raises(AlreadyRunning, match="already up"):
            await platform_for_demo(tmp_path, opened)
