"""`tradeflow order ID`: one order in one timeline, from every part of the exchange."""

import asyncio
from typing import Annotated

import typer
from rich.text import Text

from cli.output import DataDir, console, errors, fail, reports_errors
from cli.running import running_settings
from stack.paths import DEFAULT_DATA_DIR

STYLES = {
    "orders": "cyan",
    "workflow": "magenta",
    "wallet": "green",
    "engine": "yellow",
    "audit": "dim",
}


@reports_errors
def order(
    order_id: Annotated[int, typer.Argument(metavar="ID", help="The orderId of any user's order.")],
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON list of entries.")] = False,
) -> None:
    """Follow one order through the exchange: rows, saga, ledger, engine, audit, by time.

    Reads with the reader's login, whoever's order it is. Exit status 1 when the order is
    unknown, or a part of its story could not be read.
    """
    from cli.order_sources import OrderSources  # noqa: PLC0415 - loads the servers' clients
    from cli.order_timeline import Entry, merge  # noqa: PLC0415 - as above
    from contracts.message import encode  # noqa: PLC0415 - as above

    sources = OrderSources(running_settings(data_dir), order_id)
    entries: list[Entry] = merge(asyncio.run(sources.look()))
    if as_json:
        typer.echo(encode(entries).decode())
    else:
        console.print(f"[bold]order {order_id}[/bold], {entries[0].at[:10]}, times in UTC")
        for one in entries:
            line = Text(f"{one.at[11:23]}  {f'+{one.since_ms}':>7}  ")
            line.append(f"{one.seen:<8}", STYLES[one.seen]).append(f"  {one.what}")
            console.print(line, soft_wrap=True)
    for name, reason in sources.missing.items():
        errors.print(f"without {name}: {reason}", markup=False, soft_wrap=True)
    if sources.missing:
        raise fail("the timeline is incomplete")
