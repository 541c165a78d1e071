"""The order management system's own doings: register, record, finalize.

Sagas ask for many at once; calls that meet share a transaction.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.mysql import in_transaction
from adapters.outbox import enqueue
from contracts import topology
from contracts.message import encode
from contracts.orders import (
    FinalizeOrder,
    OrderFinalized,
    OrderState,
    PlaceOrder,
    PlaceOrderList,
)
from contracts.registration import ListRegistration, Registration, Report
from orders import registration, repository, rows, states
from orders.group_commit import GroupCommit
from orders.tables import outbox


class CommandSender(Protocol):
    """Whoever carries a command to a queue and returns when the queue has it."""

    async def send(self, routing_key: str, body: bytes, command_id: UUID) -> None: ...


class OrderService:
    """Implements what sagas need of orders, on `tradeflow_orders`."""

    def __init__(self, engine: AsyncEngine, commands: CommandSender) -> None:
        self._engine = engine
        self._commands = commands
        self._register: GroupCommit[PlaceOrder, Registration] = GroupCommit(
            lambda orders: registration.register_fresh(engine, orders),
            lambda order: registration.register(engine, order),
        )
        self._record: GroupCommit[Report, None] = GroupCommit(
            self._record_group, lambda report: self.record_all((report,))
        )

    async def register(self, order: PlaceOrder) -> Registration:
        """Insert the order's row, or answer as the row that is there demands."""
        return await self._register(order)

    async def register_list(self, order_list: PlaceOrderList) -> ListRegistration:
        """Insert the rows of a list and of both its legs, or answer as those there demand."""
        return await registration.register_list(self._engine, order_list)

    async def record(self, report: Report) -> None:
        """Apply the engine's answer to the row and keep its fills.

        Whoever reads `orders.events` writes the same; this comes first so that a query after
        the answer shows what the answer said.
        """
        await self._record(report)

    async def record_all(self, reports: tuple[Report, ...]) -> None:
        """`record`, for several orders in one transaction."""
        if reports:
            await in_transaction(self._engine, lambda c: _record(c, reports))

    async def read_state(self, order_id: int) -> OrderState | None:
        """The order as its row knows it; None where there is no row, or it cannot tell.

        A state of sequence 0 says that the row has heard nothing of the engine.
        """
        async with self._engine.connect() as connection:
            row = await repository.order_row(connection, order_id)
        return None if row is None else rows.order_state(row)

    async def finalize(self, command: FinalizeOrder) -> None:
        """Put `order.finalize` in its queue."""
        await self._commands.send(topology.ORDER_FINALIZE, encode(command), command.command_id)

    async def apply_finalize(self, *commands: FinalizeOrder) -> None:
        """Make the rows terminal, count them, and tell the audit: once each, all in one go."""
        if commands:
            await in_transaction(self._engine, lambda c: _finalize(c, commands))

    async def _record_group(self, reports: Sequence[Report]) -> list[None]:
        await self.record_all(tuple(reports))
        return [None] * len(reports)


async def _record(connection: AsyncConnection, reports: Sequence[Report]) -> None:
    await states.apply_states(connection, [report.state for report in reports], answered=True)
    fills = [
        (report.symbol, report.state.order_id, report.user_id, report.side, fill)
        for report in reports
        for fill in report.fills
    ]
    await states.insert_fills(connection, sorted(fills, key=lambda row: (row[0], row[4].trade_id)))


async def _finalize(connection: AsyncConnection, commands: Sequence[FinalizeOrder]) -> None:
    finalized = await states.finalize(connection, commands)
    events = [
        (topology.ORDERS_AUDIT, str(command.user_id), encode(_event(command)))
        for command in finalized
    ]
    await enqueue(connection, outbox, events)


def _event(command: FinalizeOrder) -> OrderFinalized:
    return OrderFinalized(
        message_id=uuid5(command.command_id, "finalized"),
        order_id=command.order_id,
        user_id=command.user_id,
        symbol=command.symbol,
        status=command.state.status,
        filled_quantity=command.state.filled_quantity,
        filled_quote=command.state.filled_quote,
        refusal=command.refusal,
        at_ms=command.state.at_ms,
        correlation_id=command.correlation_id,
    )
