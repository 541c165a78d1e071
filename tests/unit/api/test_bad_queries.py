"""Queries, cancels and amendments that cannot be: each with its code, and nothing done."""

import pytest

from tests.unit.api.conftest import House
from tests.unit.api.signing import Trader


@pytest.mark.parametrize(
    ("request_line", "parameters", "code"),
    [
        ("GET order", {"symbol": "BTCUSDT"}, -1102),
        ("GET order", {"symbol": "BTCUSDT", "orderId": "x"}, -1100),
        ("GET order", {"symbol": "BTCUSDT", "orderId": "9" * 20}, -1108),
        ("GET order", {"orderId": "1"}, -1102),
        ("DELETE order", {"symbol": "BTCUSDT"}, -1102),
        (
            "DELETE order",
            {"symbol": "BTCUSDT", "orderId": "1", "cancelRestrictions": "X"},
            -1145,
        ),
        ("DELETE openOrders", {}, -1102),
        ("DELETE openOrders", {"symbol": "NOPE"}, -1121),
        ("DELETE openOrders", {"symbol": "BTCUSDT", "x": "1"}, -1104),
        ("GET orderList", {}, -1102),
        ("GET orderList", {"orderListId": "1"}, -2013),
        ("GET orderList", {"orderListId": "x"}, -1100),
        ("DELETE orderList", {"symbol": "BTCUSDT"}, -1102),
        ("DELETE orderList", {"orderListId": "1"}, -1102),
        ("DELETE orderList", {"symbol": "BTCUSDT", "orderListId": "1"}, -2011),
        ("GET allOrderList", {"fromId": "1", "startTime": "1"}, -1128),
        ("GET allOrderList", {"startTime": "2", "endTime": "1"}, -1128),
        ("GET allOrderList", {"startTime": "1", "endTime": "86400002"}, -1127),
        ("GET openOrderList", {"symbol": "BTCUSDT"}, -1104),
        ("GET myPreventedMatches", {"symbol": "BTCUSDT"}, -1102),
        ("GET myPreventedMatches", {"orderId": "1"}, -1102),
        (
            "GET myPreventedMatches",
            {"symbol": "BTCUSDT", "orderId": "1", "preventedMatchId": "1"},
            -1128,
        ),
        (
            "GET myPreventedMatches",
            {"symbol": "BTCUSDT", "preventedMatchId": "1", "limit": "5"},
            -1128,
        ),
        ("GET account/commission", {}, -1102),
        ("GET account/commission", {"symbol": "NOPE"}, -1121),
        ("GET rateLimit/order", {"x": "1"}, -1104),
        ("PUT order/amend/keepPriority", {"symbol": "BTCUSDT", "orderId": "1"}, -1102),
        ("PUT order/amend/keepPriority", {"symbol": "BTCUSDT", "newQty": "1"}, -1102),
        (
            "PUT order/amend/keepPriority",
            {"symbol": "BTCUSDT", "orderId": "1", "newQty": "0"},
            -1013,
        ),
        (
            "PUT order/amend/keepPriority",
            {"symbol": "BTCUSDT", "orderId": "1", "newQty": "-1"},
            -1100,
        ),
        (
            "PUT order/amend/keepPriority",
            {"symbol": "BTCUSDT", "orderId": "1", "newQty": "0.000001"},
            -1013,
        ),
        ("GET openOrders", {"symbol": "NOPE"}, -1121),
        ("GET allOrders", {"symbol": "BTCUSDT", "limit": "0"}, -1130),
        ("GET allOrders", {"symbol": "BTCUSDT", "startTime": "2", "endTime": "1"}, -1128),
        ("GET allOrders", {"symbol": "BTCUSDT", "startTime": "1", "endTime": "86400002"}, -1127),
        ("GET myTrades", {"symbol": "BTCUSDT", "fromId": "1", "startTime": "1"}, -1128),
        ("GET account", {"x": "1"}, -1104),
        ("GET account", {"omitZeroBalances": "maybe"}, -1100),
    ],
)
async def test_a_query_that_cannot_be_answered(
    ada: Trader, house: House, request_line: str, parameters: dict[str, str], code: int
) -> None:
    answer = await ada.call(*request_line.split(), parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    sagas = house.sagas
    assert sagas.cancels == sagas.cancel_alls == sagas.amendments == []
