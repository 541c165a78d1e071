"""Less quantity for an order that keeps its place. Pure."""

from contracts.matching import (
    AmendOrder,
    AmendRejected,
    OrderAmended,
    OrderStatusReported,
)
from contracts.orders import Refusal
from matching.market import Market
from matching.order import Order
from matching.outcome import ClosedOrder, amended, reported
from matching.step import Step


def amend(
    command: AmendOrder, order: Order | None, step: Step | None
) -> OrderAmended | OrderStatusReported | AmendRejected:
    """Reduce the order to the new quantity (lots), or tell why not.

    The same amendment again finds the quantity as it wants it, and is told the present state.
    """
    order_id, symbol, lots = command.order_id, command.symbol, command.new_quantity_lots
    if order is None or step is None:
        return AmendRejected(symbol=symbol, order_id=order_id, refusal=Refusal.UNKNOWN_ORDER)
    if order.list_id or not order.filled < lots <= order.quantity:
        refusal = Refusal.INVALID_AMENDMENT
        return AmendRejected(symbol=order.symbol, order_id=order_id, refusal=refusal)
    if lots == order.quantity:
        return reported(order_id, ClosedOrder.of(order), working=order.working)
    freed_lots = order.quantity - lots
    _shrink(order, freed_lots, step)
    order.quantity = lots
    order.sequence += 1
    return amended(order, _worth_e8(order, freed_lots, step.market))


def _shrink(order: Order, lots: int, step: Step) -> None:
    """Take the lots from what is hidden first: what is shown shrinks only where it must."""
    from_hidden = min(lots, order.hidden)
    from_shown = lots - from_hidden
    order.hidden -= from_hidden
    order.shown -= from_shown
    level = order.level
    if level is not None and from_shown:
        (step.bids if order.is_buy else step.asks).setdefault(level.price, level.quantity)
        level.quantity -= from_shown


def _worth_e8(order: Order, lots: int, market: Market) -> int:
    """What the wallet holds for so many lots: quote for a buy, base for a sell."""
    return order.price * lots * market.unit_e8 if order.is_buy else lots * market.lot_e8
