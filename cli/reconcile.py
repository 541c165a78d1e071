"""`tradeflow reconcile`: do the wallet, the orders, the books and the sagas agree?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated

import httpx
import msgspec
import typer
from rich.table import Table

from adapters import kafka, mysql, temporal
from cli.output import DataDir, console, fail, reports_errors
from cli.running import running_settings
from config.markets import load_markets
from config.settings import Settings
from contracts import topology
from reconciliation.event_logs import EventLogs
from reconciliation.reconcile import RULES, Reconciliation
from reconciliation.reconcile import reconcile as run_rules
from reconciliation.sources import Sources
from stack.paths import DEFAULT_DATA_DIR

BROKEN = 1
MOST_SHOWN = 20


@asynccontextmanager
async def open_sources(settings: Settings) -> AsyncIterator[Sources]:
    """Connections with the reader's login, closed at the end."""
    login = mysql.require_login(settings.mysql.reader, "reader")
    async with AsyncExitStack() as closing:
        wallet = mysql.create_engine(settings.mysql, login, topology.WALLET_DATABASE)
        closing.push_async_callback(wallet.dispose)
        orders = mysql.create_engine(settings.mysql, login, topology.ORDERS_DATABASE)
        closing.push_async_callback(orders.dispose)
        consumer = await kafka.create_consumer(settings.kafka)
        closing.push_async_callback(consumer.stop)
        matching = httpx.AsyncClient(base_url=settings.matching_health_url, timeout=10.0)
        await closing.enter_async_context(matching)
        yield Sources(
            wallet=wallet,
            orders=orders,
            logs=EventLogs(consumer),
            matching=matching,
            temporal=await temporal.connect(settings.temporal),
        )


@reports_errors
def reconcile(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    patience_s: Annotated[
        float, typer.Option("--patience", help="Seconds that money in flight may take to land.")
    ] = 20.0,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Check the rules that hold across the exchange. Exit status 1 when one is broken."""
    found = asyncio.run(_run(running_settings(data_dir), patience_s))
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        console.print(_table(found))
    if not found.sound:
        raise fail(f"{len(found.breaks)} breaks", BROKEN)


async def _run(settings: Settings, patience_s: float) -> Reconciliation:
    async with open_sources(settings) as sources:
        markets = load_markets(bench=True)
        return await run_rules(sources.look, markets, patience_s=patience_s)


def _table(found: Reconciliation) -> Table:
    table = Table(title=f"{found.orders} orders, {found.trades} trades", box=None, padding=(0, 2))
    for column in ("rule", "", "what is broken"):
        table.add_column(column)
    for rule in RULES:
        broken = found.of(rule.name)
        verdict = f"[red]{len(broken)}[/red]" if broken else "[green]ok[/green]"
        table.add_row(rule.name, verdict, rule.title)
        for one in broken[:MOST_SHOWN]:
            table.add_row("", "", f"[red]{one.subject}: {one.detail}[/red]")
    return table
