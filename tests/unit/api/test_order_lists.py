"""One-cancels-the-other lists: what the saga gets, what clients read, what is refused."""

import msgspec
import pytest

from contracts.amounts import Amount
from contracts.order_views import OpenCounts
from contracts.orders import OrderStatus, Refusal
from tests.unit.api.conftest import House
from tests.unit.api.rows import LIST_ID, leg, pair
from tests.unit.api.signing import OCO_SELL, Trader

PATH = "orderList/oco"
OCO_BUY = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "quantity": "0.5",
    "aboveType": "STOP_LOSS",
    "aboveStopPrice": "66000",
    "belowType": "LIMIT_MAKER",
    "belowPrice": "55000",
}
RELATION = (-2010, "The relationship of the prices for the orders is not correct.")


def missing(name: str) -> tuple[int, str]:
    return -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."


def not_required(name: str) -> tuple[int, str]:
    return -1106, f"Parameter '{name}' sent when not required."


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
        {"aboveIcebergQty": "0.1", "belowIcebergQty": "0.05"},
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


@pytest.mark.parametrize(
    ("parameters", "changes", "error"),
    [
        *[(OCO_SELL, {name: None}, missing(name)) for name in OCO_SELL],
        *[(OCO_BUY, {name: None}, missing(name)) for name in OCO_BUY],
        (OCO_SELL, {"symbol": "NOPE"}, (-1121, "Invalid symbol.")),
        (OCO_SELL, {"side": "HOLD"}, (-1117, "Invalid side.")),
        (OCO_SELL, {"aboveType": "SWAP"}, (-1116, "Invalid orderType.")),
        *[
            (OCO_SELL, {name: kind}, (-1158, "Order type not supported in OCO."))
            for name in ("aboveType", "belowType")
            for kind in ("LIMIT", "MARKET")
        ],
        (
            OCO_SELL,
            {"belowType": "LIMIT_MAKER"},
            (-1168, "At least one OCO order must be contingent."),
        ),
        (
            OCO_SELL,
            {"aboveType": "STOP_LOSS"},
            (-1197, "A stop loss order in a sell OCO must be below."),
        ),
        (
            OCO_SELL,
            {"aboveType": "TAKE_PROFIT", "belowType": "LIMIT_MAKER"},
            (-1166, "A limit order in a sell OCO must be above."),
        ),
        (
            OCO_SELL,
            {"belowType": "TAKE_PROFIT_LIMIT"},
            (-1199, "A take profit order in a sell OCO must be above."),
        ),
        (
            OCO_BUY,
            {"belowType": "STOP_LOSS"},
            (-1196, "A stop loss order in a buy OCO must be above."),
        ),
        (
            OCO_BUY,
            {"aboveType": "LIMIT_MAKER", "belowType": "TAKE_PROFIT"},
            (-1165, "A limit order in a buy OCO must be below."),
        ),
        (
            OCO_BUY,
            {"aboveType": "TAKE_PROFIT"},
            (-1198, "A take profit order in a buy OCO must be below."),
        ),
        (OCO_SELL, {"aboveTimeInForce": "GTC"}, not_required("aboveTimeInForce")),
        (OCO_SELL, {"aboveStopPrice": "1"}, not_required("aboveStopPrice")),
        (OCO_BUY, {"abovePrice": "1"}, not_required("abovePrice")),
        (OCO_BUY, {"aboveIcebergQty": "0.1"}, not_required("aboveIcebergQty")),
        (
            OCO_SELL,
            {"belowIcebergQty": "0.1", "belowTimeInForce": "IOC"},
            (
                -1160,
                "Parameter 'belowIcebergQty' is not supported if"
                " `aboveTimeInForce`/`belowTimeInForce` is not GTC.",
            ),
        ),
        (OCO_SELL, {"belowTimeInForce": "GTD"}, (-1014, "Unsupported order combination.")),
        (
            OCO_SELL,
            {"aboveTrailingDelta": "10"},
            (-2010, "Trailing stop orders are not supported for this symbol."),
        ),
        (
            OCO_SELL,
            {"aboveClientOrderId": "x", "belowClientOrderId": "x"},
            (-2010, "Duplicate order sent."),
        ),
        (OCO_SELL, {"abovePrice": "60000"}, RELATION),  # not above the last price
        (OCO_SELL, {"belowStopPrice": "60000"}, RELATION),  # not below it
        (OCO_SELL, {"belowStopPrice": "67000"}, RELATION),
        (OCO_BUY, {"belowPrice": "60000"}, RELATION),
        (OCO_BUY, {"aboveStopPrice": "60000"}, RELATION),
        (OCO_SELL, {"abovePrice": "66000.001"}, (-1013, "Filter failure: PRICE_FILTER")),
        (OCO_SELL, {"quantity": "0.000001"}, (-1013, "Filter failure: LOT_SIZE")),
        (OCO_SELL, {"quantity": "0.00005"}, (-1013, "Filter failure: NOTIONAL")),
        (OCO_SELL, {"quoteOrderQty": "1"}, (-1104, None)),
        (OCO_SELL, {"goodTillDate": "1"}, (-1104, None)),
        (OCO_SELL, {"price": "1"}, (-1104, None)),
    ],
)
async def test_a_list_that_cannot_be(
    ada: Trader,
    house: House,
    parameters: dict[str, str],
    changes: dict[str, str | None],
    error: tuple[int, str | None],
) -> None:
    sent = {k: v for k, v in {**parameters, **changes}.items() if v is not None}
    answer = await ada.call("POST", PATH, sent)
    assert (answer.status_code, answer.json()["code"]) == (400, error[0])
    assert error[1] in {None, answer.json()["msg"]}
    assert house.sagas.lists == []


@pytest.mark.parametrize("last", [None, "away"])
async def test_without_a_last_price_the_engine_decides(
    ada: Trader, house: House, last: str | None
) -> None:
    house.market_data.last, house.market_data.broken = None, last == "away"
    assert (await ada.call("POST", PATH, OCO_SELL)).status_code == 200
    crossed = OCO_SELL | {"belowStopPrice": "66000"}
    assert (await ada.call("POST", PATH, crossed)).json()["code"] == -2010


@pytest.mark.parametrize(
    ("counts", "parameters", "filter_name"),
    [
        (OpenCounts(orders=199), OCO_SELL, "MAX_NUM_ORDERS"),
        (OpenCounts(conditional=5), OCO_SELL, "MAX_NUM_ALGO_ORDERS"),
        (
            OpenCounts(conditional=4),
            OCO_SELL
            | {"aboveType": "TAKE_PROFIT_LIMIT"}
            | {"aboveStopPrice": "66000", "aboveTimeInForce": "GTC"},
            "MAX_NUM_ALGO_ORDERS",
        ),
        (OpenCounts(iceberg=20), OCO_SELL | {"aboveIcebergQty": "0.1"}, "MAX_NUM_ICEBERG_ORDERS"),
        (OpenCounts(lists=20), OCO_SELL, "MAX_NUM_ORDER_LISTS"),
    ],
)
async def test_too_many_open(
    ada: Trader, house: House, counts: OpenCounts, parameters: dict[str, str], filter_name: str
) -> None:
    house.orders.counts = counts
    answer = await ada.call("POST", PATH, parameters)
    assert answer.json() == {"code": -1013, "msg": f"Filter failure: {filter_name}"}
    assert house.sagas.lists == []


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
