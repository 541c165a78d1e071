"""What users are told of a run of engine events: one report a change, in the engine's order.

The figures are the event's, exact as of it; what an order is, its row says. What has no row is
nobody's: the engine may know it, no user does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from contracts import conversions
from contracts.amounts import ZERO
from contracts.instruments import Instrument
from contracts.matching import (
    AnyOrderEvent,
    EngineEvent,
    MatchPrevented,
    OrderAccepted,
    OrderAmended,
    OrderBatch,
    OrderCancelled,
    OrderEntry,
    OrderFilled,
    OrderRejected,
    OrderStatusReported,
    OrderTriggered,
)
from contracts.order_views import OrderView
from contracts.orders import OrderStatus
from contracts.user_events import (
    Execution,
    ListedOrder,
    ListReported,
    ListStatus,
    OrderReported,
    PreventedMatch,
    UserEvent,
)

LEGS: Final = 2
_ENDS: Final = {
    OrderStatus.CANCELLED: Execution.CANCELED,
    OrderStatus.EXPIRED: Execution.EXPIRED,
    OrderStatus.EXPIRED_IN_MATCH: Execution.TRADE_PREVENTION,
}

Rows = Mapping[int, OrderView]
"""Orders by id, as their rows stand."""


def reports(
    batches: Sequence[OrderBatch], markets: Mapping[str, Instrument], rows: Rows
) -> list[UserEvent]:
    """All that users are told of these batches. `rows` holds the orders that they name, and the
    other legs of those that are legs."""
    told: list[UserEvent] = []
    dones = _last_ends(batches, rows)
    for batch in batches:
        for entry in batch.entries:
            told += _of_entry(entry, markets, rows, dones)
    return told


def reported(batches: Iterable[OrderBatch]) -> Iterable[AnyOrderEvent]:
    """The events of these batches that users are told of."""
    return (
        event for batch in batches for entry in batch.entries for event in _reported(entry.events)
    )


def _of_entry(
    entry: OrderEntry,
    markets: Mapping[str, Instrument],
    rows: Rows,
    dones: Mapping[int, tuple[int, int]],
) -> Iterable[UserEvent]:
    entered: Counter[int] = Counter()
    matches: dict[int, MatchPrevented] = {}
    for event in entry.events:
        if isinstance(event, MatchPrevented):
            matches[event.taker_order_id] = matches[event.maker_order_id] = event
        for report in _reported((event,)):
            row = rows.get(report.order_id)
            if row is None:
                continue
            prevented = matches.get(row.order_id)
            yield _report(report, markets[row.symbol], row, entry.at_ms, prevented)
            if not row.list_id:
                continue
            entered[row.list_id] += isinstance(report, OrderAccepted)
            if isinstance(report, OrderAccepted) and entered[row.list_id] == LEGS:
                yield _list(row, rows, ListStatus.EXECUTING, entry.at_ms)
            if dones.get(row.list_id) == (row.order_id, report.sequence):
                yield _list(row, rows, ListStatus.ALL_DONE, entry.at_ms)


def _report(
    event: AnyOrderEvent,
    instrument: Instrument,
    row: OrderView,
    at_ms: int,
    match: MatchPrevented | None,
) -> OrderReported:
    state = conversions.order_state(event, instrument, at_ms)
    fill = conversions.fill(event, instrument, at_ms) if isinstance(event, OrderFilled) else None
    working = _working(event, row, at_ms)
    ended_by_match = event.status is OrderStatus.EXPIRED_IN_MATCH
    return OrderReported(
        user_id=row.user_id,
        order_id=row.order_id,
        symbol=row.symbol,
        sequence=event.sequence,
        execution=_execution(event),
        status=event.status,
        client_order_id=row.client_order_id,
        side=row.side,
        order_type=row.order_type,
        time_in_force=row.time_in_force,
        price=row.price,
        quantity=instrument.quantity(event.quantity_lots)
        if row.quote_quantity == ZERO
        else state.filled_quantity,
        filled_quantity=state.filled_quantity,
        filled_quote=state.filled_quote,
        quote_quantity=row.quote_quantity,
        stop_price=row.stop_price,
        iceberg_quantity=row.iceberg_quantity,
        self_trade_prevention=row.self_trade_prevention,
        list_id=row.list_id,
        created_at_ms=row.created_at_ms,
        at_ms=at_ms,
        working=working and not event.status.terminal,
        working_at_ms=(row.working_at_ms or at_ms) if working else 0,
        expires_at_ms=row.expires_at_ms,
        client_cancel_id=event.client_cancel_id or "" if isinstance(event, OrderCancelled) else "",
        expiry=state.expiry,
        fill=fill,
        prevented=_prevented(match, row, instrument) if match and ended_by_match else None,
    )


def _working(event: AnyOrderEvent, row: OrderView, at_ms: int) -> bool:
    """Whether the order was active by then; the row may know what came later."""
    if isinstance(event, OrderAccepted):
        return event.working
    if isinstance(event, OrderTriggered | OrderFilled):
        return True
    return 0 < row.working_at_ms <= at_ms


def _execution(event: AnyOrderEvent) -> Execution:
    match event:
        case OrderFilled():
            return Execution.TRADE
        case OrderAmended():
            return Execution.REPLACED
        case OrderCancelled():
            return _ENDS[event.status]
        case _:
            return Execution.NEW


def _prevented(match: MatchPrevented, row: OrderView, instrument: Instrument) -> PreventedMatch:
    taker, maker = match.taker_prevented_lots, match.maker_prevented_lots
    took = match.taker_order_id == row.order_id
    return PreventedMatch(
        prevented_match_id=match.prevented_match_id,
        counter_order_id=match.maker_order_id if took else match.taker_order_id,
        price=instrument.price(match.price_ticks),
        prevented_quantity=instrument.quantity(taker if took else maker),
        match_quantity=instrument.quantity(min(taker, maker)) if taker and maker else None,
    )


def _list(row: OrderView, rows: Rows, status: ListStatus, at_ms: int) -> ListReported:
    return ListReported(
        user_id=row.user_id,
        list_id=row.list_id,
        symbol=row.symbol,
        list_client_order_id=row.list_client_order_id,
        status=status,
        orders=tuple(
            ListedOrder(order_id=leg.order_id, client_order_id=leg.client_order_id)
            for leg in _legs(rows, row.list_id)
        ),
        at_ms=at_ms,
    )


def _last_ends(batches: Sequence[OrderBatch], rows: Rows) -> dict[int, tuple[int, int]]:
    """List id → the leg, and its change, that ends a list here whose legs have both ended."""
    found: dict[int, tuple[int, int]] = {}
    for event in reported(batches):
        row = rows.get(event.order_id)
        if row is None or not row.list_id or not event.status.terminal:
            continue
        if all(leg.status.terminal for leg in _legs(rows, row.list_id)):
            found[row.list_id] = (row.order_id, event.sequence)
    return found


def _legs(rows: Rows, list_id: int) -> list[OrderView]:
    return sorted((r for r in rows.values() if r.list_id == list_id), key=lambda r: r.order_id)


def _reported(events: Iterable[EngineEvent]) -> Iterable[AnyOrderEvent]:
    """Changes of orders. A refused order never was, and a state told again is no change."""
    for event in events:
        if isinstance(event, AnyOrderEvent) and not isinstance(
            event, OrderRejected | OrderStatusReported
        ):
            yield event
