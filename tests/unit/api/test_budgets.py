"""Bounds and reservations for any price and size: never beyond the band, never too little."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.budgets import bound_ticks, budget_of
from api.errors import ApiError
from api.new_order import NewOrder
from api.order_list_parameters import NewOrderList, read_order_list
from api.order_parameters import read_new_order
from api.parameters import Parameters
from config.markets import load_markets
from contracts.amounts import Amount, from_e8, to_e8
from contracts.instruments import MILLION, Instrument
from contracts.orders import OrderType, Side, TimeInForce
from tests.unit.api.conftest import NOW_MS
from tests.unit.api.signing import LIMIT_BUY, OCO_SELL

Made = TypeVar("Made")
MARKETS = load_markets()
markets = st.sampled_from(list(MARKETS.values()))
sides = st.sampled_from(list(Side))


def order(market: Instrument, side: Side, **fields: object) -> NewOrder:
    values: dict[str, object] = {
        "instrument": market,
        "side": side,
        "order_type": OrderType.MARKET,
        "time_in_force": TimeInForce.GTC,
        "price": Amount(0),
        "price_ticks": 0,
        "quantity": Amount(0),
        "quantity_lots": 0,
        "client_order_id": "mine",
        "response_type": "FULL",
    }
    return NewOrder(**(values | fields))  # type: ignore[arg-type]


def attempt(read: Callable[[], Made]) -> Made | ApiError:
    try:
        return read()
    except ApiError as error:
        return error


def highest(market: Instrument) -> int:
    return market.price_ticks(market.max_price)


@settings(deadline=None)
@given(markets, sides, st.data())
def test_the_bound_is_the_last_tick_inside_the_band(
    market: Instrument, side: Side, data: st.DataObject
) -> None:
    anchor = data.draw(st.integers(1, highest(market)))
    bound = bound_ticks(market, side, anchor)
    assert 1 <= bound <= highest(market)
    if side is Side.BUY:
        assert bound * MILLION <= anchor * market.bid_up_ppm
        beyond = (bound + 1) * MILLION > anchor * market.bid_up_ppm
        assert beyond or bound == highest(market)
    else:
        assert bound * MILLION >= anchor * market.ask_down_ppm
        assert (bound - 1) * MILLION < anchor * market.ask_down_ppm


@settings(deadline=None)
@given(markets, sides, st.data())
def test_an_order_by_value_reserves_what_the_worst_price_may_need(
    market: Instrument, side: Side, data: st.DataObject
) -> None:
    anchor = data.draw(st.integers(1, highest(market)))
    low, high = to_e8(market.min_notional), to_e8(market.max_notional)
    value_e8 = data.draw(st.integers(low, high))
    value = from_e8(value_e8)
    budget = attempt(lambda: budget_of(order(market, side, quote_quantity=value), anchor))
    if isinstance(budget, ApiError):  # more of the base currency than an amount can be
        assert (side, budget.msg) == (Side.SELL, "Filter failure: NOTIONAL")
        return
    if side is Side.BUY:
        assert budget.amount == value
        return
    lots = market.quantity_lots(budget.amount)
    worth_of_lot_e8 = budget.price_ticks * market.notional_unit_e8
    assert (lots - 1) * worth_of_lot_e8 < value_e8 <= lots * worth_of_lot_e8


@settings(deadline=None)
@given(markets, sides, st.data())
def test_an_order_by_quantity_reserves_all_that_it_may_pay(
    market: Instrument, side: Side, data: st.DataObject
) -> None:
    anchor = data.draw(st.integers(1, highest(market)))
    lots = data.draw(st.integers(1, market.quantity_lots(market.max_quantity)))
    quantity = market.quantity(lots)
    new = order(market, side, quantity=quantity, quantity_lots=lots)
    worth_e8 = anchor * lots * market.notional_unit_e8
    budget = attempt(lambda: budget_of(new, anchor))
    if isinstance(budget, ApiError):
        assert budget.msg == "Filter failure: NOTIONAL"
        assert not to_e8(market.min_notional) <= worth_e8 <= to_e8(market.max_notional)
        return
    if side is Side.SELL:
        assert budget.amount == quantity
    else:
        assert budget.amount == market.notional(budget.price_ticks, lots)


NAMES = sorted(
    {*LIMIT_BUY, *OCO_SELL}
    | {"stopPrice", "icebergQty", "quoteOrderQty", "goodTillDate", "trailingDelta"}
    | {"selfTradePreventionMode", "newOrderRespType", "newClientOrderId", "aboveStopPrice"}
    | {"belowType", "aboveTimeInForce", "belowIcebergQty", "listClientOrderId", "strategyId"}
)
VALUES = ["", "0", "1", "0.5", "60000", "-1", "1e3", "9" * 20, "0." + "9" * 20, str(NOW_MS), "é"]
VALUES += ["BTCUSDT", "BUY", "SELL", "GTC", "IOC", "FOK", "GTD", "NONE", "ACK", "\x00", "a" * 40]
VALUES += list(OrderType)
changes = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=6)


@pytest.mark.parametrize("start", [LIMIT_BUY, OCO_SELL, {}])
@settings(deadline=None)
@given(changes, st.sets(st.sampled_from(NAMES), max_size=3))
def test_any_parameters_make_an_order_or_an_error(
    start: dict[str, str], changed: dict[str, str], left_out: set[str]
) -> None:
    sent = {k: v for k, v in {**start, **changed}.items() if k not in left_out}
    raw = urlencode(sent).encode()
    for read, kind in ((read_new_order, NewOrder), (read_order_list, NewOrderList)):
        made = attempt(partial(read, Parameters(raw), MARKETS))
        assert isinstance(made, kind) or (made.status == 400 and made.code < -1000)
