"""`tradeflow status`: what is up, and whether all of it lives."""

from typing import Annotated

import msgspec
import psutil
import typer
from rich.table import Table

from cli.output import DataDir, console, fail, reports_errors
from stack.lock import owner
from stack.paths import DEFAULT_DATA_DIR
from stack.status import Status, read_status

NOT_UP = 1


@reports_errors
def status(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="As status.json.")] = False,
) -> None:
    """Show addresses and processes. Exit status 0 only when everything is up."""
    if owner(data_dir) is None:
        raise fail("TradeFlow is not up.", NOT_UP)
    found = read_status(data_dir)
    if found is None:
        raise fail("TradeFlow is starting.", NOT_UP)
    dead = [name for name, pid in found.processes.items() if not _lives(pid)]
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        console.print(_table(found, dead))
    if dead:
        raise fail(f"not running: {', '.join(dead)}", NOT_UP)


def _table(found: Status, dead: list[str]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("api", found.api)
    table.add_row("temporal", found.temporal)
    table.add_row("temporal ui", found.temporal_ui)
    for name, pid in found.processes.items():
        table.add_row(name, "[red]dead[/red]" if name in dead else f"[dim]process {pid}[/dim]")
    return table


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
