"""What was refused is told with Binance's code, status and words; what is unknown, as unknown."""

import pytest

from contracts.orders import Refusal
from tests.unit.api.conftest import House
from tests.unit.api.rows import row, state
from tests.unit.api.signing import LIMIT_BUY, MARKET_BUY, OCO_SELL, Trader

UNKNOWN = (
    504,
    -1007,
    "Timeout waiting for response from backend server."
    " Send status unknown; execution status unknown.",
)
TABLE = {
    Refusal.DUPLICATE_ORDER: (400, -2010, "Duplicate order sent."),
    Refusal.INSUFFICIENT_FUNDS: (
        400,
        -2010,
        "Account has insufficient balance for requested action.",
    ),
    Refusal.MARKET_CLOSED: (400, -2010, "Market is closed."),
    Refusal.UNKNOWN_SYMBOL: (400, -1121, "Invalid symbol."),
    Refusal.INVALID_ORDER: (400, -2010, "Unsupported order combination"),
    Refusal.TOMBSTONED: (400, -2010, "Order was canceled before it was accepted."),
    Refusal.NO_ANSWER: (
        400,
        -2010,
        "Order was canceled: the matching engine did not answer.",
    ),
    Refusal.UNKNOWN_ORDER: (400, -2011, "Unknown order sent."),
    Refusal.WOULD_TAKE: (400, -2010, "Order would immediately match and take."),
    Refusal.WOULD_TRIGGER: (400, -2010, "Order would trigger immediately."),
    Refusal.PRICE_OUT_OF_BAND: (400, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    Refusal.TOO_LATE: (400, -2010, "Order was not accepted before its goodTillDate."),
    Refusal.INVALID_AMENDMENT: (
        400,
        -2038,
        "The new quantity must be less than the order's and more than what is filled.",
    ),
    Refusal.INDETERMINATE: UNKNOWN,
}
PLACED = [("order", LIMIT_BUY), ("order", MARKET_BUY), ("orderList/oco", OCO_SELL)]


def test_every_refusal_is_in_the_table() -> None:
    assert set(TABLE) == set(Refusal)


@pytest.mark.parametrize(("path", "parameters"), PLACED)
@pytest.mark.parametrize("refusal", list(Refusal))
async def test_a_refusal_is_told_in_the_words_that_clients_know(
    ada: Trader, house: House, refusal: Refusal, path: str, parameters: dict[str, str]
) -> None:
    house.sagas.refusal = refusal
    answer = await ada.call("POST", path, parameters)
    status, code, msg = TABLE[refusal]
    assert (answer.status_code, answer.json()) == (status, {"code": code, "msg": msg})


@pytest.mark.parametrize("refusal", [Refusal.UNKNOWN_ORDER, Refusal.INDETERMINATE])
async def test_a_refused_cancel(ada: Trader, house: House, refusal: Refusal) -> None:
    house.orders.rows, house.sagas.cancel_refusal = [row(ada.user_id)], refusal
    answer = await ada.call("DELETE", "order", {"symbol": "BTCUSDT", "orderId": "41"})
    status, code, msg = TABLE[refusal]
    assert (answer.status_code, answer.json()) == (status, {"code": code, "msg": msg})


@pytest.mark.parametrize(
    ("method", "path", "parameters"),
    [
        *[("POST", *placed) for placed in PLACED],
        (
            "PUT",
            "order/amend/keepPriority",
            {"symbol": "BTCUSDT", "orderId": "41", "newQty": "0.4"},
        ),
        ("DELETE", "order", {"symbol": "BTCUSDT", "orderId": "41"}),
        ("DELETE", "openOrders", {"symbol": "BTCUSDT"}),
        (
            "POST",
            "order/cancelReplace",
            {**LIMIT_BUY, "cancelReplaceMode": "ALLOW_FAILURE", "cancelOrderId": "41"},
        ),
    ],
)
async def test_silence_is_an_unknown_outcome_never_a_refusal(
    ada: Trader, house: House, method: str, path: str, parameters: dict[str, str]
) -> None:
    house.orders.rows = [row(ada.user_id)]
    house.sagas.silent = house.sagas.cancel_silent = True
    answer = await ada.call(method, path, parameters)
    assert (answer.status_code, answer.json()["code"]) == (504, -1007)
    assert not (path == "order/cancelReplace" and house.sagas.placed)


async def test_an_answer_without_a_state_is_unknown(ada: Trader, house: House) -> None:
    house.orders.rows, house.sagas.amended = [row(ada.user_id)], None
    query = {"symbol": "BTCUSDT", "orderId": "41", "newQty": "0.4"}
    answer = await ada.call("PUT", "order/amend/keepPriority", query)
    assert (answer.status_code, answer.json()["code"]) == (504, -1007)
    house.sagas.amended = state(41)
    assert (await ada.call("PUT", "order/amend/keepPriority", query)).status_code == 200
