"""The platform that another terminal runs, or is just starting."""

import asyncio
import time
from pathlib import Path
from typing import Final

from cli.output import console
from config.settings import Settings
from stack.errors import StackError
from stack.lock import owner
from stack.status import Status, read_status
from stack.tools import read_tools

LIMIT_S: Final = 300.0  # a first start makes the databases, on a slow machine too
POLL_S: Final = 0.2


class StillStarting(StackError):
    """Whoever started it sees why."""

    def __init__(self, pid: int, data_dir: Path) -> None:
        super().__init__(
            f"TradeFlow (process {pid}) is not up yet: see its terminal, or {data_dir / 'logs'}."
        )


async def other_platform(
    data_dir: Path, limit_s: float = LIMIT_S
) -> tuple[Status, Settings] | None:
    """Its addresses once it is up; None where nobody runs one, or who did has ended.

    Raises:
        StillStarting: it was not up in time.
    """
    deadline = time.monotonic() + limit_s
    with console.status("waiting") as spinner:
        while (pid := owner(data_dir)) is not None:
            status, settings = read_status(data_dir), read_tools(data_dir)
            if status is not None and settings is not None:
                return status, settings
            if time.monotonic() > deadline:
                raise StillStarting(pid, data_dir)
            spinner.update(f"waiting for TradeFlow, which is starting as process {pid}")
            await asyncio.sleep(POLL_S)
    return None
