"""Commissions, limits, weights: what an account pays and has used."""

import pytest

from contracts.orders import OrderStatus
from tests.unit.api.conftest import House
from tests.unit.api.rows import pair, row, state
from tests.unit.api.signing import LIMIT_BUY, OCO_SELL, Trader

NOTHING = dict.fromkeys(("maker", "taker", "buyer", "seller"), "0.00000000")
BTC = {"symbol": "BTCUSDT"}
REPLACE = {**LIMIT_BUY, "cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": "41"}


async def test_the_commission_of_a_market(ada: Trader) -> None:
    assert (await ada.call("GET", "account/commission", BTC)).json() == {
        "symbol": "BTCUSDT",
        "standardCommission": NOTHING | {"maker": "0.00100000", "taker": "0.00100000"},
        "specialCommission": NOTHING,
        "taxCommission": NOTHING,
        "discount": {
            "enabledForAccount": False,
            "enabledForSymbol": False,
            "discountAsset": "USDT",
            "discount": "0.00000000",
        },
    }


async def test_order_that_may_be_refused_yet_is_not_open(ada: Trader, house: House) -> None:
    pending = row(ada.user_id, order_id=42, status=OrderStatus.PENDING_VALIDATION)
    house.orders.rows = [row(ada.user_id), pending]
    found = (await ada.call("GET", "openOrders", {"symbol": "BTCUSDT"})).json()
    assert [order["orderId"] for order in found] == [41]


async def test_new_orders_are_counted_where_clients_can_read_it(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id)]
    await ada.call("POST", "order", LIMIT_BUY)
    await ada.call("POST", "orderList/oco", OCO_SELL)
    await ada.call("POST", "order/cancelReplace", REPLACE)
    counts = (await ada.call("GET", "rateLimit/order")).json()
    assert counts == [
        {"rateLimitType": "ORDERS", "interval": i, "intervalNum": n, "limit": most, "count": 4}
        for i, n, most in (("SECOND", 10, 20), ("DAY", 1, 200_000))
    ]


@pytest.mark.parametrize(
    ("request_line", "parameters", "weight"),
    [
        ("POST order", LIMIT_BUY, 1),
        ("POST order/test", LIMIT_BUY, 1),
        ("POST order/test", LIMIT_BUY | {"computeCommissionRates": "true"}, 20),
        ("POST order/cancelReplace", REPLACE, 1),
        ("PUT order/amend/keepPriority", BTC | {"orderId": "41", "newQty": "0.4"}, 4),
        ("POST orderList/oco", OCO_SELL, 1),
        ("DELETE orderList", BTC | {"orderListId": "9"}, 1),
        ("DELETE order", BTC | {"orderId": "41"}, 1),
        ("DELETE openOrders", BTC, 1),
        ("GET order", BTC | {"orderId": "41"}, 4),
        ("GET openOrders", BTC, 6),
        ("GET openOrders", {}, 80),
        ("GET allOrders", BTC, 20),
        ("GET orderList", {"orderListId": "9"}, 4),
        ("GET allOrderList", {}, 20),
        ("GET openOrderList", {}, 6),
        ("GET myTrades", BTC, 20),
        ("GET myTrades", BTC | {"orderId": "41"}, 5),
        ("GET account", {}, 20),
        ("GET account/commission", BTC, 20),
        ("GET rateLimit/order", {}, 40),
    ],
)
async def test_each_request_costs_what_binance_says(
    ada: Trader, house: House, request_line: str, parameters: dict[str, str], weight: int
) -> None:
    house.orders.rows, house.orders.lists = [row(ada.user_id)], [pair(ada.user_id)]
    house.sagas.closed = (state(41),)
    house.sagas.amended = state(41, status=OrderStatus.OPEN)
    answer = await ada.call(*request_line.split(), parameters)
    assert answer.status_code == 200, answer.json()
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == str(weight)
    assert answer.headers["X-MBX-USED-WEIGHT"] == str(weight)
    counts = {"POST order": "1", "POST order/cancelReplace": "1", "POST orderList/oco": "2"}
    assert answer.headers.get("X-MBX-ORDER-COUNT-10S") == counts.get(request_line)
    assert answer.headers.get("X-MBX-ORDER-COUNT-1D") == counts.get(request_line)


async def test_a_list_needs_room_for_both_its_orders(ada: Trader, house: House) -> None:
    for _ in range(19):
        assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 200
    answer = await ada.call("POST", "orderList/oco", OCO_SELL)
    assert (answer.status_code, answer.json()["code"]) == (429, -1015)
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == "20"
    assert 0 < int(answer.headers["Retry-After"]) <= 10
    assert house.sagas.lists == []
    assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 200
