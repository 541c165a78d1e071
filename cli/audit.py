"""`tradeflow audit`: the audit trail's two questions, and whether its hash chains hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
import typer
from pymongo.errors import PyMongoError
from rich.table import Table

from adapters import mongo
from audit import queries, verification
from audit.chain import Break, Head
from audit.document import AuditLog
from audit.store import open_to_read
from audit.verification import Page
from cli.output import DataDir, console, fail, reports_errors
from cli.running import running_settings
from config.settings import Settings
from stack.errors import StackError
from stack.paths import DEFAULT_DATA_DIR

BROKEN = 1

audit = typer.Typer(name="audit", help="Ask the audit trail.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


class Unreadable(StackError):
    """The trail does not answer."""


class Verification(msgspec.Struct):
    """What all pages together say."""

    records: int = 0
    chains: list[Head] = msgspec.field(default_factory=list)
    broken: Break | None = None
    without_hash: int | None = None

    def add(self, page: Page) -> None:
        """Count one page in."""
        self.records += page.records
        self.broken = page.broken
        if page.ended is not None:
            self.chains.append(page.ended)

    def as_json(self) -> str:
        """For scripts."""
        broken = self.broken._asdict() if self.broken else None
        chains = [head._asdict() for head in self.chains]
        return msgspec.json.encode(
            {**msgspec.structs.asdict(self), "chains": chains, "broken": broken}
        ).decode()


@audit.command()
@reports_errors
def query(
    *,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    user_id: Annotated[int | None, typer.Option("--user", help="All actions of this id.")] = None,
    symbol: Annotated[str | None, typer.Option(help="What failed in this market.")] = None,
    start: Annotated[
        datetime | None, typer.Option("--from", help="UTC, included; a day ago without it.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", help="UTC, not included; now without it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=queries.PAGE_MAX, help="Lines at most.")] = 200,
    as_json: AsJson = False,
) -> None:
    """All actions of a user, or all failures in a market; the oldest first."""
    if (user_id is None) == (symbol is None):
        raise typer.BadParameter("say either --user or --symbol")
    until = _utc(end) if end else datetime.now(UTC)
    since = _utc(start) if start else until - timedelta(days=1)
    if since >= until:
        raise typer.BadParameter("--from must be before --to")
    found = asyncio.run(
        _query(
            running_settings(data_dir),
            user_id=user_id,
            symbol=symbol or "",
            start=since,
            end=until,
            limit=limit,
        )
    )
    if as_json:
        typer.echo(msgspec.json.encode([line.model_dump(mode="json") for line in found]).decode())
    else:
        console.print(_lines(found))


@audit.command()
@reports_errors
def verify(data_dir: DataDir = DEFAULT_DATA_DIR, as_json: AsJson = False) -> None:
    """Follow every hash chain of the trail. Exit status 1 when one does not hold.

    Keep what it prints: a chain that ends lower the next time was cut off at its end.
    """
    found = asyncio.run(_verify(running_settings(data_dir), quiet=as_json))
    if as_json:
        typer.echo(found.as_json())
    else:
        console.print(chains_table(found))
    if found.broken is not None:
        raise fail(broken_text(found.broken), BROKEN)


def broken_text(broken: Break) -> str:
    """Where a chain does not hold, for people."""
    return (
        f"broken at {broken.source}, position {broken.position} ({broken.id}):"
        f" {broken.what} should be {broken.expected}, is {broken.found}"
    )


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[None]:
    client = mongo.connect(settings.mongo)
    try:
        await open_to_read(client, settings.mongo.database)
        yield
    except PyMongoError as error:
        raise Unreadable(f"the audit trail cannot be read: {error}") from error
    finally:
        await client.close()


async def _query(
    settings: Settings,
    *,
    user_id: int | None,
    symbol: str,
    start: datetime,
    end: datetime,
    limit: int,
) -> list[AuditLog]:
    async with _open(settings):
        if user_id is not None:
            return await queries.actions_of(user_id, start, end, limit=limit)
        return await queries.failures_in(symbol.upper(), start, end, limit=limit)


async def _verify(settings: Settings, *, quiet: bool) -> Verification:
    found, after = Verification(), None
    async with _open(settings):
        with console.status("Verifying …") as status:
            if quiet:
                status.stop()
            while True:
                page = await verification.verify_page(after)
                found.add(page)
                status.update(f"Verifying … {found.records} records")
                after = page.next
                if after is None:
                    break
        if found.broken is None:
            with suppress(PyMongoError):  # too many to be counted in time: not known
                found.without_hash = await verification.without_hash()
    return found


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _lines(found: list[AuditLog]) -> Table:
    table = Table(title=f"{len(found)} lines", box=None, padding=(0, 2))
    for column in ("time (UTC)", "user", "action", "of", "outcome", "line"):
        table.add_column(column)
    for line in found:
        of = f"{line.resource.type} {line.resource.id}"
        user = line.actor.user_id or "exchange"
        cells: tuple[Any, ...] = (user, line.action, of, line.outcome.value, line.id)
        table.add_row(line.timestamp.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3], *cells)
    return table


def chains_table(found: Verification) -> Table:
    verdict = "intact: " if found.broken is None else ""
    title = f"{verdict}{found.records} records in {len(found.chains)} chains"
    if found.without_hash:
        title += f"; {found.without_hash} records from before the chains carry no hash"
    table = Table(title=title, box=None, padding=(0, 2))
    for column in ("source", "records", "hash of the newest"):
        table.add_column(column, no_wrap=True)
    for head in found.chains:
        table.add_row(head.source, str(head.position), head.hash)
    return table
