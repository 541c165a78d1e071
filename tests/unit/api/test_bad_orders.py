"""Orders that cannot be: each with its status, code and words, and nothing placed."""

from collections.abc import Mapping

import pytest

from tests.unit.api.conftest import NOW_MS, House
from tests.unit.api.signing import (
    LIMIT_BUY,
    MAKER_BUY,
    MARKET_BUY,
    STOP_BUY,
    STOP_LIMIT_BUY,
    Trader,
)

DECIMAL = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"


def missing(name: str) -> tuple[int, str]:
    return -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."


def illegal(name: str, legal: str) -> tuple[int, str]:
    return -1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'."


def not_required(name: str) -> tuple[int, str]:
    return -1106, f"Parameter '{name}' sent when not required."


COMBINATION = (-1014, "Unsupported order combination.")
NO_TRAILING = (-2010, "Trailing stop orders are not supported for this symbol.")
NO_SUCH_MODE = (-1013, "This symbol does not allow the specified self-trade prevention mode.")
BAD_DATE = (
    -1130,
    "Data sent for parameter 'goodTillDate' is not valid: it must be at least one second"
    " and at most one year ahead.",
)
UNREAD = "Not all sent parameters were read; read '{}' parameter(s) but was sent '{}'."
BY_VALUE: Mapping[str, str | None] = {"quantity": None}
TABLE: list[tuple[Mapping[str, str | None], tuple[int, str]]] = [
    *[({name: None}, missing(name)) for name in LIMIT_BUY],
    *[({name: ""}, (-1105, f"Parameter '{name}' was empty.")) for name in LIMIT_BUY],
    ({"symbol": "DOGEUSDT"}, (-1121, "Invalid symbol.")),
    ({"symbol": "btcusdt"}, illegal("symbol", "^[A-Z0-9-_.]{1,20}$")),
    ({"symbol": "BTC'; DROP"}, illegal("symbol", "^[A-Z0-9-_.]{1,20}$")),
    ({"side": "HOLD"}, (-1117, "Invalid side.")),
    ({"type": "SWAP"}, (-1116, "Invalid orderType.")),
    ({"timeInForce": "GTX"}, (-1115, "Invalid timeInForce.")),
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
    ({"icebergQty": "0.6"}, (-2010, "IcebergQty exceeds QTY.")),
    ({"icebergQty": "0.04999"}, (-1013, "Filter failure: ICEBERG_PARTS")),
    ({"icebergQty": "0.000001"}, (-1013, "Filter failure: LOT_SIZE")),
    ({"icebergQty": "0.1", "timeInForce": "IOC"}, COMBINATION),
    ({"icebergQty": "0.1", "timeInForce": "FOK"}, COMBINATION),
    ({"icebergQty": "0.1", "timeInForce": "GTD", "goodTillDate": "1800000600000"}, COMBINATION),
    ({"timeInForce": "GTD"}, missing("goodTillDate")),
    ({"goodTillDate": "1800000600000"}, not_required("goodTillDate")),
    ({"timeInForce": "GTD", "goodTillDate": "soon"}, illegal("goodTillDate", "^[0-9]{1,20}$")),
    ({"timeInForce": "GTD", "goodTillDate": str(NOW_MS + 999)}, BAD_DATE),
    ({"timeInForce": "GTD", "goodTillDate": str(NOW_MS - 1)}, BAD_DATE),
    ({"timeInForce": "GTD", "goodTillDate": str(NOW_MS + 365 * 86_400_000 + 1)}, BAD_DATE),
    ({"selfTradePreventionMode": "DECREMENT"}, NO_SUCH_MODE),
    ({"selfTradePreventionMode": "TRANSFER"}, NO_SUCH_MODE),
    (
        {"selfTradePreventionMode": "SOMETIMES"},
        (-1130, "Data sent for parameter 'selfTradePreventionMode' is not valid."),
    ),
    ({"strategyId": "x"}, missing("strategyId")),
    ({"pegPriceType": "PRIMARY_PEG"}, (-1104, UNREAD.format(8, 9))),
    ({"strategyType": "7"}, (-1134, "`strategyType` was less than 1000000.")),
    ({"user_id": "1"}, (-1104, UNREAD.format(8, 9))),
    ({"trailingDelta": "100"}, NO_TRAILING),
]
OF_TYPES: list[tuple[Mapping[str, str], Mapping[str, str | None], tuple[int, str]]] = [
    *[(MARKET_BUY, {name: None}, missing(name)) for name in ("symbol", "side", "type")],
    (
        MARKET_BUY,
        {"quantity": None},
        (-1102, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"),
    ),
    (
        MARKET_BUY,
        {"quoteOrderQty": "100"},
        (-1128, "Combination of optional parameters invalid."),
    ),
    *[
        (MARKET_BUY, {name: value}, not_required(name))
        for name, value in [
            ("price", "60000"),
            ("timeInForce", "GTC"),
            ("stopPrice", "60000"),
            ("icebergQty", "0.1"),
            ("goodTillDate", "1800000600000"),
        ]
    ],
    (MARKET_BUY, {"quantity": "0"}, (-1013, "Invalid quantity.")),
    (MARKET_BUY, {"quantity": "0.000001"}, (-1013, "Filter failure: LOT_SIZE")),
    (MARKET_BUY, {"quantity": "0.00001"}, (-1013, "Filter failure: NOTIONAL")),
    (MARKET_BUY, {"quantity": "9000"}, (-1013, "Filter failure: NOTIONAL")),
    (MARKET_BUY, BY_VALUE | {"quoteOrderQty": "4.99"}, (-1013, "Filter failure: NOTIONAL")),
    (MARKET_BUY, BY_VALUE | {"quoteOrderQty": "9000000.01"}, (-1013, "Filter failure: NOTIONAL")),
    (MARKET_BUY, BY_VALUE | {"quoteOrderQty": "9" * 20}, (-1013, "Filter failure: NOTIONAL")),
    (MARKET_BUY, BY_VALUE | {"quoteOrderQty": "0"}, (-1013, "Invalid quoteOrderQty.")),
    (MARKET_BUY, BY_VALUE | {"quoteOrderQty": "1e3"}, illegal("quoteOrderQty", DECIMAL)),
    (
        MARKET_BUY,
        BY_VALUE | {"quoteOrderQty": "10.123456789"},
        (-1111, "Parameter 'quoteOrderQty' has too much precision."),
    ),
    (MARKET_BUY, {"trailingDelta": "100"}, NO_TRAILING),
    *[(MAKER_BUY, {name: None}, missing(name)) for name in ("quantity", "price")],
    *[
        (MAKER_BUY, {name: value}, not_required(name))
        for name, value in [
            ("timeInForce", "GTC"),
            ("stopPrice", "60000"),
            ("quoteOrderQty", "100"),
            ("goodTillDate", "1800000600000"),
        ]
    ],
    (MAKER_BUY, {"icebergQty": "0.00001"}, (-1013, "Filter failure: ICEBERG_PARTS")),
    *[
        (STOP_BUY | {"type": kind}, change, error)
        for kind in ("STOP_LOSS", "TAKE_PROFIT")
        for change, error in [
            ({"quantity": None}, missing("quantity")),
            ({"stopPrice": None}, missing("stopPrice")),
            ({"price": "60000"}, not_required("price")),
            ({"timeInForce": "GTC"}, not_required("timeInForce")),
            ({"quoteOrderQty": "100"}, not_required("quoteOrderQty")),
            ({"icebergQty": "0.1"}, not_required("icebergQty")),
            ({"goodTillDate": "1800000600000"}, not_required("goodTillDate")),
            ({"stopPrice": "60000.001"}, (-1013, "Filter failure: PRICE_FILTER")),
            ({"stopPrice": "0"}, (-1013, "Invalid stopPrice.")),
            ({"quantity": "0.00001"}, (-1013, "Filter failure: NOTIONAL")),
            ({"trailingDelta": "100"}, NO_TRAILING),
        ]
    ],
    *[
        (STOP_LIMIT_BUY | {"type": kind}, change, error)
        for kind in ("STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT")
        for change, error in [
            *[({name: None}, missing(name)) for name in STOP_LIMIT_BUY],
            ({"quoteOrderQty": "100"}, not_required("quoteOrderQty")),
            ({"timeInForce": "GTD", "goodTillDate": "1800000600000"}, COMBINATION),
            ({"icebergQty": "0.1"}, not_required("icebergQty")),
            ({"icebergQty": "0"}, not_required("icebergQty")),
            ({"stopPrice": "1000000.01"}, (-1013, "Filter failure: PRICE_FILTER")),
            ({"price": "0.001"}, (-1013, "Filter failure: PRICE_FILTER")),
            ({"trailingDelta": "100"}, NO_TRAILING),
        ]
    ],
]


@pytest.mark.parametrize(("changes", "error"), TABLE)
@pytest.mark.parametrize("path", ["order", "order/test"])
async def test_an_order_that_cannot_be_is_refused_in_binances_words(
    ada: Trader, house: House, path: str, changes: Mapping[str, str | None], error: tuple[int, str]
) -> None:
    parameters = {k: v for k, v in {**LIMIT_BUY, **changes}.items() if v is not None}
    answer = await ada.call("POST", path, parameters)
    assert (answer.status_code, answer.json()) == (400, {"code": error[0], "msg": error[1]})
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == "1"
    assert house.sagas.placed == []


@pytest.mark.parametrize(("order", "changes", "error"), OF_TYPES)
async def test_each_type_asks_for_its_own_parameters_and_takes_no_others(
    ada: Trader,
    house: House,
    order: Mapping[str, str],
    changes: Mapping[str, str | None],
    error: tuple[int, str],
) -> None:
    parameters = {k: v for k, v in {**order, **changes}.items() if v is not None}
    answer = await ada.call("POST", "order", parameters)
    assert (answer.status_code, answer.json()) == (400, {"code": error[0], "msg": error[1]})
    assert house.sagas.placed == []
