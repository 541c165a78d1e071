"""Events of orders as the engine publishes them: BTCUSDT at 100 USDT, lots of 0.00001."""

from uuid import uuid4

from contracts.matching import (
    EngineEvent,
    OrderAccepted,
    OrderAmended,
    OrderBatch,
    OrderCancelled,
    OrderEntry,
    OrderFilled,
    OrderRejected,
    OrderStatusReported,
    OrderTriggered,
    content_hash,
)
from contracts.orders import ExpiryReason, OrderStatus, PlaceOrder, Refusal, Side

AT_MS = 1_750_000_000_200
PARTITION = 3
UNIT_E8 = 100_000  # what one lot costs at 100 USDT


def _facts(
    order: PlaceOrder, sequence: int, status: OrderStatus, filled_lots: int, caused_by: int | None
) -> dict[str, object]:
    return {
        "symbol": order.symbol,
        "order_id": order.order_id,
        "user_id": order.user_id,
        "sequence": sequence,
        "caused_by": order.order_id if caused_by is None else caused_by,
        "status": status,
        "quantity_lots": order.quantity_lots,
        "filled_lots": filled_lots,
        "filled_quote_e8": filled_lots * UNIT_E8,
        "commission_e8": filled_lots,
    }


def accepted(order: PlaceOrder) -> OrderAccepted:
    """The engine has taken the order."""
    return OrderAccepted(**_facts(order, 1, OrderStatus.OPEN, 0, None))  # type: ignore[arg-type]


def filled(
    order: PlaceOrder,
    sequence: int,
    trade_id: int,
    lots: int,
    filled_lots: int,
    *,
    caused_by: int | None = None,
) -> OrderFilled:
    """One execution of `lots`, after which the order has filled `filled_lots`."""
    done = filled_lots == order.quantity_lots
    status = OrderStatus.FILLED if done else OrderStatus.PARTIALLY_FILLED
    return OrderFilled(
        **_facts(order, sequence, status, filled_lots, caused_by),  # type: ignore[arg-type]
        trade_id=trade_id,
        price_ticks=10_000,
        last_lots=lots,
        last_quote_e8=lots * UNIT_E8,
        last_commission_e8=lots,
        side=Side(order.side),
        is_maker=caused_by is not None,
    )


def cancelled(order: PlaceOrder, sequence: int, filled_lots: int = 0) -> OrderCancelled:
    """The order has left the book."""
    facts = _facts(order, sequence, OrderStatus.CANCELLED, filled_lots, None)
    return OrderCancelled(**facts)  # type: ignore[arg-type]


def triggered(order: PlaceOrder, sequence: int) -> OrderTriggered:
    """The last price has reached the order's stop price, by another's trade."""
    facts = _facts(order, sequence, OrderStatus.OPEN, 0, caused_by=order.order_id + 1)
    return OrderTriggered(**facts)  # type: ignore[arg-type]


def amended(order: PlaceOrder, sequence: int, quantity_lots: int, freed_e8: int) -> OrderAmended:
    """The order is smaller now."""
    facts = _facts(order, sequence, OrderStatus.OPEN, 0, None) | {"quantity_lots": quantity_lots}
    return OrderAmended(**facts, freed_e8=freed_e8)  # type: ignore[arg-type]


def expired(
    order: PlaceOrder,
    sequence: int,
    reason: ExpiryReason,
    *,
    status: OrderStatus = OrderStatus.EXPIRED,
    filled_lots: int = 0,
    caused_by: int | None = None,
) -> OrderCancelled:
    """The engine has ended the order."""
    facts = _facts(order, sequence, status, filled_lots, caused_by)
    return OrderCancelled(**facts, reason=reason)  # type: ignore[arg-type]


def rejected(order: PlaceOrder) -> OrderRejected:
    """The engine has refused the order."""
    facts = _facts(order, 1, OrderStatus.REJECTED, 0, None)
    return OrderRejected(**facts, refusal=Refusal.MARKET_CLOSED)  # type: ignore[arg-type]


def reported(order: PlaceOrder, sequence: int, status: OrderStatus) -> OrderStatusReported:
    """The state told again."""
    return OrderStatusReported(**_facts(order, sequence, status, 0, None))  # type: ignore[arg-type]


def batch(*entries: tuple[EngineEvent, ...], first_offset: int = 0) -> OrderBatch:
    """One message with an entry for each tuple of events."""
    return OrderBatch(
        partition=PARTITION,
        entries=tuple(
            OrderEntry(
                offset=first_offset + number,
                command_id=uuid4(),
                at_ms=AT_MS + number,
                hash=content_hash(events),
                events=events,
            )
            for number, events in enumerate(entries)
        ),
    )
