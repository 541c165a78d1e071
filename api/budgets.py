"""What an order may cost: the bound of an order that takes any price, and what is reserved.

The bound is the price band's, measured from the last price, or from the stop price of an order
that waits for it, and rounded to the tick inwards.
"""

from typing import Final

from api.errors import filter_failure, no_liquidity
from api.filters import check_worth
from api.new_order import Budget, NewOrder
from contracts.amounts import Amount, InvalidAmount, to_e8
from contracts.instruments import MILLION, Instrument
from contracts.orders import Side

NO_PRICE: Final = 0


def budget_of(new: NewOrder, reference_ticks: int = NO_PRICE) -> Budget:
    """The order's worst price and what it reserves.

    `reference_ticks` is what the market trades at, NO_PRICE where nobody knows; only market
    orders need it.

    Raises:
        ApiError: NOTIONAL refuses a market order, or there is no price to measure it by.
    """
    if not new.order_type.takes_any_price:
        return _budget(new, new.price_ticks, new.quantity_lots)
    anchor = new.stop_ticks or reference_ticks
    if new.quote_quantity is None and anchor != NO_PRICE:
        worth_e8 = anchor * new.quantity_lots * new.instrument.notional_unit_e8
        check_worth(new.instrument, worth_e8)
    bound = _bound(new, anchor)
    if new.quote_quantity is None:
        return _budget(new, bound, new.quantity_lots)
    if new.side is Side.BUY:
        return Budget(price_ticks=bound, amount=new.quote_quantity)
    value_of_lot_e8 = bound * new.instrument.notional_unit_e8
    return _budget(new, bound, -(-to_e8(new.quote_quantity) // value_of_lot_e8))


def bound_ticks(instrument: Instrument, side: Side, anchor: int) -> int:
    """The worst price that the band allows a taker, `anchor` being the price in its middle."""
    if side is Side.BUY:
        bound = anchor * instrument.bid_up_ppm // MILLION
    else:
        bound = -(-anchor * instrument.ask_down_ppm // MILLION)
    return min(max(bound, _lowest(instrument)), _highest(instrument))


def _bound(new: NewOrder, anchor: int) -> int:
    if anchor != NO_PRICE:
        return bound_ticks(new.instrument, new.side, anchor)
    reserves_by_price = (new.side is Side.BUY) == (new.quote_quantity is None)
    if reserves_by_price:
        raise no_liquidity()
    return _highest(new.instrument) if new.side is Side.BUY else _lowest(new.instrument)


def _budget(new: NewOrder, ticks: int, lots: int) -> Budget:
    market = new.instrument
    try:
        amount: Amount = (
            market.notional(ticks, lots) if new.side is Side.BUY else market.quantity(lots)
        )
    except InvalidAmount as error:
        raise filter_failure("NOTIONAL") from error
    return Budget(price_ticks=ticks, amount=amount)


def _lowest(instrument: Instrument) -> int:
    return instrument.price_ticks(instrument.min_price)


def _highest(instrument: Instrument) -> int:
    return instrument.price_ticks(instrument.max_price)
