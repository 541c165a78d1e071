"""The order management system's own doings: register, record, finalize."""

from typing import Final, Protocol
from uuid import UUID, uuid5

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.mysql import in_transaction
from adapters.outbox import enqueue
from contracts import topology
from contracts.amounts import ZERO, Amount
from contracts.message import encode
from contracts.orders import (
    FinalizeOrder,
    OrderFinalized,
    OrderStatus,
    PlacementAnswer,
    PlaceOrder,
    Refusal,
)
from contracts.registration import Registration, Report
from orders import repository
from orders.duplicates import Verdict, judge
from orders.tables import OrderRow, outbox

INSERT_ATTEMPTS: Final = 3


class CommandSender(Protocol):
    """Whoever carries a command to a queue and returns when the queue has it."""

    async def send(self, routing_key: str, body: bytes, command_id: UUID) -> None: ...


class OrderService:
    """Implements what sagas need of orders, on `tradeflow_orders`."""

    def __init__(self, engine: AsyncEngine, commands: CommandSender) -> None:
        self._engine = engine
        self._commands = commands

    async def register(self, order: PlaceOrder) -> Registration:
        """Insert the order's row, or answer as the row that is there demands."""
        for _ in range(INSERT_ATTEMPTS):
            try:
                return await in_transaction(self._engine, lambda c: _register(c, order))
            except IntegrityError:
                continue  # another request took this use of the id: look again
        raise RegistrationContested(f"{order.client_order_id} of user {order.user_id}")

    async def record(self, report: Report) -> None:
        """Apply the engine's answer to the row and keep its fills.

        Whoever reads `orders.events` writes the same; this comes first so that a query after
        the answer shows what the answer said.
        """
        await in_transaction(self._engine, lambda c: _record(c, report))

    async def finalize(self, command: FinalizeOrder) -> None:
        """Put `order.finalize` in its queue."""
        await self._commands.send(topology.ORDER_FINALIZE, encode(command), command.command_id)

    async def apply_finalize(self, *commands: FinalizeOrder) -> None:
        """Make the rows terminal, count them, and tell the audit: once each, all in one go.

        In the order of their ids, so that two workers with the same commands wait for one
        another instead of deadlocking.
        """

        async def work(connection: AsyncConnection) -> None:
            for command in sorted(commands, key=lambda c: c.order_id):
                await _finalize(connection, command)

        await in_transaction(self._engine, work)


class RegistrationContested(RuntimeError):
    """Several requests insist on one client order id at once; trying again decides."""


async def _register(connection: AsyncConnection, order: PlaceOrder) -> Registration:
    newest = await repository.newest_of_client_id(connection, order.user_id, order.client_order_id)
    match judge(newest, order):
        case Verdict.FRESH:
            reuse = 0 if newest is None else newest.reuse + 1
            await repository.insert_order(connection, order, reuse)
        case Verdict.REPEAT if newest is not None:
            return Registration(order_id=newest.order_id, answer=_first_answer(newest))
        case Verdict.CONFLICT:
            return Registration(order_id=order.order_id, answer=_conflict(order))
    return Registration(order_id=order.order_id)


async def _record(connection: AsyncConnection, report: Report) -> None:
    await repository.apply_state(connection, report.state, answered=True)
    await repository.insert_fills(
        connection,
        [
            (report.symbol, report.state.order_id, report.user_id, report.side, fill)
            for fill in report.fills
        ],
    )


async def _finalize(connection: AsyncConnection, command: FinalizeOrder) -> None:
    if not await repository.finalize(connection, command):
        return
    event = OrderFinalized(
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
    await enqueue(
        connection, outbox, [(topology.ORDERS_AUDIT, str(command.user_id), encode(event))]
    )


def _first_answer(row: OrderRow) -> PlacementAnswer:
    return PlacementAnswer(
        order_id=row.order_id,
        client_order_id=row.client_order_id,
        status=OrderStatus(row.status),
        filled_quantity=Amount(row.filled_quantity),
        filled_quote=Amount(row.filled_quote),
        transact_time_ms=row.working_at_ms or row.accepted_at_ms,
        refusal=None if row.refusal is None else Refusal(row.refusal),
        repeated=True,
    )


def _conflict(order: PlaceOrder) -> PlacementAnswer:
    return PlacementAnswer(
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        status=OrderStatus.REJECTED,
        filled_quantity=ZERO,
        filled_quote=ZERO,
        transact_time_ms=order.accepted_at_ms,
        refusal=Refusal.DUPLICATE_ORDER,
    )
