"""`tradeflow demo`: one limit order, told step by step, every figure read back."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from cli.other_platform import other_platform
from cli.output import DataDir, console, fail, reports_errors
from stack.errors import AlreadyRunning
from stack.paths import DEFAULT_DATA_DIR
from stack.status import Status
from stack.tools import read_tools

if TYPE_CHECKING:
    from config.settings import Settings


@reports_errors
def demo(
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Place one limit buy against a second user's offer and tell its story.

    Uses the platform that is up or just starting; where none is, starts it and stops it again.
    """
    asyncio.run(_demo(data_dir))


async def _demo(data_dir: DataDir) -> None:
    from cli.demo_story import tell  # noqa: PLC0415 - loads the databases' clients
    from cli.story_figures import OrderFailed  # noqa: PLC0415 - as above
    from cli.trader import Refused  # noqa: PLC0415 - as above

    async with AsyncExitStack() as opened:
        (status, settings), is_own = await platform_for_demo(data_dir, opened)
        try:
            await tell(status, settings, console)
        except (Refused, OrderFailed) as error:
            raise fail(f"the demo failed: {error}") from error
        if is_own:
            console.print("  (while the platform is up: `make up` brings it up again)")
            if sys.stdin.isatty():
                await asyncio.to_thread(console.input, "\nPress Enter to stop the platform. ")


async def platform_for_demo(
    data_dir: Path, opened: AsyncExitStack
) -> tuple[tuple[Status, "Settings"], bool]:
    """The platform to use, and whether it is the demo's own, which ends with `opened`."""
    found = await other_platform(data_dir)
    if found is None:
        try:
            return await _own_platform(data_dir, opened), True
        except AlreadyRunning:
            # Another terminal began after the look.
            found = await other_platform(data_dir)
            if found is None:
                raise
    console.print(f"TradeFlow is up at {found[0].api}.")
    return found, False


async def _own_platform(data_dir: DataDir, opened: AsyncExitStack) -> tuple[Status, "Settings"]:
    """One for the length of the story."""
    from cli.up import Progress, log_to  # noqa: PLC0415 - loads every server
    from stack.platform import Platform  # noqa: PLC0415 - as above
    from stack.ports import FIXED, PortChoice, is_free  # noqa: PLC0415 - as above

    log_to(data_dir / "logs" / "up.log")
    console.print("TradeFlow is not up; starting it for the demo.")
    # The usual ports where they are free: the links then work under `tradeflow up` too.
    wanted = {name: usual if is_free(usual) else 0 for name, (usual, _) in FIXED.items()}
    with console.status("starting") as spinner:
        progress = Progress(spinner)
        platform = Platform(data_dir, ports=PortChoice.FIXED, wanted=wanted, progress=progress)
        await opened.enter_async_context(platform)
    settings = read_tools(data_dir)
    if settings is None:
        raise fail("the platform has started without its tools file")
    return platform.status(), settings
