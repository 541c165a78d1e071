"""Whether an order may enter, and how: alone, or as one of two legs. Pure."""

from contracts.matching import SubmitOrder, SubmitOrderList
from contracts.orders import OrderType, Refusal, Side
from matching.bands import Band
from matching.entering import enter, enter_by_value
from matching.market import Market
from matching.order import Order
from matching.outcome import accepted
from matching.step import Step
from matching.stops import is_reached
from matching.taking import Spending
from matching.validation import legs_fit, makes_sense


def why_refused(command: SubmitOrder, market: Market, now_ms: int) -> Refusal | None:
    """Why an order with a fresh id may not enter, or None where it may."""
    if not makes_sense(command, market):
        return Refusal.INVALID_ORDER
    if market.halted is not None:
        return Refusal.MARKET_CLOSED
    if command.expires_at_ms and command.expires_at_ms <= now_ms:
        return Refusal.TOO_LATE
    if market.band is not None and _out_of_band(command, market, market.band):
        return Refusal.PRICE_OUT_OF_BAND
    if command.stop_ticks:
        return Refusal.WOULD_TRIGGER if _would_trigger(command, market) else None
    would_take = command.order_type is OrderType.LIMIT_MAKER and _would_take(command, market)
    return Refusal.WOULD_TAKE if would_take else None


def why_list_refused(command: SubmitOrderList, market: Market, now_ms: int) -> Refusal | None:
    """That the legs do not fit, or the first refusal of either; None where both may enter."""
    if not legs_fit(command):
        return Refusal.INVALID_ORDER
    first, second = command.legs
    return why_refused(first, market, now_ms) or why_refused(second, market, now_ms)


def _out_of_band(command: SubmitOrder, market: Market, band: Band) -> bool:
    reference = command.stop_ticks or market.last_price
    if not reference or command.order_type.takes_any_price:
        return False
    is_buy = command.side is Side.BUY
    return not band.admits(command.price_ticks, is_buy=is_buy, reference=reference)


def _would_trigger(command: SubmitOrder, market: Market) -> bool:
    last = market.last_price
    stop = command.stop_ticks
    return last > 0 and is_reached(command.order_type, command.side, stop, last)


def _would_take(command: SubmitOrder, market: Market) -> bool:
    if command.side is Side.BUY:
        best = market.book.asks.best
        return best is not None and best.price <= command.price_ticks
    best = market.book.bids.best
    return best is not None and best.price >= command.price_ticks


def admit(command: SubmitOrder, step: Step, arrival: int) -> None:
    """Accept an order that nothing speaks against, and let it do what its type does."""
    order = Order(command, arrival)
    step.events.append(accepted(order))
    if not order.working:
        step.enlist(order)
        step.market.stops.add(order)
    elif order.by_value:
        market = step.market
        lots = command.budget_e8 // market.lot_e8 if not order.is_buy else command.quote_e8
        enter_by_value(step, order, Spending(command.quote_e8, lots, market.unit_e8))
    else:
        enter(step, order)


def admit_list(command: SubmitOrderList, step: Step, arrival: int) -> None:
    """Accept both legs; neither trades at once: one rests or waits, the other waits."""
    orders = [Order(leg, arrival) for leg in command.legs]
    for order, other in zip(orders, reversed(orders), strict=True):
        order.list_id = command.list_id
        order.sibling = other.order_id
    step.events.extend([accepted(order) for order in orders])
    for order in orders:
        step.enlist(order)
        if order.working:
            step.rest(order)
        else:
            step.market.stops.add(order)
