"""Whether a command has a platform to use: one that is up, that starts, that ended, or none."""

import asyncio
from pathlib import Path

import pytest

from cli.other_platform import StillStarting, other_platform
from stack.lock import Lock
from stack.status import Status, write_status
from stack.tools import write_tools

UP = Status(api="http://127.0.0.1:1", ws="", temporal="", temporal_ui="", users=[], processes={})


def _is_up(data_dir: Path) -> None:
    write_tools(data_dir, {})
    write_status(data_dir, UP)


async def test_who_starts_is_waited_for(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    found = asyncio.create_task(other_platform(tmp_path))
    await asyncio.sleep(0.3)
    assert not found.done()
    _is_up(tmp_path)
    answer = await found
    assert answer is not None
    assert answer[0] == UP
    lock.release()


async def test_who_ends_while_starting_is_no_platform(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    found = asyncio.create_task(other_platform(tmp_path))
    await asyncio.sleep(0.3)
    lock.release()
    assert await found is None


async def test_what_a_killed_one_has_left_is_no_platform(tmp_path: Path) -> None:
    Lock(tmp_path).release()
    _is_up(tmp_path)
    assert await other_platform(tmp_path) is None


async def test_nobody_is_waited_for_without_end(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    with pytest.raises(StillStarting, match=r"process \d+.* is not up yet: see its terminal"):
        await other_platform(tmp_path, limit_s=0.3)
    lock.release()
