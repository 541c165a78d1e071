"""Commands that concern orders by id: submit, submit a list, cancel, cancel all. Pure.

An id is decided once; what comes again is told the present state. Each function appends to
`events`; `step` is None where the command's market does not exist. `since_ms` is how far back
closed ids are remembered: an unknown id of an older order may have been closed and forgotten.
"""

from contracts.matching import (
    CancelAllOrders,
    CancelOrder,
    CancelRejected,
    EngineEvent,
    OrderRejected,
    OrderStatusReported,
    SubmitIndeterminate,
    SubmitOrder,
    SubmitOrderList,
)
from contracts.orders import OrderStatus, Refusal
from matching.known_orders import KnownOrders
from matching.outcome import ClosedOrder, rejected, reported
from matching.step import Step
from matching.submission import admit, admit_list, why_list_refused, why_refused


def submit(
    command: SubmitOrder,
    step: Step | None,
    orders: KnownOrders,
    events: list[EngineEvent],
    *,
    since_ms: int,
    arrival: int,
) -> None:
    """Let an order enter, or refuse it."""
    order_id = command.order_id
    if order_id in orders.live or order_id in orders.closed:
        events.append(_report(order_id, orders))
        return
    refusal: Refusal | None
    if order_id in orders.tombstones:
        refusal = Refusal.TOMBSTONED
    elif command.accepted_at_ms < since_ms:
        events.append(SubmitIndeterminate(symbol=command.symbol, order_id=order_id))
        return
    elif step is None:
        refusal = Refusal.UNKNOWN_SYMBOL
    else:
        refusal = why_refused(command, step.market, orders.now_ms)
    if step is None or refusal is not None:
        events.append(_reject(command, refusal or Refusal.UNKNOWN_SYMBOL, orders))
    else:
        admit(command, step, arrival)


def submit_list(
    command: SubmitOrderList,
    step: Step | None,
    orders: KnownOrders,
    events: list[EngineEvent],
    *,
    since_ms: int,
    arrival: int,
) -> None:
    """Let both legs enter, or neither."""
    legs = {leg.order_id: leg for leg in command.legs}
    known = [i for i in legs if i in orders.live or i in orders.closed]
    buried = not orders.tombstones.isdisjoint(legs)
    too_old = not buried and any(leg.accepted_at_ms < since_ms for leg in command.legs)
    if known or too_old:
        # Both came together: a leg that is not known any more has been forgotten.
        events.extend(
            _report(order_id, orders)
            if order_id in known
            else SubmitIndeterminate(symbol=leg.symbol, order_id=order_id)
            for order_id, leg in legs.items()
        )
        return
    refusal: Refusal | None
    if buried:
        refusal = Refusal.TOMBSTONED
    elif step is None:
        refusal = Refusal.UNKNOWN_SYMBOL
    else:
        refusal = why_list_refused(command, step.market, orders.now_ms)
    if step is None or refusal is not None:
        unknown = Refusal.UNKNOWN_SYMBOL
        events.extend([_reject(leg, refusal or unknown, orders) for leg in legs.values()])
    else:
        admit_list(command, step, arrival)


def cancel(
    command: CancelOrder, step: Step | None, orders: KnownOrders, events: list[EngineEvent]
) -> None:
    """End a live order; bury an id that was never seen, so that it never trades."""
    order_id = command.order_id
    order = orders.live.get(order_id)
    if order is not None and step is not None:
        step.client_cancel_id = command.client_cancel_id
        step.end(order, OrderStatus.CANCELLED)
    elif order_id in orders.closed:
        events.append(_report(order_id, orders))
    else:
        orders.bury(order_id)
        events.append(_nothing_to_cancel(command.symbol, order_id))


def cancel_all(command: CancelAllOrders, step: Step | None, events: list[EngineEvent]) -> None:
    """End every order of a user in the market, lowest id first, up to the step's limit."""
    ids = set() if step is None else step.market.users.get(command.user_id, set())
    if step is None or not ids:
        events.append(_nothing_to_cancel(command.symbol, 0))
        return
    for order_id in sorted(ids)[: step.limits.cancels]:
        order = step.orders.live.get(order_id)
        if order is not None:  # not ended with the other leg of its list
            step.end(order, OrderStatus.CANCELLED)


def _reject(command: SubmitOrder, refusal: Refusal, orders: KnownOrders) -> OrderRejected:
    # Remembered, so that the same id never gets in later: a refusal is a promise.
    state = ClosedOrder.refused(command, refusal)
    orders.close(command.order_id, state)
    return rejected(command.order_id, state, refusal)


def _report(order_id: int, orders: KnownOrders) -> OrderStatusReported:
    """The present state of an id that is known."""
    order = orders.live.get(order_id)
    if order is not None:
        return reported(order_id, ClosedOrder.of(order), working=order.working)
    return reported(order_id, orders.closed[order_id])


def _nothing_to_cancel(symbol: str, order_id: int) -> CancelRejected:
    return CancelRejected(symbol=symbol, order_id=order_id, refusal=Refusal.UNKNOWN_ORDER)
