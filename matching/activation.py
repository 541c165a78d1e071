"""What time and the last price bring about: good-till dates, and stop prices reached. Pure."""

from contracts.orders import ExpiryReason, OrderStatus
from matching.entering import enter
from matching.order import Order
from matching.outcome import triggered
from matching.step import Step


def expire_due(step: Step) -> None:
    """Take every order whose date has passed off the book; tell of as many as the limit allows.

    The others have left the book as well, and are told of with the next commands.
    """
    expiries, now_ms = step.market.expiries, step.orders.now_ms
    for order_id in expiries.sweep(now_ms):
        step.unplace(step.orders.live[order_id])
    for _ in range(step.limits.expiries):
        due = expiries.due(now_ms)
        if due is None:
            return
        reason = ExpiryReason.GOOD_TILL_DATE_REACHED
        step.end(step.orders.live[due], OrderStatus.EXPIRED, reason, caused_by=0)


def activate_reached(step: Step) -> None:
    """Activate what the last price has reached, one after the other, each moving it anew.

    What the step's matches and activations do not suffice for stays queued. A halted market
    activates nothing.
    """
    market = step.market
    if market.halted is not None:
        return
    _queue_reached(step)
    while market.triggered and step.matches_left and step.activations_left:
        order = market.triggered.popleft()
        if step.orders.live.get(order.order_id) is not order or _is_due(order, step.orders.now_ms):
            continue
        if not order.working:
            step.activations_left -= 1
            _activate(order, step)
        if not enter(step, order):
            market.triggered.appendleft(order)
            return
        _queue_reached(step)


def _queue_reached(step: Step) -> None:
    market = step.market
    last = market.last_price
    if market.stops.size and last:
        market.triggered.extend([step.orders.live[id_] for id_ in market.stops.pop_reached(last)])


def _activate(order: Order, step: Step) -> None:
    order.working = True
    order.sequence += 1
    step.events.append(triggered(order, step.caused_by))
    if order.sibling:
        step.end_sibling(order, caused_by=step.caused_by)


def _is_due(order: Order, now_ms: int) -> bool:
    return 0 < order.expires_at_ms <= now_ms
