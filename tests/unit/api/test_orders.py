"""Placing, querying and cancelling: what the client is told, what the saga is given."""

import httpx
import pytest

from contracts.amounts import Amount
from contracts.order_views import OpenCounts
from contracts.orders import OrderStatus, Refusal
from tests.unit.api.conftest import House
from tests.unit.api.rows import FILL, row
from tests.unit.api.signing import LIMIT_BUY, Trader


async def test_a_buy_reserves_quote_at_its_price(ada: Trader, house: House) -> None:
    answer = await ada.call("POST", "order", {**LIMIT_BUY, "newClientOrderId": "mine-1"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["fills"] == []
    assert {k: body[k] for k in ("price", "origQty", "executedQty", "status", "type")} == {
        "price": "60000.00000000",
        "origQty": "0.50000000",
        "executedQty": "0.00000000",
        "status": "NEW",
        "type": "LIMIT",
    }
    (placed,) = house.sagas.placed
    assert (placed.user_id, placed.client_order_id) == (ada.user_id, "mine-1")
    assert (placed.reserve_currency, placed.reserve_amount) == ("USDT", Amount("30000"))
    assert (placed.price_ticks, placed.quantity_lots, placed.partition) == (6_000_000, 50_000, 3)
    assert body["orderId"] == placed.order_id < 2**53
    assert placed.correlation_id == answer.headers["X-Correlation-Id"]
    assert answer.headers["X-MBX-ORDER-COUNT-10S"] == "1"
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == "0"


async def test_a_sell_reserves_base(ada: Trader, house: House) -> None:
    await ada.call("POST", "order", {**LIMIT_BUY, "side": "SELL"})
    (placed,) = house.sagas.placed
    assert (placed.reserve_currency, placed.reserve_amount) == ("BTC", Amount("0.5"))


async def test_one_order_written_in_two_ways_has_one_body_hash(ada: Trader, house: House) -> None:
    for quantity, price in (("0.5", "60000"), ("0.50000000", "60000.00"), ("0.6", "60000")):
        await ada.call("POST", "order", {**LIMIT_BUY, "quantity": quantity, "price": price})
    first, second, third = (order.body_hash for order in house.sagas.placed)
    assert first == second != third


@pytest.mark.parametrize(("kind", "fields"), [("ACK", 5), ("RESULT", 16), ("FULL", 17)])
async def test_the_answer_is_as_long_as_was_asked_for(
    ada: Trader, house: House, kind: str, fields: int
) -> None:
    house.sagas.status, house.sagas.filled = OrderStatus.FILLED, Amount("0.5")
    house.sagas.fills = (FILL,)
    body = (await ada.call("POST", "order", {**LIMIT_BUY, "newOrderRespType": kind})).json()
    assert len(body) == fields
    if kind == "FULL":
        assert body["fills"] == [
            {
                "price": "60000.00000000",
                "qty": "0.50000000",
                "commission": "0.00050000",
                "commissionAsset": "BTC",
                "tradeId": 56,
            }
        ]


async def test_the_fills_of_a_repeated_answer_are_read(ada: Trader, house: House) -> None:
    house.sagas.status, house.sagas.filled = OrderStatus.FILLED, Amount("0.5")
    house.sagas.repeated, house.orders.fills = True, [FILL]
    body = (await ada.call("POST", "order", LIMIT_BUY)).json()
    assert [fill["tradeId"] for fill in body["fills"]] == [56]


async def test_a_test_order_places_nothing(ada: Trader, house: House) -> None:
    assert (await ada.call("POST", "order/test", LIMIT_BUY)).json() == {}
    rates = await ada.call("POST", "order/test", {**LIMIT_BUY, "computeCommissionRates": "true"})
    assert rates.json()["standardCommissionForOrder"]["maker"] == "0.00100000"
    assert house.sagas.placed == []


async def test_too_many_open_orders(ada: Trader, house: House) -> None:
    house.orders.counts = OpenCounts(orders=200)
    answer = await ada.call("POST", "order", LIMIT_BUY)
    assert answer.json() == {"code": -1013, "msg": "Filter failure: MAX_NUM_ORDERS"}
    assert house.sagas.placed == []


async def test_an_order_is_shown_in_full(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id)]
    for name, value in (("orderId", "41"), ("origClientOrderId", "mine-1")):
        body = (await ada.call("GET", "order", {"symbol": "BTCUSDT", name: value})).json()
        assert (body["orderId"], body["status"], body["isWorking"]) == (41, "NEW", True)
        assert body["updateTime"] == 1_800_000_000_001
    for path in ("openOrders", "allOrders"):
        listed = (await ada.call("GET", path, {"symbol": "BTCUSDT"})).json()
        assert [order["orderId"] for order in listed] == [41]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (OrderStatus.PENDING_VALIDATION, "PENDING_NEW"),
        (OrderStatus.PARTIALLY_FILLED, "PARTIALLY_FILLED"),
        (OrderStatus.CANCELLED, "CANCELED"),
        (OrderStatus.EXPIRED, "EXPIRED"),
    ],
)
async def test_statuses_are_spelled_as_clients_expect(
    ada: Trader, house: House, status: OrderStatus, shown: str
) -> None:
    house.orders.rows = [row(ada.user_id, status=status)]
    query = {"symbol": "BTCUSDT", "orderId": "41"}
    assert (await ada.call("GET", "order", query)).json()["status"] == shown


async def test_a_cancel_names_the_order_and_itself(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id)]
    query = {"symbol": "BTCUSDT", "orderId": "41", "newClientOrderId": "cancel-1"}
    first = (await ada.call("DELETE", "order", query)).json()
    await ada.call("DELETE", "order", query)
    assert (first["origClientOrderId"], first["clientOrderId"]) == ("mine-1", "cancel-1")
    assert first["status"] == "CANCELED"
    assert len({cancel.cancel_id for cancel in house.sagas.cancels}) == 1


@pytest.mark.parametrize("status", [s for s in OrderStatus if s.terminal])
async def test_a_closed_order_cannot_be_cancelled(
    ada: Trader, house: House, status: OrderStatus
) -> None:
    house.orders.rows = [row(ada.user_id, status=status)]
    answer = await ada.call("DELETE", "order", {"symbol": "BTCUSDT", "orderId": "41"})
    assert answer.json() == {"code": -2011, "msg": "Unknown order sent."}
    assert house.sagas.cancels == []


async def test_the_order_of_another_is_no_order(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id + 1)]
    query = {"symbol": "BTCUSDT", "orderId": "41"}
    assert (await ada.call("GET", "order", query)).json()["code"] == -2013
    assert (await ada.call("DELETE", "order", query)).json()["code"] == -2011
    for path in ("orders/41", "orders/41/saga"):
        headers = await house.bearer("ada")
        answer = await ada.client.get(f"/v1/{path}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, -2013)
    assert house.sagas.cancels == []


async def test_an_order_and_its_saga_are_seen_under_v1(ada: Trader, house: House) -> None:
    house.orders.rows = [
        row(ada.user_id, status=OrderStatus.REJECTED, refusal=Refusal.INSUFFICIENT_FUNDS)
    ]
    headers = await house.bearer("ada")
    order = (await ada.client.get("/v1/orders/41", headers=headers)).json()
    assert (order["status"], order["refusal"]) == ("REJECTED", "INSUFFICIENT_FUNDS")
    saga = (await ada.client.get("/v1/orders/41/saga", headers=headers)).json()
    assert saga["state"] == "COMPLETED"
    assert saga["workflow_id"] == f"order:{ada.user_id}:{house.orders.rows[0].client_order_id}"


async def test_too_many_orders_in_ten_seconds(ada: Trader, house: House) -> None:
    answers = [await ada.call("POST", "order", LIMIT_BUY) for _ in range(21)]
    assert [a.status_code for a in answers] == [200] * 20 + [429]
    assert answers[-1].json() == {
        "code": -1015,
        "msg": "Too many new orders; current limit is 20 orders per 10 SECOND.",
    }
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 10
    assert len(house.sagas.placed) == 20


async def test_a_failing_database_is_an_overload_and_after_a_while_not_asked(
    ada: Trader, house: House, client: httpx.AsyncClient
) -> None:
    house.orders.broken = True
    for _ in range(6):
        answer = await ada.call("GET", "openOrders", {"symbol": "BTCUSDT"})
        assert (answer.status_code, answer.json()["code"]) == (503, -1008)
    house.orders.broken = False
    answer = await ada.call("GET", "openOrders", {"symbol": "BTCUSDT"})
    assert answer.status_code == 503  # the breaker is open
    assert (await ada.call("GET", "account")).status_code == 200  # the wallet has its own
