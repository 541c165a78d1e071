"""The shape that every server's file has, and where a server lives."""

import asyncio
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from stack.errors import MissingProgram, NotReady
from stack.ports import LOOPBACK
from stack.process import Child, Command

READY_LIMIT_S = 90.0
READY_POLL_S = 0.05


@dataclass(frozen=True)
class Site:
    """Directories, ports and secrets of one set of servers."""

    data_dir: Path
    lib_dir: Path  # downloads that several sets share
    ports: Mapping[str, int]
    credentials: Mapping[str, str]
    temporal_synchronous: str = "normal"  # "full" also survives a power loss, at 0.7 of the rate

    def data(self, name: str) -> Path:
        return self.data_dir / "data" / name

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"


class Server(ABC):
    """One server: what it needs, how it is run, when it is ready, how it is reached."""

    name: ClassVar[str]
    port_names: ClassVar[tuple[str, ...]]  # the first is the one that clients connect to
    stop_limit_s: ClassVar[float] = 20.0

    def __init__(self, site: Site) -> None:
        self.site = site
        self.data = site.data(self.name)
        self.port = site.ports[self.port_names[0]]

    @classmethod
    @abstractmethod
    def check(cls) -> None:
        """Raise MissingProgram unless everything it needs is installed."""

    @abstractmethod
    async def prepare(self) -> None:
        """Make the data directory and configuration; harmless when they exist."""

    @abstractmethod
    def command(self) -> Command:
        """How to run it in the foreground."""

    @abstractmethod
    async def ping(self) -> None:
        """One real client call; raises while the server is not ready."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The TRADEFLOW_* variables by which our processes reach it."""

    async def ready(self, child: Child, limit_s: float = READY_LIMIT_S) -> None:
        """Wait until a real call succeeds. Raises ProcessDied or NotReady."""
        deadline = time.monotonic() + limit_s
        reason = "it did not listen"
        while time.monotonic() < deadline:
            child.check_alive()
            if await listens(self.port):
                try:
                    async with asyncio.timeout(5):
                        await self.ping()
                except Exception as error:  # each client has its own errors for "not yet"
                    reason = f"{type(error).__name__}: {error}"
                else:
                    return
            await asyncio.sleep(READY_POLL_S)
        raise NotReady(self.name, limit_s, reason, child.log)


async def listens(port: int) -> bool:
    """Whether something accepts connections there; far cheaper and quieter than a client."""
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


async def run_once(command: Command, log: Path) -> None:
    """Run a set-up program to its end. Raises with its output when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=command.environment(),
            cwd=command.cwd,
        )
        status = await process.wait()
    if status != 0:
        raise NotReady(command.argv[0], 0, f"set-up ended with status {status}", log)


def put_in_place(ready: Path, target: Path) -> None:
    """Move a finished download to where all look for it; whoever was first has won."""
    if not target.exists():
        ready.replace(target)


def find_program(name: str, install: str, *extra_dirs: Path) -> str:
    """The path of a program. Raises MissingProgram with the command that installs it."""
    for directory in extra_dirs:
        if (directory / name).is_file():
            return str(directory / name)
    found = shutil.which(name)
    if found is None:
        raise MissingProgram(name, install)
    return found


def apt(*packages: str) -> str:
    """The command that installs Debian packages."""
    return f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
