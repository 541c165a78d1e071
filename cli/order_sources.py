"""Reads what each part of the exchange knows of one order. Reads only; nothing is locked."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from textwrap import shorten
from typing import Any, Final

from aiokafka import TopicPartition
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters import kafka, mongo, mysql, temporal
from audit.line import AuditLine
from cli.order_entries import EngineFact, from_audit, from_engine, from_postings, from_row
from cli.order_history import from_run
from cli.order_timeline import Entry
from cli.order_workflow import by_row, executions, read_run
from config.markets import load_markets
from config.settings import Settings
from contracts.matching import AnyOrderEvent, CancelRejected, OrderBatch, OrderEntry
from contracts.message import decode
from contracts.topology import ORDERS_DATABASE, ORDERS_EVENTS, WALLET_DATABASE
from contracts.wallet import ReferenceType
from orders.queries import OrderQueries
from orders.tables import OrderRow
from stack.errors import StackError
from wallet.queries import PostingView, WalletQueries

CLOCKS_DIFFER_MS: Final = 60_000
POLL_MS: Final = 200
LONGEST_REASON: Final = 200
AUDIT_COLLECTION: Final = "audit_logs"
_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it


class UnknownOrder(StackError):
    """No order row has this id."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"order {order_id} is unknown")


class Unreadable(StackError):
    """The orders themselves cannot be read."""


class OrderSources:
    """Looks at one order everywhere. `missing` names what could not be read, and why."""

    def __init__(self, settings: Settings, order_id: int) -> None:
        self._settings = settings
        self._order_id = order_id
        self.missing: dict[str, str] = {}

    async def look(self) -> list[list[Entry]]:
        """One group of entries for each place.

        Raises:
            UnknownOrder: there is no such order.
            Unreadable: nobody answers where the orders should be.
        """
        row = await self._row()
        wallet: list[PostingView] = []

        async def money() -> list[Entry]:
            wallet.extend(await self._postings(row))
            return from_postings(wallet, row.user_id)

        first = await asyncio.gather(
            self._try("orders", lambda: self._fills(row)),
            self._try("wallet", money),
            self._try("engine", lambda: self._engine(row)),
            self._try("workflow", lambda: self._workflow(row)),
        )
        transfers = sorted({str(posting.transfer_id) for posting in wallet})
        return [*first, await self._try("audit", lambda: self._audit(transfers))]

    async def _try(self, name: str, read: Callable[[], Awaitable[list[Entry]]]) -> list[Entry]:
        """What is there although another part is down."""
        try:
            return await read()
        except Exception as error:  # each client has errors of its own
            self.missing[name] = _reason(error)
            return []

    async def _row(self) -> OrderRow:
        async with AsyncExitStack() as closing:
            engine = self._mysql(ORDERS_DATABASE, closing)
            statement = select(_orders).where(_orders.c.order_id == self._order_id)
            try:
                async with engine.connect() as connection:
                    row = (await connection.execute(statement)).first()
            except Exception as error:
                raise Unreadable(f"the orders cannot be read: {_reason(error)}") from error
        if row is None:
            raise UnknownOrder(self._order_id)
        return OrderRow.model_validate(row._mapping)

    async def _fills(self, row: OrderRow) -> list[Entry]:
        async with AsyncExitStack() as closing:
            queries = OrderQueries(self._mysql(ORDERS_DATABASE, closing))
            return from_row(row, await queries.fills_of(self._order_id))

    async def _postings(self, row: OrderRow) -> list[PostingView]:
        """The order's own lines, and the whole transfers of its trades.

        The money of an order list is held under its first leg's id, whichever of the two trades.
        """
        async with AsyncExitStack() as closing:
            queries = WalletQueries(self._mysql(WALLET_DATABASE, closing))
            found = await queries.postings_of_order(self._order_id)
            holder = await self._holder(row)
            if holder != self._order_id:
                found += await queries.postings_of_order(holder)
            trades = {p.reference_id for p in found if p.reference_type is ReferenceType.TRADE}
            for reference in sorted(trades):
                found += await queries.postings_of(ReferenceType.TRADE, reference)
            return found

    async def _holder(self, row: OrderRow) -> int:
        """The order under whose id the wallet holds the money: a list's first leg, or itself."""
        if not row.list_id:
            return self._order_id
        async with AsyncExitStack() as closing:
            queries = OrderQueries(self._mysql(ORDERS_DATABASE, closing))
            found = await queries.order_list(row.user_id, list_id=row.list_id)
            return self._order_id if found is None else min(leg.order_id for leg in found.legs)

    async def _engine(self, row: OrderRow) -> list[Entry]:
        """Its events in the log of its market's partition, from its acceptance to the end."""
        instrument = load_markets()[row.symbol]
        place = TopicPartition(ORDERS_EVENTS, instrument.partition)
        found: dict[int, list[EngineFact]] = {}
        async with AsyncExitStack() as closing:
            consumer = await kafka.create_consumer(self._settings.kafka)
            closing.push_async_callback(consumer.stop)
            consumer.assign([place])
            since = row.accepted_at_ms - CLOCKS_DIFFER_MS
            start = (await consumer.offsets_for_times({place: since}))[place]
            if start is None:
                return []
            end = (await consumer.end_offsets([place]))[place]
            consumer.seek(place, start.offset)
            wanted = str(self._order_id).encode()
            while await consumer.position(place) < end:
                for record in (await consumer.getmany(timeout_ms=POLL_MS)).get(place, ()):
                    if wanted in record.value:  # most are others': not worth decoding
                        batch: OrderBatch = decode(record.value, OrderBatch)
                        for entry in batch.entries:  # a restarted engine may say it again
                            if own := self._own(entry):
                                found.setdefault(entry.offset, own)
        return from_engine((fact for offset in sorted(found) for fact in found[offset]), instrument)

    def _own(self, entry: OrderEntry) -> list[EngineFact]:
        return [
            EngineFact(entry.offset, entry.at_ms, event)
            for event in entry.events
            if isinstance(event, AnyOrderEvent | CancelRejected)
            and event.order_id == self._order_id
        ]

    async def _workflow(self, row: OrderRow) -> list[Entry]:
        client = await temporal.connect(self._settings.temporal)
        runs = [await read_run(client, one) for one in await executions(client, by_row(row))]
        if not runs:
            self.missing["workflow"] = "none is kept under this OrderId"
        elif any(run.saga is None for run in runs):
            self.missing["saga steps"] = "no worker answered the query"
        return [entry for run in runs for entry in from_run(run)]

    async def _audit(self, transfers: list[str]) -> list[Entry]:
        """The lines about the order, and those about the transfers that its money made."""
        async with AsyncExitStack() as closing:
            client = mongo.connect(self._settings.mongo)
            closing.push_async_callback(client.close)
            trail = client[self._settings.mongo.database][AUDIT_COLLECTION]
            found: list[dict[str, Any]] = []
            for kind, ids in (("ORDER", [str(self._order_id)]), ("TRANSFER", transfers)):
                conditions = {"resource.type": kind, "resource.id": {"$in": ids}}
                found += await trail.find(conditions).to_list()
        lines = [AuditLine.model_validate({**line, "id": line["_id"]}) for line in found]
        return from_audit(sorted(lines, key=lambda line: (line.timestamp, line.id)))

    def _mysql(self, database: str, closing: AsyncExitStack) -> AsyncEngine:
        login = mysql.require_login(self._settings.mysql.reader, "reader")
        engine = mysql.create_engine(self._settings.mysql, login, database)
        closing.push_async_callback(engine.dispose)
        return engine


def _reason(error: Exception) -> str:
    """What happened; some clients tell their whole state with it."""
    return shorten(f"{type(error).__name__}: {error}", LONGEST_REASON)
