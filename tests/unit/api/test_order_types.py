"""Each order type as the saga gets it: price and bound, quantity or value, what is reserved."""

from collections.abc import Mapping
from typing import Any

import pytest

from contracts.amounts import ZERO, Amount
from contracts.orders import OrderStatus, OrderType, SelfTradePrevention, TimeInForce
from tests.unit.api.conftest import NOW_MS, House
from tests.unit.api.rows import FILL
from tests.unit.api.signing import (
    LIMIT_BUY,
    LIMIT_SELL,
    MAKER_BUY,
    MARKET_BUY,
    STOP_BUY,
    STOP_LIMIT_BUY,
    Trader,
)

SELL = {"side": "SELL"}
BY_VALUE = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quoteOrderQty": "1000"}
GTD = {"timeInForce": "GTD", "goodTillDate": str(NOW_MS + 60_000)}
# The band: a buyer may pay 1.1 times the anchor, a seller takes 0.9 times it.
TABLE: list[tuple[Mapping[str, str], Mapping[str, Any]]] = [
    (
        LIMIT_BUY,
        {"price_ticks": 6_000_000, "quantity_lots": 50_000, "reserve_amount": Amount("30000")},
    ),
    (LIMIT_SELL, {"price_ticks": 6_000_000, "reserve_amount": Amount("0.5")}),
    (LIMIT_BUY | {"timeInForce": "IOC"}, {"time_in_force": TimeInForce.IOC}),
    (LIMIT_BUY | {"timeInForce": "FOK"}, {"time_in_force": TimeInForce.FOK}),
    (
        LIMIT_BUY | GTD,
        {"time_in_force": TimeInForce.GTD, "expires_at_ms": NOW_MS + 60_000},
    ),
    (
        LIMIT_BUY | {"icebergQty": "0.05"},
        {"iceberg_lots": 5_000, "iceberg_quantity": Amount("0.05")},
    ),
    (LIMIT_BUY | {"icebergQty": "0"}, {"iceberg_lots": 0, "iceberg_quantity": None}),
    (
        MAKER_BUY,
        {
            "order_type": OrderType.LIMIT_MAKER,
            "time_in_force": TimeInForce.GTC,
            "price_ticks": 6_000_000,
            "reserve_amount": Amount("30000"),
        },
    ),
    (MAKER_BUY | {"icebergQty": "0.5"}, {"iceberg_lots": 50_000}),
    (
        MARKET_BUY,
        {
            "price": ZERO,
            "price_ticks": 6_600_000,
            "quantity_lots": 50_000,
            "quote_quantity": None,
            "reserve_currency": "USDT",
            "reserve_amount": Amount("33000"),
        },
    ),
    (
        MARKET_BUY | SELL,
        {"price_ticks": 5_400_000, "reserve_currency": "BTC", "reserve_amount": Amount("0.5")},
    ),
    (
        BY_VALUE,
        {
            "price_ticks": 6_600_000,
            "quantity": ZERO,
            "quantity_lots": 0,
            "quote_quantity": Amount("1000"),
            "reserve_amount": Amount("1000"),
        },
    ),
    # 1000 / 54000 is 0.018518…: up to the next lot
    (BY_VALUE | SELL, {"price_ticks": 5_400_000, "reserve_amount": Amount("0.01852")}),
    # 540 / 54000 is 0.01 exactly
    (BY_VALUE | SELL | {"quoteOrderQty": "540"}, {"reserve_amount": Amount("0.01")}),
    (
        STOP_BUY,
        {
            "price": ZERO,
            "stop_price": Amount("61000"),
            "stop_ticks": 6_100_000,
            "price_ticks": 6_710_000,
            "reserve_amount": Amount("33550"),
        },
    ),
    (
        STOP_BUY | SELL | {"type": "TAKE_PROFIT"},
        {
            "order_type": OrderType.TAKE_PROFIT,
            "price_ticks": 5_490_000,
            "reserve_amount": Amount("0.5"),
        },
    ),
    # inwards: 50000.05 × 1.1 is 55000.055, × 0.9 is 45000.045
    (STOP_BUY | {"stopPrice": "50000.05"}, {"price_ticks": 5_500_005}),
    (STOP_BUY | SELL | {"stopPrice": "50000.05"}, {"price_ticks": 4_500_005}),
    # never beyond the prices that an order may have
    (STOP_BUY | {"stopPrice": "1000000"}, {"price_ticks": 100_000_000}),
    (STOP_BUY | SELL | {"stopPrice": "0.01", "quantity": "900"}, {"price_ticks": 1}),
    (
        STOP_LIMIT_BUY,
        {
            "order_type": OrderType.STOP_LOSS_LIMIT,
            "price_ticks": 6_000_000,
            "stop_ticks": 6_100_000,
            "reserve_amount": Amount("30000"),
        },
    ),
    (
        STOP_LIMIT_BUY | {"type": "TAKE_PROFIT_LIMIT", "timeInForce": "IOC"},
        {"order_type": OrderType.TAKE_PROFIT_LIMIT, "time_in_force": TimeInForce.IOC},
    ),
    *[
        (LIMIT_BUY | {"selfTradePreventionMode": mode}, {"self_trade_prevention": mode})
        for mode in SelfTradePrevention
    ],
    (LIMIT_BUY | {"strategyId": "-37", "strategyType": "1000000"}, {"quantity": Amount("0.5")}),
]
NO_LIQUIDITY = {
    "code": -2010,
    "msg": "Order book liquidity is less than `LOT_SIZE` filter minimum quantity.",
}


@pytest.mark.parametrize(("parameters", "expected"), TABLE)
async def test_a_type_as_the_saga_gets_it(
    ada: Trader, house: House, parameters: Mapping[str, str], expected: Mapping[str, Any]
) -> None:
    answer = await ada.call("POST", "order", dict(parameters))
    assert answer.status_code == 200, answer.json()
    (placed,) = house.sagas.placed
    assert {name: getattr(placed, name) for name in expected} == expected
    assert (await ada.call("POST", "order/test", dict(parameters))).json() == {}
    assert len(house.sagas.placed) == 1


@pytest.mark.parametrize(
    ("parameters", "ticks"),
    [
        (MARKET_BUY, 6_600_110),  # 60001 × 1.1: what a buyer meets
        (MARKET_BUY | SELL, 5_399_100),  # 59990 × 0.9: what a seller meets
    ],
)
async def test_until_there_is_a_trade_the_book_tells_the_price(
    ada: Trader, house: House, parameters: dict[str, str], ticks: int
) -> None:
    house.market_data.last = None
    house.market_data.bids = [(Amount("59990"), Amount(1))]
    await ada.call("POST", "order", parameters)
    assert [order.price_ticks for order in house.sagas.placed] == [ticks]


async def test_where_nothing_tells_a_price(ada: Trader, house: House) -> None:
    market = house.market_data
    market.last, market.bids, market.asks = None, [], []
    for refused in (MARKET_BUY, BY_VALUE | SELL):
        answer = await ada.call("POST", "order", refused)
        assert (answer.status_code, answer.json()) == (400, NO_LIQUIDITY)
    assert house.sagas.placed == []
    for placed in (MARKET_BUY | SELL, BY_VALUE):
        assert (await ada.call("POST", "order", placed)).status_code == 200
    lowest, highest = house.sagas.placed
    assert (lowest.price_ticks, lowest.reserve_amount) == (1, Amount("0.5"))
    assert (highest.price_ticks, highest.reserve_amount) == (100_000_000, Amount("1000"))


async def test_while_the_copies_are_being_rebuilt_market_orders_are_not_refused_but_wait(
    ada: Trader, house: House
) -> None:
    house.market_data.rebuilding = True
    for waits in (MARKET_BUY, MARKET_BUY | SELL, BY_VALUE, BY_VALUE | SELL):
        answer = await ada.call("POST", "order", waits)
        assert (answer.status_code, answer.json()["code"]) == (503, -1008)
    assert house.sagas.placed == []
    for parameters in (LIMIT_BUY, STOP_BUY):
        assert (await ada.call("POST", "order", parameters)).status_code == 200


async def test_without_redis_only_market_orders_wait(ada: Trader, house: House) -> None:
    house.market_data.broken = True
    answer = await ada.call("POST", "order", MARKET_BUY)
    assert (answer.status_code, answer.json()["code"]) == (503, -1008)
    for parameters in (LIMIT_BUY, STOP_BUY):
        assert (await ada.call("POST", "order", parameters)).status_code == 200


async def test_a_repeat_is_the_same_order_whatever_the_market_does(
    ada: Trader, house: House
) -> None:
    await ada.call("POST", "order", MARKET_BUY)
    house.market_data.last = Amount("50000")
    await ada.call("POST", "order", MARKET_BUY)
    first, second = house.sagas.placed
    assert first.body_hash == second.body_hash
    assert first.price_ticks != second.price_ticks


async def test_what_makes_another_order_makes_another_hash(ada: Trader, house: House) -> None:
    for parameters in (
        LIMIT_BUY,
        LIMIT_BUY | {"icebergQty": "0.1"},
        LIMIT_BUY | {"icebergQty": "0.2"},
        LIMIT_BUY | {"selfTradePreventionMode": "EXPIRE_BOTH"},
        LIMIT_BUY | GTD,
        STOP_LIMIT_BUY,
        STOP_LIMIT_BUY | {"stopPrice": "62000"},
        BY_VALUE,
        BY_VALUE | {"quoteOrderQty": "1001"},
    ):
        await ada.call("POST", "order", parameters)
    hashes = [order.body_hash for order in house.sagas.placed]
    assert len(set(hashes)) == len(hashes) == 9


async def test_a_plain_order_keeps_the_hash_that_it_always_had(ada: Trader, house: House) -> None:
    await ada.call("POST", "order", LIMIT_BUY | {"selfTradePreventionMode": "NONE"})
    (placed,) = house.sagas.placed
    assert placed.body_hash == "3f0ce8d3602e799f4a7d7bdc85f957bc"


@pytest.mark.parametrize(
    ("parameters", "default"),
    [(LIMIT_BUY, 17), (MARKET_BUY, 17), (MAKER_BUY, 5), (STOP_BUY, 5), (STOP_LIMIT_BUY, 5)],
)
async def test_how_much_is_told_where_the_client_does_not_say(
    ada: Trader, parameters: dict[str, str], default: int
) -> None:
    assert len((await ada.call("POST", "order", parameters)).json()) == default


async def test_a_market_order_by_value_shows_what_it_bought(ada: Trader, house: House) -> None:
    house.sagas.status, house.sagas.filled = OrderStatus.FILLED, Amount("0.5")
    house.sagas.fills = (FILL,)
    body = (await ada.call("POST", "order", BY_VALUE)).json()
    shown = {k: body[k] for k in ("price", "origQty", "executedQty", "origQuoteOrderQty", "type")}
    assert shown == {
        "price": "0.00000000",
        "origQty": "0.50000000",
        "executedQty": "0.50000000",
        "origQuoteOrderQty": "1000.00000000",
        "type": "MARKET",
    }


async def test_a_conditional_order_waits(ada: Trader, house: House) -> None:
    house.sagas.working = False
    full = {**STOP_LIMIT_BUY, "newOrderRespType": "FULL"}
    body = (await ada.call("POST", "order", full)).json()
    assert (body["workingTime"], body["stopPrice"]) == (-1, "61000.00000000")
    assert body["fills"] == []
