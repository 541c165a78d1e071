"""Taking from the book: an order that trades now or never, as far as balance and filters allow."""

from decimal import Decimal
from typing import Final

from simulator.agent import Place, Side
from simulator.view import View

SPARE: Final = Decimal("0.99")  # of the free balance: the price may move before the order comes
MARKET_REACH: Final = Decimal("0.01")  # what a market order may cost more than the best price


def take(view: View, side: Side, wish: Decimal, reach: Decimal | None) -> Place | None:
    """An order for at most `wish` of the base asset, or None where none is possible.

    With a reach, a limit (IOC) that is that fraction of the price beyond the best one; without,
    a market order.
    """
    best = view.best_ask if side == "BUY" else view.best_bid
    if best is None or not (view.bids and view.asks):  # a price that nobody answers is none
        return None
    worst = best * (1 + (reach or MARKET_REACH) * (1 if side == "BUY" else -1))
    price = view.market.price_above(worst) if side == "BUY" else view.market.price_below(worst)
    if not view.market.allows(side, price, view.last_price):
        return None
    means = view.quote.free / price if side == "BUY" else view.base.free
    quantity = view.market.quantity(min(wish, means * SPARE), price)
    if quantity * min(best, price, view.last_price or best) < view.market.min_notional:
        return None
    if reach is None:
        return Place(side, "MARKET", quantity)
    return Place(side, "LIMIT_IOC", quantity, price)
