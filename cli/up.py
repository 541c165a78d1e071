"""`tradeflow up`: the whole platform in the foreground, until Ctrl-C or `tradeflow down`."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.status import Status as Spinner

from cli.output import DataDir, console, fail, reports_errors
from cli.welcome import welcome
from config.logs import configure_logging
from stack.credentials import make_private
from stack.paths import DEFAULT_DATA_DIR
from stack.ports import FIXED, PortChoice

if TYPE_CHECKING:
    from stack.platform import Platform

MIXES = ("calm", "storm")
GATEWAY_PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT = (port for port, _ in FIXED.values())


@reports_errors
def up(  # noqa: PLR0917 - the options of a command line
    data_dir: DataDir = DEFAULT_DATA_DIR,
    port: Annotated[
        int, typer.Option(help="Of the gateway; 0: free ports for it and for Temporal.")
    ] = GATEWAY_PORT,
    temporal_port: Annotated[int | None, typer.Option(help="0: a free one.")] = None,
    temporal_ui_port: Annotated[int | None, typer.Option(help="0: a free one.")] = None,
    temporal_synchronous: Annotated[
        str, typer.Option(help="normal, or full: survives a power loss, at 0.7 of the rate.")
    ] = "normal",
    mix: Annotated[
        str,
        typer.Option(
            envvar="TRADEFLOW_SIMULATION",
            help="Of simulated traders: calm, storm, none, or the path of a mix of your own.",
        ),
    ] = "calm",
) -> None:
    """Start every server and process, and stay until Ctrl-C or `tradeflow down`."""
    from stack.platform import Platform  # noqa: PLC0415 - loads every server's client

    wanted = {
        "gateway": port,
        "temporal": _port(temporal_port, TEMPORAL_PORT, port),
        "temporal_ui": _port(temporal_ui_port, TEMPORAL_UI_PORT, port),
    }
    log_to(data_dir / "logs" / "up.log")
    with console.status("starting") as spinner:
        platform = Platform(
            data_dir,
            ports=PortChoice.FIXED,
            wanted=wanted,
            temporal_synchronous=temporal_synchronous,
            overrides=_gateway_settings(),
            simulation=_simulation(mix),
            progress=Progress(spinner),
        )
        asyncio.run(_run(platform, spinner))


def _simulation(mix: str) -> str | None:
    """Where no such mix is, nothing starts: the traders' process would be the last to say so."""
    if mix == "none":
        return None
    if mix in MIXES:
        return mix
    if not Path(mix).is_file():
        raise fail(f"no mix {mix!r}: say {', '.join(MIXES)}, none, or the path of a file")
    return str(Path(mix).absolute())


def _gateway_settings() -> dict[str, str]:
    """The caller's own limits of the gateway; its address and secrets are the platform's."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("TRADEFLOW_GATEWAY__")
        and not name.endswith(("__HOST", "__PORT", "__JWT_SECRET", "__SECRETS_KEY"))
    }


def log_to(path: Path) -> None:
    """What libraries log in this process belongs beside the other logs, not into the display."""
    make_private(path.parent)
    configure_logging("up", "INFO")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(path.open("a"))


class Progress:
    """Shows what is being waited for, and a line for each that is ready."""

    def __init__(self, spinner: Spinner) -> None:
        self._spinner = spinner
        self._waiting: list[str] = []

    def __call__(self, name: str, event: str, seconds: float) -> None:
        if event == "starting":
            self._waiting.append(name)
        else:
            if name in self._waiting:
                self._waiting.remove(name)
            console.print(f"  {name:<12} {event} [dim]{seconds:5.1f} s[/dim]")
        self._spinner.update(f"starting {', '.join(self._waiting)}" if self._waiting else "")


async def _run(platform: "Platform", spinner: Spinner) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    asked = asyncio.create_task(stop.wait())
    try:
        if not await _first(platform.start(), asked):
            return
        spinner.stop()
        console.print(welcome(platform.status(), platform.data_dir), soft_wrap=True)
        await _first(platform.watch(), asked)
        spinner.start()
    finally:
        asked.cancel()
        spinner.update("stopping")
        await platform.stop()


async def _first(work: Coroutine[None, None, None], asked: asyncio.Task[bool]) -> bool:
    """Whether the work finished before the user asked to stop; its error is raised."""
    task = asyncio.create_task(work)
    await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
        return True
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return False


def _port(chosen: int | None, usual: int, gateway: int) -> int:
    if chosen is not None:
        return chosen
    return 0 if gateway == 0 else usual
