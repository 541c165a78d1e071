"""What open orders may still cost, by their type: what the wallet must hold for them. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contracts.instruments import Instrument
from contracts.orders import Side
from orders.soundness import OrderFacts

Markets = Mapping[str, Instrument]


def still_needed(orders: Sequence[OrderFacts], markets: Markets) -> Decimal:
    """What the orders that share one reservation need of it: one order, or the legs of a list.

    Each trade takes what the order had reserved for it, the price improvement included. A list
    holds the larger need of its legs, and whichever of them trades takes from that.
    """
    return max(_whole(order, markets) for order in orders) - sum(
        (_taken(order, markets) for order in orders), Decimal(0)
    )


def _whole(order: OrderFacts, markets: Markets) -> Decimal:
    if order.quote_quantity is not None:
        return order.quote_quantity if order.side is Side.BUY else order.reserve_amount
    return _cost(order, order.quantity, markets)


def _taken(order: OrderFacts, markets: Markets) -> Decimal:
    if order.quote_quantity is not None and order.side is Side.BUY:
        return order.filled_quote  # no price is fixed, so there is nothing to improve on
    return _cost(order, order.filled_quantity, markets)


def _cost(order: OrderFacts, quantity: Decimal, markets: Markets) -> Decimal:
    """At the order's limit, or at the worst price that an order without one may take."""
    if order.side is Side.SELL:
        return quantity
    ticks = order.price_ticks
    return quantity * (markets[order.symbol].price(ticks) if ticks else order.price)
