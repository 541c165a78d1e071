"""Which orders make sense: figures, combinations of type and terms, and the budget. Pure."""

from typing import Final

from contracts.matching import SubmitOrder, SubmitOrderList
from contracts.orders import OrderType, Side, TimeInForce
from matching.bands import PPM
from matching.market import Market

MAX_ORDER_E8: Final = 10**18
"""No price, quantity or value of one order may exceed this many units of 0.00000001."""

_GTC, _IOC, _FOK, _GTD = TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTD

TERMS: Final[dict[OrderType, frozenset[TimeInForce]]] = {
    OrderType.LIMIT: frozenset({_GTC, _IOC, _FOK, _GTD}),
    OrderType.STOP_LOSS_LIMIT: frozenset({_GTC, _IOC, _FOK, _GTD}),
    OrderType.TAKE_PROFIT_LIMIT: frozenset({_GTC, _IOC, _FOK, _GTD}),
    OrderType.LIMIT_MAKER: frozenset({_GTC}),
    # They never rest, so that GTC and IOC mean the same.
    OrderType.MARKET: frozenset({_GTC, _IOC}),
    OrderType.STOP_LOSS: frozenset({_GTC, _IOC}),
    OrderType.TAKE_PROFIT: frozenset({_GTC, _IOC}),
}
"""The times in force that each type may have."""

_STOP_LOSSES: Final = frozenset({OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT})
_OTHER_LEGS: Final = frozenset(
    {OrderType.LIMIT_MAKER, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT}
)


def makes_sense(command: SubmitOrder, market: Market) -> bool:
    """Whether the figures are in range, the terms fit, and the budget covers the worst case."""
    price = command.price_ticks
    if price <= 0 or price * market.tick_e8 > MAX_ORDER_E8:
        return False
    if not (0 <= command.maker_fee_ppm <= PPM and 0 <= command.taker_fee_ppm <= PPM):
        return False
    plain = (
        command.order_type is OrderType.LIMIT
        and command.time_in_force is _GTC
        and not (command.stop_ticks or command.expires_at_ms or command.iceberg_lots)
    )
    if (not plain and not _terms_fit(command, market)) or command.reservation_id < 0:
        return False
    if command.quote_e8:
        return _value_makes_sense(command, market)
    lots = command.quantity_lots
    quantity_e8 = lots * market.lot_e8
    value_e8 = price * lots * market.unit_e8
    needed_e8 = value_e8 if command.side is Side.BUY else quantity_e8
    return (
        lots > 0
        and quantity_e8 <= MAX_ORDER_E8
        and value_e8 <= MAX_ORDER_E8
        and needed_e8 <= command.budget_e8
    )


def _value_makes_sense(command: SubmitOrder, market: Market) -> bool:
    """A market order by value: a buy's budget covers the value, a sell's at least one lot.

    A sell may have less than its value is worth at the bound: it stops where that is spent.
    """
    needed_e8 = command.quote_e8 if command.side is Side.BUY else market.lot_e8
    return (
        command.order_type is OrderType.MARKET
        and command.quantity_lots == 0
        and 0 < command.quote_e8 <= MAX_ORDER_E8
        and needed_e8 <= command.budget_e8
    )


def _terms_fit(command: SubmitOrder, market: Market) -> bool:
    order_type, stop, iceberg = command.order_type, command.stop_ticks, command.iceberg_lots
    if command.time_in_force not in TERMS[order_type]:
        return False
    if stop < 0 or (stop > 0) is not order_type.conditional:
        return False
    if stop * market.tick_e8 > MAX_ORDER_E8:
        return False
    dated = command.expires_at_ms > 0
    if command.expires_at_ms < 0 or dated is not (command.time_in_force is _GTD):
        return False
    may_hide = command.time_in_force is _GTC and order_type in (
        OrderType.LIMIT,
        OrderType.LIMIT_MAKER,
    )
    return iceberg == 0 or (may_hide and 0 < iceberg <= command.quantity_lots)


def legs_fit(command: SubmitOrderList) -> bool:
    """Whether the legs are one stop-loss and its opposite, of one user, side and quantity.

    For a sell the stop-loss lies below the other leg, for a buy above it.
    """
    one, other = command.legs
    if other.order_type in _STOP_LOSSES:
        one, other = other, one
    if one.order_type not in _STOP_LOSSES or other.order_type not in _OTHER_LEGS:
        return False
    if command.list_id <= 0 or one.order_id == other.order_id:
        return False
    if {one.symbol, other.symbol} != {command.symbol}:
        return False
    if (one.side, one.user_id, one.quantity_lots) != (
        other.side,
        other.user_id,
        other.quantity_lots,
    ):
        return False
    target = other.stop_ticks or other.price_ticks
    return one.stop_ticks < target if one.side is Side.SELL else one.stop_ticks > target
