"""What can go wrong while servers and processes are brought up, said so that it can be acted on.

StackError
├── MissingProgram   something must be installed; the message holds the command
├── PortTaken        a fixed port is in use; the message names the setting
├── NotReady         a server did not answer in time
├── ProcessDied      a server or worker ended by itself; the message holds the tail of its log
└── AlreadyRunning   another `tradeflow up` owns this data directory
"""

from pathlib import Path


class StackError(Exception):
    """The base of every error of the stack."""


class MissingProgram(StackError):
    """A program is not there: says which one and the exact command that installs it."""

    def __init__(self, program: str, command: str) -> None:
        super().__init__(f"{program} is missing. Install it with:\n  {command}")
        self.program = program
        self.command = command


class PortTaken(StackError):
    """A fixed port is in use: says by which setting another is chosen."""

    def __init__(self, name: str, port: int, setting: str) -> None:
        super().__init__(
            f"port {port} for {name} is taken by another program; choose another with {setting}"
        )
        self.port = port


class NotReady(StackError):
    """A process is running but did not become ready in time."""

    def __init__(self, name: str, limit_s: float, reason: str, log: Path) -> None:
        super().__init__(
            f"{name} was not ready after {limit_s:.0f} s: {reason}\n{log}:\n{tail(log)}"
        )
        self.name = name


class ProcessDied(StackError):
    """A process ended although nobody had asked it to."""

    def __init__(self, name: str, status: int, log: Path) -> None:
        super().__init__(f"{name} ended with status {status}\n{log}:\n{tail(log)}")
        self.name = name
        self.status = status


class AlreadyRunning(StackError):
    """The data directory belongs to a platform that is up."""

    def __init__(self, data_dir: Path, pid: int) -> None:
        super().__init__(
            f"TradeFlow is already up on {data_dir} (process {pid}); stop it with: tradeflow down"
        )
        self.pid = pid


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log file, indented; empty when there is none."""
    if not log.exists():
        return "  (no log)"
    text = log.read_bytes()[-20_000:].decode("utf-8", "replace").splitlines()
    return "\n".join(f"  {line}" for line in text[-lines:])
