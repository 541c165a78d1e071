"""Commissions, limits, weights: what an account pays and has used."""

import pytest

from contracts.amounts import Amount
from contracts.orders import OrderStatus, Refusal
from tests.unit.api.conftest import House
from tests.unit.api.rows import FILL, row
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
    ("request_line", "parameters", "count"),
    [
        ("POST order", LIMIT_BUY, "1"),
        ("POST order/cancelReplace", REPLACE, "1"),
        ("POST orderList/oco", OCO_SELL, "2"),
        ("POST order/test", LIMIT_BUY, None),
        ("DELETE order", {**BTC, "orderId": "41"}, None),
    ],
)
async def test_answers_tell_how_many_orders_were_placed(
    ada: Trader, house: House, request_line: str, parameters: dict[str, str], count: str | None
) -> None:
    house.orders.rows = [row(ada.user_id)]
    answer = await ada.call(*request_line.split(), parameters)
    assert answer.status_code == 200, answer.json()
    assert answer.headers.get("X-MBX-ORDER-COUNT-10S") == count
    assert answer.headers.get("X-MBX-ORDER-COUNT-1D") == count


async def test_an_order_that_trades_at_once_gives_its_count_back(ada: Trader, house: House) -> None:
    async def counts() -> list[int]:
        found = (await ada.call("GET", "rateLimit/order")).json()
        return [limit["count"] for limit in found]

    await ada.call("POST", "order", LIMIT_BUY)
    assert await counts() == [1, 1]
    house.sagas.status, house.sagas.filled = OrderStatus.PARTIALLY_FILLED, Amount("0.1")
    house.sagas.fills = (FILL,)
    told = await ada.call("POST", "order", LIMIT_BUY)
    assert told.headers["X-MBX-ORDER-COUNT-10S"] == "2"  # as it was when it was placed
    assert await counts() == [1, 1]
    for _ in range(25):  # more than the limit of twenty
        assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 200
    house.sagas.refusal = Refusal.INSUFFICIENT_FUNDS
    assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 400
    assert await counts() == [2, 2]


async def test_a_list_needs_room_for_both_its_orders(ada: Trader, house: House) -> None:
    for _ in range(19):
        assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 200
    answer = await ada.call("POST", "orderList/oco", OCO_SELL)
    assert (answer.status_code, answer.json()["code"]) == (429, -1015)
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == "1"
    assert 0 < int(answer.headers["Retry-After"]) <= 10
    assert house.sagas.lists == []
    assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 200
