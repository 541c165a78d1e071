"""What clients read of their orders: the fields that are always there, and those that are not."""

import pytest

from contracts.amounts import ZERO, Amount
from contracts.order_views import OpenCounts, PreventedMatchView
from contracts.orders import ExpiryReason, OrderStatus, OrderType, SelfTradePrevention
from tests.unit.api.conftest import NOW_MS, House
from tests.unit.api.rows import leg, row
from tests.unit.api.signing import LIMIT_BUY, MARKET_BUY, STOP_BUY, Trader

ONE = {"symbol": "BTCUSDT", "orderId": "41"}
PREVENTED = PreventedMatchView(
    symbol="BTCUSDT",
    prevented_match_id=7,
    taker_order_id=42,
    maker_order_id=41,
    trade_group_id=1,
    mode=SelfTradePrevention.EXPIRE_MAKER,
    price=Amount("60000"),
    taker_prevented_quantity=ZERO,
    maker_prevented_quantity=Amount("0.5"),
    at_ms=1_800_000_000_000,
)


@pytest.mark.parametrize("status", list(OrderStatus))
async def test_every_status_has_binances_name(
    ada: Trader, house: House, status: OrderStatus
) -> None:
    house.orders.rows = [row(ada.user_id, status=status)]
    names = {"OPEN": "NEW", "CANCELLED": "CANCELED", "PENDING_VALIDATION": "PENDING_NEW"}
    shown = (await ada.call("GET", "order", ONE)).json()["status"]
    assert shown == names.get(status, status)


@pytest.mark.parametrize("path", ["order", "openOrders", "allOrders"])
async def test_queries_show_all_there_is_to_an_order(ada: Trader, house: House, path: str) -> None:
    house.orders.rows = [
        leg(
            ada.user_id,
            41,
            order_type=OrderType.STOP_LOSS_LIMIT,
            stop_price=Amount("56000"),
            iceberg_quantity=Amount("0.1"),
            self_trade_prevention=SelfTradePrevention.EXPIRE_BOTH,
            expires_at_ms=NOW_MS,
            working_at_ms=0,
        )
    ]
    query = ONE if path == "order" else {"symbol": "BTCUSDT"}
    body = (await ada.call("GET", path, query)).json()
    shown = body if path == "order" else body[0]
    assert shown == {
        "symbol": "BTCUSDT",
        "orderId": 41,
        "orderListId": 9,
        "clientOrderId": "leg-41",
        "price": "60000.00000000",
        "origQty": "0.50000000",
        "executedQty": "0.00000000",
        "cummulativeQuoteQty": "0.00000000",
        "status": "NEW",
        "timeInForce": "GTC",
        "type": "STOP_LOSS_LIMIT",
        "side": "SELL",
        "stopPrice": "56000.00000000",
        "icebergQty": "0.10000000",
        "time": 1_800_000_000_000,
        "updateTime": 1_800_000_000_001,
        "isWorking": False,
        "workingTime": -1,
        "origQuoteOrderQty": "0.00000000",
        "selfTradePreventionMode": "EXPIRE_BOTH",
        "goodTillDate": NOW_MS,
    }


async def test_a_market_order_by_value_has_the_quantity_that_it_traded(
    ada: Trader, house: House
) -> None:
    house.orders.rows = [
        row(
            ada.user_id,
            order_type=OrderType.MARKET,
            price=ZERO,
            quantity=ZERO,
            quote_quantity=Amount("1000"),
            filled_quantity=Amount("0.016"),
            filled_quote=Amount("960"),
            status=OrderStatus.EXPIRED,
            expiry=ExpiryReason.INSUFFICIENT_LIQUIDITY,
        )
    ]
    body = (await ada.call("GET", "order", ONE)).json()
    assert (body["origQty"], body["origQuoteOrderQty"]) == ("0.01600000", "1000.00000000")
    assert (body["status"], body["expiryReason"]) == ("EXPIRED", "INSUFFICIENT_LIQUIDITY")


@pytest.mark.parametrize("reason", list(ExpiryReason))
async def test_the_answer_says_why_an_order_expired(
    ada: Trader, house: House, reason: ExpiryReason
) -> None:
    house.sagas.status, house.sagas.expiry = OrderStatus.EXPIRED, reason
    body = (await ada.call("POST", "order", LIMIT_BUY)).json()
    assert (body["status"], body["expiryReason"]) == ("EXPIRED", reason)


async def test_both_ids_must_be_of_one_order(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id)]
    answer = await ada.call("GET", "order", ONE | {"origClientOrderId": "other"})
    assert answer.json() == {
        "code": -2039,
        "msg": "Client order ID is not correct for this order ID.",
    }
    answer = await ada.call("GET", "order", ONE | {"origClientOrderId": "mine-1"})
    assert answer.json()["orderId"] == 41


@pytest.mark.parametrize(
    ("counts", "parameters", "filter_name"),
    [
        (OpenCounts(orders=200), LIMIT_BUY, "MAX_NUM_ORDERS"),
        (OpenCounts(orders=200), MARKET_BUY, "MAX_NUM_ORDERS"),
        (OpenCounts(conditional=5), STOP_BUY, "MAX_NUM_ALGO_ORDERS"),
        (OpenCounts(iceberg=20), LIMIT_BUY | {"icebergQty": "0.1"}, "MAX_NUM_ICEBERG_ORDERS"),
    ],
)
async def test_too_many_open_orders(
    ada: Trader, house: House, counts: OpenCounts, parameters: dict[str, str], filter_name: str
) -> None:
    house.orders.counts = counts
    for path in ("order", "order/test"):
        answer = await ada.call("POST", path, parameters)
        assert answer.json() == {"code": -1013, "msg": f"Filter failure: {filter_name}"}
    assert house.sagas.placed == []


async def test_what_is_full_for_one_kind_is_open_to_another(ada: Trader, house: House) -> None:
    house.orders.counts = OpenCounts(orders=199, conditional=5, iceberg=20, lists=20)
    assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 200


async def test_prevented_matches(ada: Trader, house: House) -> None:
    house.orders.prevented = [PREVENTED]
    query = {"symbol": "BTCUSDT", "preventedMatchId": "7"}
    answer = await ada.call("GET", "myPreventedMatches", query)
    assert answer.json() == [
        {
            "symbol": "BTCUSDT",
            "preventedMatchId": 7,
            "takerOrderId": 42,
            "makerSymbol": "BTCUSDT",
            "makerOrderId": 41,
            "tradeGroupId": 1,
            "selfTradePreventionMode": "EXPIRE_MAKER",
            "price": "60000.00000000",
            "makerPreventedQuantity": "0.50000000",
            "transactTime": 1_800_000_000_000,
        }
    ]
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == "2"
    query = {"symbol": "BTCUSDT", "orderId": "41", "fromPreventedMatchId": "3", "limit": "9"}
    answer = await ada.call("GET", "myPreventedMatches", query)
    assert house.orders.asked == {"order_id": 41, "id": None, "from": 3}
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == "22"


async def test_an_order_under_v1_tells_its_type_and_its_end(ada: Trader, house: House) -> None:
    house.orders.rows = [
        leg(
            ada.user_id,
            41,
            stop_price=Amount("56000"),
            status=OrderStatus.EXPIRED,
            expiry=ExpiryReason.OCO_TRIGGER,
        )
    ]
    headers = await house.bearer("ada")
    order = (await ada.client.get("/v1/orders/41", headers=headers)).json()
    assert (order["stop_price"], order["list_id"], order["expiry"]) == (
        "56000.00000000",
        9,
        "OCO_TRIGGER",
    )
    saga = (await ada.client.get("/v1/orders/41/saga", headers=headers)).json()
    assert saga["order_id"] == 9  # the list's
    assert saga["workflow_id"].startswith(f"order-list:{ada.user_id}:")
