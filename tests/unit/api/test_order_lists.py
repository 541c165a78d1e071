"""One-cancels-the-other lists: what the saga gets, what clients read, what is refused."""

import msgspec
import pytest

from contracts.amounts import Amount
from contracts.orders import OrderStatus, Refusal
from tests.unit.api.conftest import House
from tests.unit.api.rows import LIST_ID, leg, pair
from tests.unit.api.signing import OCO_BUY, OCO_SELL, Trader

PATH = "orderList/oco"


async def test_a_sell_list_reserves_the_quantity_once(ada: Trader, house: House) -> None:
    answer = await ada.call("POST", PATH, OCO_SELL | {"listClientOrderId": "pair-1"})
    assert answer.status_code == 200, answer.json()
    (placed,) = house.sagas.lists
    above, below = placed.legs
    assert (placed.user_id, placed.list_client_order_id) == (ada.user_id, "pair-1")
    assert (placed.reserve_currency, placed.reserve_amount) == ("BTC", Amount("0.5"))
    assert (above.order_type, above.price_ticks) == ("LIMIT_MAKER", 6_600_000)
    assert (below.order_type, below.price_ticks, below.stop_ticks) == (
        "STOP_LOSS_LIMIT",
        5_500_000,
        5_600_000,
    )
    assert {leg.list_id for leg in placed.legs} == {placed.list_id}
    assert {leg.list_client_order_id for leg in placed.legs} == {"pair-1"}
    assert len({placed.list_id, above.order_id, below.order_id}) == 3
    body = answer.json()
    assert {k: body[k] for k in ("contingencyType", "listStatusType", "listOrderStatus")} == {
        "contingencyType": "OCO",
        "listStatusType": "EXEC_STARTED",
        "listOrderStatus": "EXECUTING",
    }
    assert [order["orderId"] for order in body["orders"]] == [above.order_id, below.order_id]
    first, second = body["orderReports"]
    assert (first["orderListId"], first["type"], first["status"]) == (
        placed.list_id,
        "LIMIT_MAKER",
        "NEW",
    )
    assert (second["stopPrice"], second["price"]) == ("56000.00000000", "55000.00000000")
    assert "fills" not in first


async def test_a_buy_list_reserves_the_larger_need(ada: Trader, house: House) -> None:
    assert (await ada.call("POST", PATH, OCO_BUY)).status_code == 200
    (placed,) = house.sagas.lists
    above, below = placed.legs
    # the stop may have to pay 66000 × 1.1, the limit 55000
    assert [above.reserve_amount, below.reserve_amount] == [Amount("36300"), Amount("27500")]
    assert (placed.reserve_currency, placed.reserve_amount) == ("USDT", Amount("36300"))


@pytest.mark.parametrize(
    "changes",
    [
        {"aboveType": "TAKE_PROFIT", "aboveStopPrice": "66000", "abovePrice": None},
        {
            "aboveType": "TAKE_PROFIT_LIMIT",
            "aboveStopPrice": "66000",
            "aboveTimeInForce": "GTC",
        },
        {"belowType": "STOP_LOSS", "belowPrice": None, "belowTimeInForce": None},
        {"aboveIcebergQty": "0.1"},
        {"aboveStrategyId": "1", "belowStrategyType": "1000000"},
        {"selfTradePreventionMode": "EXPIRE_BOTH", "newOrderRespType": "FULL"},
    ],
)
async def test_lists_that_are_taken(
    ada: Trader, house: House, changes: dict[str, str | None]
) -> None:
    parameters = {k: v for k, v in {**OCO_SELL, **changes}.items() if v is not None}
    answer = await ada.call("POST", PATH, parameters)
    assert answer.status_code == 200, answer.json()
    (placed,) = house.sagas.lists
    mode = changes.get("selfTradePreventionMode", "NONE")
    assert {leg.self_trade_prevention for leg in placed.legs} == {mode}


async def test_the_same_list_again_names_the_same_orders(ada: Trader, house: House) -> None:
    for parameters in (
        {"listClientOrderId": "pair-1"},
        {"listClientOrderId": "pair-1", "quantity": "0.50"},
        {"listClientOrderId": "pair-1", "quantity": "0.6"},
        {"listClientOrderId": "pair-2"},
        {},
    ):
        await ada.call("POST", PATH, OCO_SELL | parameters)
    first, second, third, fourth, fifth = house.sagas.lists
    assert first.body_hash == second.body_hash
    assert len({placed.body_hash for placed in (first, third, fourth, fifth)}) == 4
    ids = [leg.client_order_id for leg in first.legs]
    assert ids == [leg.client_order_id for leg in second.legs]
    assert len({*ids, *(leg.client_order_id for leg in fourth.legs)}) == 4


@pytest.mark.parametrize("last", [None, "away"])
async def test_without_a_last_price_the_engine_decides(
    ada: Trader, house: House, last: str | None
) -> None:
    house.market_data.last, house.market_data.broken = None, last == "away"
    assert (await ada.call("POST", PATH, OCO_SELL)).status_code == 200
    crossed = OCO_SELL | {"belowStopPrice": "66000"}
    assert (await ada.call("POST", PATH, crossed)).json()["code"] == -2010


async def test_a_list_is_shown(ada: Trader, house: House) -> None:
    house.orders.lists = [pair(ada.user_id)]
    shown = {
        "orderListId": 9,
        "contingencyType": "OCO",
        "listStatusType": "EXEC_STARTED",
        "listOrderStatus": "EXECUTING",
        "listClientOrderId": "pair-1",
        "transactionTime": 1_800_000_000_000,
        "symbol": "BTCUSDT",
        "orders": [
            {"symbol": "BTCUSDT", "orderId": 41, "clientOrderId": "leg-41"},
            {"symbol": "BTCUSDT", "orderId": 42, "clientOrderId": "leg-42"},
        ],
    }
    for query in ({"orderListId": "9"}, {"origClientOrderId": "pair-1"}):
        assert (await ada.call("GET", "orderList", query)).json() == shown
    assert (await ada.call("GET", "openOrderList")).json() == [shown]
    assert house.orders.asked["open_only"] is True
    assert (await ada.call("GET", "allOrderList", {"fromId": "3"})).json() == [shown]
    assert house.orders.asked == {"from": 3, "start": None, "end": None, "open_only": False}
    house.orders.lists = [pair(ada.user_id, status=OrderStatus.CANCELLED)]
    done = (await ada.call("GET", "orderList", {"orderListId": "9"})).json()
    assert (done["listStatusType"], done["listOrderStatus"]) == ("ALL_DONE", "ALL_DONE")


async def test_a_list_is_cancelled_through_one_of_its_legs(ada: Trader, house: House) -> None:
    house.orders.lists = [pair(ada.user_id)]
    query = {"symbol": "BTCUSDT", "orderListId": "9", "newClientOrderId": "cancel-1"}
    body = (await ada.call("DELETE", "orderList", query)).json()
    assert (body["orderListId"], body["listOrderStatus"]) == (9, "ALL_DONE")
    assert [(r["orderId"], r["status"], r["clientOrderId"]) for r in body["orderReports"]] == [
        (41, "CANCELED", "cancel-1"),
        (42, "CANCELED", "cancel-1"),
    ]
    assert [cancel.order_id for cancel in house.sagas.cancels] == [41]
    assert house.sagas.cancelled_lists == ["pair-1"]


async def test_a_cancel_asks_the_leg_that_is_open(ada: Trader, house: House) -> None:
    listed = pair(ada.user_id)
    done = leg(ada.user_id, 41, status=OrderStatus.EXPIRED)
    house.orders.lists = [msgspec.structs.replace(listed, legs=(done, listed.legs[1]))]
    query = {"symbol": "BTCUSDT", "listClientOrderId": "pair-1"}
    body = (await ada.call("DELETE", "orderList", query)).json()
    assert [cancel.order_id for cancel in house.sagas.cancels] == [42]
    assert [r["status"] for r in body["orderReports"]] == ["EXPIRED", "CANCELED"]


@pytest.mark.parametrize(
    ("status", "symbol", "refusal"),
    [
        (OrderStatus.CANCELLED, "BTCUSDT", None),
        (OrderStatus.OPEN, "ETHUSDT", None),
        (OrderStatus.OPEN, "BTCUSDT", Refusal.UNKNOWN_ORDER),
    ],
)
async def test_a_list_that_cannot_be_cancelled(
    ada: Trader, house: House, status: OrderStatus, symbol: str, refusal: Refusal | None
) -> None:
    house.orders.lists, house.sagas.cancel_refusal = [pair(ada.user_id, status=status)], refusal
    answer = await ada.call("DELETE", "orderList", {"symbol": symbol, "orderListId": "9"})
    assert (answer.status_code, answer.json()) == (
        400,
        {"code": -2011, "msg": "Unknown order list sent."},
    )
    assert len(house.sagas.cancels) == (refusal is not None)


async def test_the_list_of_another_is_no_list(ada: Trader, house: House) -> None:
    house.orders.lists = [pair(ada.user_id + 1)]
    answer = await ada.call("GET", "orderList", {"orderListId": str(LIST_ID)})
    assert answer.json() == {"code": -2013, "msg": "Order list does not exist."}
    query = {"symbol": "BTCUSDT", "orderListId": str(LIST_ID)}
    assert (await ada.call("DELETE", "orderList", query)).json()["code"] == -2011
    assert (await ada.call("GET", "openOrderList")).json() == []


async def test_cancelling_a_leg_cancels_its_list(ada: Trader, house: House) -> None:
    house.orders.rows = [leg(ada.user_id, 42)]
    body = (await ada.call("DELETE", "order", {"symbol": "BTCUSDT", "orderId": "42"})).json()
    assert (body["orderListId"], body["status"]) == (9, "CANCELED")
    assert house.sagas.cancelled_lists == ["pair-1"]
