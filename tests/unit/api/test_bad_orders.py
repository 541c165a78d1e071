"""Orders that cannot be: each with its status, code and words, and nothing placed."""

from collections.abc import Mapping

import pytest

from tests.unit.api.conftest import House
from tests.unit.api.signing import LIMIT_BUY, Trader

DECIMAL = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"


def missing(name: str) -> tuple[int, str]:
    return -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."


def illegal(name: str, legal: str) -> tuple[int, str]:
    return -1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'."


TABLE: list[tuple[Mapping[str, str | None], tuple[int, str]]] = [
    *[({name: None}, missing(name)) for name in LIMIT_BUY],
    *[({name: ""}, (-1105, f"Parameter '{name}' was empty.")) for name in LIMIT_BUY],
    ({"symbol": "DOGEUSDT"}, (-1121, "Invalid symbol.")),
    ({"symbol": "btcusdt"}, illegal("symbol", "^[A-Z0-9-_.]{1,20}$")),
    ({"symbol": "BTC'; DROP"}, illegal("symbol", "^[A-Z0-9-_.]{1,20}$")),
    ({"side": "HOLD"}, (-1117, "Invalid side.")),
    ({"type": "SWAP"}, (-1116, "Invalid orderType.")),
    ({"type": "MARKET"}, (-2010, "Market orders are not supported for this symbol.")),
    ({"type": "STOP_LOSS"}, (-2010, "Stop loss orders are not supported for this symbol.")),
    ({"timeInForce": "GTX"}, (-1115, "Invalid timeInForce.")),
    ({"timeInForce": "FOK"}, (-1014, "Unsupported order combination.")),
    *[
        ({"quantity": text}, illegal("quantity", DECIMAL))
        for text in ["-1", "+1", "1e3", "1.", ".5", "0x1", "NaN", "inf", "1,5", "1_0", "\uff11"]
    ],
    ({"price": "1E5"}, illegal("price", DECIMAL)),
    ({"price": "٦٠٠٠٠"}, illegal("price", DECIMAL)),
    ({"quantity": "0"}, (-1013, "Invalid quantity.")),
    ({"price": "0.00"}, (-1013, "Invalid price.")),
    ({"quantity": "0.123456789"}, (-1111, "Parameter 'quantity' has too much precision.")),
    ({"price": "60000.123456789"}, (-1111, "Parameter 'price' has too much precision.")),
    ({"price": "60000.001"}, (-1013, "Filter failure: PRICE_FILTER")),
    ({"price": "1000000.01"}, (-1013, "Filter failure: PRICE_FILTER")),
    ({"price": "9" * 20}, (-1013, "Filter failure: PRICE_FILTER")),
    ({"quantity": "0.000001"}, (-1013, "Filter failure: LOT_SIZE")),
    ({"quantity": "0.000015"}, (-1013, "Filter failure: LOT_SIZE")),
    ({"quantity": "9000.00001"}, (-1013, "Filter failure: LOT_SIZE")),
    ({"quantity": "9" * 20}, (-1013, "Filter failure: LOT_SIZE")),
    ({"quantity": "0.00001", "price": "1"}, (-1013, "Filter failure: NOTIONAL")),
    ({"quantity": "9000", "price": "1000000"}, (-1013, "Filter failure: NOTIONAL")),
    ({"newClientOrderId": "a b"}, illegal("newClientOrderId", "^[a-zA-Z0-9-_.:/]{1,36}$")),
    ({"newClientOrderId": "a" * 37}, illegal("newClientOrderId", "^[a-zA-Z0-9-_.:/]{1,36}$")),
    ({"newOrderRespType": "LONG"}, (-1133, "Invalid newOrderRespType.")),
    ({"stopPrice": "1"}, (-1106, "Parameter 'stopPrice' sent when not required.")),
    ({"quoteOrderQty": "1"}, (-1106, "Parameter 'quoteOrderQty' sent when not required.")),
    ({"icebergQty": "1"}, (-2010, "Iceberg orders are not supported for this symbol.")),
    ({"strategyType": "7"}, (-1134, "`strategyType` was less than 1000000.")),
    (
        {"user_id": "1"},
        (-1104, "Not all sent parameters were read; read '8' parameter(s) but was sent '9'."),
    ),
]


@pytest.mark.parametrize(("changes", "error"), TABLE)
@pytest.mark.parametrize("path", ["order", "order/test"])
async def test_an_order_that_cannot_be_is_refused_in_binances_words(
    ada: Trader, house: House, path: str, changes: Mapping[str, str | None], error: tuple[int, str]
) -> None:
    parameters = {k: v for k, v in {**LIMIT_BUY, **changes}.items() if v is not None}
    answer = await ada.call("POST", path, parameters)
    assert (answer.status_code, answer.json()) == (400, {"code": error[0], "msg": error[1]})
    assert house.sagas.placed == []


@pytest.mark.parametrize(
    ("method", "path", "parameters", "code"),
    [
        ("GET", "order", {"symbol": "BTCUSDT"}, -1102),
        ("GET", "order", {"symbol": "BTCUSDT", "orderId": "x"}, -1100),
        ("GET", "order", {"symbol": "BTCUSDT", "orderId": "9" * 20}, -1108),
        ("GET", "order", {"orderId": "1"}, -1102),
        ("DELETE", "order", {"symbol": "BTCUSDT"}, -1102),
        (
            "DELETE",
            "order",
            {"symbol": "BTCUSDT", "orderId": "1", "cancelRestrictions": "X"},
            -1145,
        ),
        ("DELETE", "openOrders", {}, -1102),
        ("GET", "openOrders", {"symbol": "NOPE"}, -1121),
        ("GET", "allOrders", {"symbol": "BTCUSDT", "limit": "0"}, -1130),
        ("GET", "allOrders", {"symbol": "BTCUSDT", "startTime": "2", "endTime": "1"}, -1128),
        ("GET", "allOrders", {"symbol": "BTCUSDT", "startTime": "1", "endTime": "86400002"}, -1127),
        ("GET", "myTrades", {"symbol": "BTCUSDT", "fromId": "1", "startTime": "1"}, -1128),
        ("GET", "account", {"x": "1"}, -1104),
        ("GET", "account", {"omitZeroBalances": "maybe"}, -1100),
    ],
)
async def test_a_query_that_cannot_be_answered(
    ada: Trader, method: str, path: str, parameters: dict[str, str], code: int
) -> None:
    answer = await ada.call(method, path, parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
