"""An active order meets the book: it trades, and what is left of it rests or ends. Pure."""

from contracts.orders import ExpiryReason, OrderStatus, OrderType, SelfTradePrevention, TimeInForce
from matching.order import Order
from matching.order_book import BookSide
from matching.step import Step
from matching.taking import Meeting, Spending, can_fill, take

_EXPIRES_MAKER = (SelfTradePrevention.EXPIRE_MAKER, SelfTradePrevention.EXPIRE_BOTH)


def enter(step: Step, order: Order) -> bool:
    """Let an order by quantity trade what it may; then rest it or end it.

    It makes as many of the step's matches as are left. Returns False where that stopped it and
    what one command may make was not all its own: it may go on with the next command.
    """
    book = step.market.book
    granted = step.matches_left
    if book.crosses(order):
        fill_or_kill = order.time_in_force is TimeInForce.FOK
        if not fill_or_kill or can_fill(book, order, granted):
            touched = step.asks if order.is_buy else step.bids
            meetings, prevented = take(book, order, most=granted, touched=touched)
            step.matches_left -= len(meetings)
            _account(step, order, meetings)
            if order.status is OrderStatus.FILLED:
                step.leave(order)
                return True
            if prevented:
                reason = ExpiryReason.SELF_TRADE_PREVENTION
                step.end(order, OrderStatus.EXPIRED_IN_MATCH, reason)
                return True
            if not step.matches_left and book.crosses(order):
                if granted < step.limits.matches:
                    return False
                step.end(order, OrderStatus.EXPIRED, ExpiryReason.TOO_MANY_MATCHES)
                return True
    if order.order_type is OrderType.LIMIT and order.time_in_force is TimeInForce.GTC:
        reason_to_end = None
    else:
        reason_to_end = _why_not_rest(order, book.opposite(order))
    if reason_to_end is not None:
        step.end(order, OrderStatus.EXPIRED, reason_to_end)
        return True
    if order.order_id not in step.orders.live:
        step.enlist(order)
    step.rest(order)
    return True


def enter_by_value(step: Step, order: Order, spending: Spending) -> None:
    """Let a market order by value trade whole lots until its value, its bound or the book ends."""
    market = step.market
    touched = step.asks if order.is_buy else step.bids
    meetings, prevented = take(
        market.book, order, most=step.matches_left, touched=touched, spending=spending
    )
    step.matches_left -= len(meetings)
    met = [maker.price for maker, lots in meetings if lots]
    why = _why_not_filled(step, order, spending, met[-1] if met else None)
    filled = why is None and not prevented
    _account(step, order, meetings, spending=spending, completes=filled)
    if filled:
        step.leave(order)
    elif prevented:
        reason = ExpiryReason.SELF_TRADE_PREVENTION
        step.end(order, OrderStatus.EXPIRED_IN_MATCH, reason)
    else:
        step.end(order, OrderStatus.EXPIRED, why)


def _account(
    step: Step,
    taker: Order,
    meetings: list[Meeting],
    *,
    spending: Spending | None = None,
    completes: bool = False,
) -> None:
    """Tell of the meetings in their order; `completes` where the last one fills the taker."""
    market, events, trades, cause = step.market, step.events, step.trades, step.caused_by
    last = -1
    if completes:
        last = max(number for number, (_, lots) in enumerate(meetings) if lots)
    for number, (maker, lots) in enumerate(meetings):
        if not lots:
            _account_prevented(step, taker, maker, spending)
            continue
        market.execute(
            taker,
            maker,
            lots,
            events,
            trades,
            caused_by=cause,
            completes=number == last,
        )
        if maker.status is OrderStatus.FILLED:
            step.leave(maker)
        if maker.sibling:
            step.end_sibling(maker, caused_by=cause)


def _account_prevented(step: Step, taker: Order, maker: Order, spending: Spending | None) -> None:
    market = step.market
    wanted = taker.quantity - taker.filled
    if spending is not None:
        wanted = spending.lots_at(maker.price)
    step.events.append(market.prevent(taker, maker, wanted))
    if taker.self_trade_prevention in _EXPIRES_MAKER:
        reason = ExpiryReason.SELF_TRADE_PREVENTION
        step.end(maker, OrderStatus.EXPIRED_IN_MATCH, reason)


def _why_not_rest(order: Order, opposite: BookSide) -> ExpiryReason | None:
    """Why what is left of an order must end, None where it may rest."""
    if order.order_type.takes_any_price:
        if opposite.best is None:
            return ExpiryReason.INSUFFICIENT_LIQUIDITY
        return ExpiryReason.EXECUTION_RULE_PRICE_RANGE_EXCEEDED
    if order.time_in_force is TimeInForce.IOC:
        return ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED
    if order.time_in_force is TimeInForce.FOK:
        return ExpiryReason.UNFILLED_FOK_ORDER_EXPIRED
    return None


def _why_not_filled(
    step: Step, order: Order, spending: Spending, last_met: int | None
) -> ExpiryReason | None:
    """Why an order by value has not got what it could, None where it has.

    It has where what is left of the value does not pay for one more lot at the next price, or,
    where the book has run out, at the price of its last trade.
    """
    book = step.market.book
    best = book.opposite(order).best
    if last_met is not None:
        next_price = last_met if best is None else best.price
        if spending.value_e8 < next_price * spending.unit_e8:
            return None
    if not spending.lots:
        return ExpiryReason.BUDGET_SPENT
    if best is None:
        return ExpiryReason.INSUFFICIENT_LIQUIDITY
    if not book.crosses(order):
        return ExpiryReason.EXECUTION_RULE_PRICE_RANGE_EXCEEDED
    if not step.matches_left:
        return ExpiryReason.TOO_MANY_MATCHES
    return ExpiryReason.BUDGET_SPENT
