"""Order lists that cannot be: each with its code and words, and nothing placed."""

import pytest

from contracts.order_views import OpenCounts
from tests.unit.api.conftest import House
from tests.unit.api.signing import OCO_BUY, OCO_SELL, Trader

PATH = "orderList/oco"
RELATION = (-2010, "The relationship of the prices for the orders is not correct.")


def missing(name: str) -> tuple[int, str]:
    return -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."


def not_required(name: str) -> tuple[int, str]:
    return -1106, f"Parameter '{name}' sent when not required."


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
        (OCO_SELL, {"belowIcebergQty": "0.1"}, not_required("belowIcebergQty")),
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
