"""Child processes: a session of its own each, a log file, an orderly end, none left behind."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from stack import watchdog
from stack.errors import ProcessDied

POLL_S = 0.02
STOP_LIMIT_S = 20.0
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""All that a child sees of the caller's environment: a secret there is none of its business."""


@dataclass(frozen=True)
class Command:
    """What to run, and the variables to add to the few that every child inherits."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None

    def environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return {**inherited, **self.env}


@dataclass
class Child:
    """One running process and its group."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self.popen.poll()

    def check_alive(self) -> None:
        """Raise ProcessDied when it has ended."""
        if (status := self.status) is not None:
            raise ProcessDied(self.name, status, self.log)

    def send(self, sent: signal.Signals) -> None:
        """Signal the whole group: what a server has forked stops, pauses and dies with it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, sent)

    async def ended(self, limit_s: float) -> bool:
        """Wait for the end; False when the limit passes first."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while self.status is None:
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(POLL_S)
        return True


class Processes:
    """All children of one owner, with the watchdog that outlives it."""

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._watchdog: subprocess.Popen[bytes] | None = None
        self.children: dict[str, Child] = {}

    def start(self, name: str, command: Command) -> Child:
        """Start one process; its output is appended to logs/<name>.log."""
        running = self.children.get(name)
        if running is not None and running.status is None:
            raise RuntimeError(f"{name} is running already")
        self._log_dir.mkdir(parents=True, exist_ok=True)
        log = self._log_dir / f"{name}.log"
        with log.open("ab") as output:
            popen = subprocess.Popen(  # noqa: S603 - argv is a list of our own making
                command.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=command.environment(),
                cwd=command.cwd,
                start_new_session=True,
            )
        child = self.children[name] = Child(name, popen, log)
        self._tell_watchdog(f"+{child.pid}")
        return child

    async def stop(self, name: str, limit_s: float = STOP_LIMIT_S) -> None:
        """SIGTERM, wait, SIGKILL; then SIGKILL to whatever is left of its group."""
        child = self.children.pop(name, None)
        if child is None:
            return
        if child.status is None:
            child.send(signal.SIGCONT)
            with contextlib.suppress(ProcessLookupError):
                child.popen.terminate()
            await child.ended(limit_s)
        child.send(signal.SIGKILL)
        await asyncio.to_thread(child.popen.wait)
        self._tell_watchdog(f"-{child.pid}")

    async def kill(self, name: str) -> None:
        """SIGKILL to the group: the crash that chaos tests want."""
        child = self.children.pop(name)
        child.send(signal.SIGKILL)
        await asyncio.to_thread(child.popen.wait)
        self._tell_watchdog(f"-{child.pid}")

    def check_alive(self, *, but: Collection[str] = ()) -> None:
        """Raise ProcessDied for the first child that has ended unasked, apart from some."""
        for child in self.children.values():
            if child.name not in but:
                child.check_alive()

    def close(self) -> None:
        """Let the watchdog end; it kills what is still listed."""
        if self._watchdog is not None:
            pipe = self._watchdog.stdin
            if pipe is not None:
                pipe.close()
            self._watchdog.wait()
            self._watchdog = None

    def _tell_watchdog(self, line: str) -> None:
        if self._watchdog is None:
            self._watchdog = subprocess.Popen(  # noqa: S603 - our own interpreter and file
                (sys.executable, "-I", watchdog.__file__),
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
        pipe: IO[bytes] | None = self._watchdog.stdin
        if pipe is not None:
            pipe.write(f"{line}\n".encode())
            pipe.flush()
