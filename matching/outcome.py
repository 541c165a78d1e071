"""What one command did, and the events that tell of an order's state. Pure."""

from typing import NamedTuple
from uuid import UUID

from msgspec import UNSET

from contracts.matching import (
    BookUpdated,
    EngineEvent,
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderRejected,
    OrderStatusReported,
    OrderTriggered,
    SubmitOrder,
    TradeExecuted,
)
from contracts.orders import ExpiryReason, OrderStatus, Refusal
from matching.order import Order


class Outcome(NamedTuple):
    """All that one command did. `at_ms` is the log's time, `offset` the command's place."""

    offset: int
    command_id: UUID
    at_ms: int
    events: tuple[EngineEvent, ...]
    trades: tuple[TradeExecuted, ...]
    update: BookUpdated | None


class ClosedOrder(NamedTuple):
    """An order's state at one moment; kept as the final state of each id that is done.

    `quantity` and `filled` are lots.
    """

    symbol: str
    user_id: int
    sequence: int
    status: OrderStatus
    quantity: int
    filled: int
    filled_quote_e8: int
    commission_e8: int
    refusal: Refusal | None
    reason: ExpiryReason | None

    @classmethod
    def of(cls, order: Order, reason: ExpiryReason | None = None) -> "ClosedOrder":
        return cls(
            order.symbol,
            order.user_id,
            order.sequence,
            order.status,
            order.quantity,
            order.filled,
            order.filled_quote_e8,
            order.commission_e8,
            None,
            reason,
        )

    @classmethod
    def refused(cls, command: SubmitOrder, refusal: Refusal) -> "ClosedOrder":
        rejected_as = OrderStatus.REJECTED
        quantity = command.quantity_lots
        return cls(
            command.symbol, command.user_id, 1, rejected_as, quantity, 0, 0, 0, refusal, None
        )


def accepted(order: Order) -> OrderAccepted:
    """The first event of a new order."""
    return OrderAccepted(
        symbol=order.symbol,
        order_id=order.order_id,
        user_id=order.user_id,
        sequence=order.sequence,
        caused_by=order.order_id,
        status=order.status,
        quantity_lots=order.quantity,
        filled_lots=0,
        filled_quote_e8=0,
        commission_e8=0,
        working=order.working,
        list_id=order.list_id,
    )


def triggered(order: Order, caused_by: int) -> OrderTriggered:
    """A conditional order is active from here on."""
    return OrderTriggered(
        symbol=order.symbol,
        order_id=order.order_id,
        user_id=order.user_id,
        sequence=order.sequence,
        caused_by=caused_by,
        status=order.status,
        quantity_lots=order.quantity,
        filled_lots=order.filled,
        filled_quote_e8=order.filled_quote_e8,
        commission_e8=order.commission_e8,
    )


def amended(order: Order, freed_e8: int) -> OrderAmended:
    """An order has less quantity; `freed_e8` of its budget (quote or base) is free."""
    return OrderAmended(
        symbol=order.symbol,
        order_id=order.order_id,
        user_id=order.user_id,
        sequence=order.sequence,
        caused_by=order.order_id,
        status=order.status,
        quantity_lots=order.quantity,
        filled_lots=order.filled,
        filled_quote_e8=order.filled_quote_e8,
        commission_e8=order.commission_e8,
        freed_e8=freed_e8,
    )


def cancelled(
    order: Order, caused_by: int, reason: ExpiryReason | None, client_cancel_id: str = ""
) -> OrderCancelled:
    """The last event of an order that is not filled."""
    return OrderCancelled(
        symbol=order.symbol,
        order_id=order.order_id,
        user_id=order.user_id,
        sequence=order.sequence,
        caused_by=caused_by,
        status=order.status,
        quantity_lots=order.quantity,
        filled_lots=order.filled,
        filled_quote_e8=order.filled_quote_e8,
        commission_e8=order.commission_e8,
        reason=reason,
        client_cancel_id=client_cancel_id or UNSET,
    )


def rejected(order_id: int, state: ClosedOrder, refusal: Refusal) -> OrderRejected:
    """The only event of an order that never got in."""
    return OrderRejected(
        symbol=state.symbol,
        order_id=order_id,
        user_id=state.user_id,
        sequence=state.sequence,
        caused_by=order_id,
        status=state.status,
        quantity_lots=state.quantity,
        filled_lots=0,
        filled_quote_e8=0,
        commission_e8=0,
        refusal=refusal,
    )


def reported(order_id: int, state: ClosedOrder, *, working: bool = True) -> OrderStatusReported:
    """The state told again, under its own sequence."""
    return OrderStatusReported(
        symbol=state.symbol,
        order_id=order_id,
        user_id=state.user_id,
        sequence=state.sequence,
        caused_by=order_id,
        status=state.status,
        quantity_lots=state.quantity,
        filled_lots=state.filled,
        filled_quote_e8=state.filled_quote_e8,
        commission_e8=state.commission_e8,
        refusal=state.refusal,
        working=working,
        reason=state.reason,
    )
