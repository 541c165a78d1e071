"""Cancel-replace: both results, in every combination, and nothing done where a parameter errs."""

from collections.abc import Mapping
from typing import Any

import pytest

from contracts.order_views import OpenCounts
from contracts.orders import OrderStatus, Refusal
from tests.unit.api.conftest import House
from tests.unit.api.rows import leg, row
from tests.unit.api.signing import LIMIT_BUY, MARKET_BUY, STOP_BUY, Trader

PATH = "order/cancelReplace"
STOP = {**LIMIT_BUY, "cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": "41"}
ALLOW = STOP | {"cancelReplaceMode": "ALLOW_FAILURE"}
CANCEL_ONLY = {"orderRateLimitExceededMode": "CANCEL_ONLY"}
UNKNOWN = {"code": -2011, "msg": "Unknown order sent."}
TAKES = {"code": -2010, "msg": "Order would immediately match and take."}
THROTTLED = {
    "code": -1015,
    "msg": "Too many new orders; current limit is 20 orders per 10 SECOND.",
}
PARTLY = (-2021, "Order cancel-replace partially failed.")
FAILED = (-2022, "Order cancel-replace failed.")


async def test_both_work(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id)]
    both = STOP | {"cancelNewClientOrderId": "cancel-1", "newClientOrderId": "mine-2"}
    answer = await ada.call("POST", PATH, both)
    body = answer.json()
    assert answer.status_code == 200
    assert (body["cancelResult"], body["newOrderResult"]) == ("SUCCESS", "SUCCESS")
    cancel, new = body["cancelResponse"], body["newOrderResponse"]
    assert (cancel["origClientOrderId"], cancel["clientOrderId"], cancel["status"]) == (
        "mine-1",
        "cancel-1",
        "CANCELED",
    )
    assert (new["clientOrderId"], new["status"], new["fills"]) == ("mine-2", "NEW", [])
    assert [order.client_order_id for order in house.sagas.placed] == ["mine-2"]


@pytest.mark.parametrize(
    ("parameters", "works", "expected"),
    [
        (STOP, (False, True), (400, FAILED, "FAILURE", "NOT_ATTEMPTED", UNKNOWN, None)),
        (STOP, (True, False), (409, PARTLY, "SUCCESS", "FAILURE", dict, TAKES)),
        (STOP, (False, False), (400, FAILED, "FAILURE", "NOT_ATTEMPTED", UNKNOWN, None)),
        (ALLOW, (False, True), (409, PARTLY, "FAILURE", "SUCCESS", UNKNOWN, dict)),
        (ALLOW, (True, False), (409, PARTLY, "SUCCESS", "FAILURE", dict, TAKES)),
        (ALLOW, (False, False), (400, FAILED, "FAILURE", "FAILURE", UNKNOWN, TAKES)),
    ],
)
async def test_one_or_both_fail(
    ada: Trader,
    house: House,
    parameters: dict[str, str],
    works: tuple[bool, bool],
    expected: tuple[Any, ...],
) -> None:
    cancel, place = works
    house.orders.rows = [row(ada.user_id)]
    house.sagas.cancel_refusal = None if cancel else Refusal.UNKNOWN_ORDER
    house.sagas.refusal = None if place else Refusal.WOULD_TAKE
    answer = await ada.call("POST", PATH, parameters)
    check(answer.status_code, answer.json(), expected)
    assert len(house.sagas.placed) == (expected[3] != "NOT_ATTEMPTED")


@pytest.mark.parametrize(
    ("parameters", "cancel", "expected"),
    [
        (STOP, True, (429, PARTLY, "SUCCESS", "FAILURE", dict, THROTTLED)),
        (STOP, False, (429, FAILED, "FAILURE", "NOT_ATTEMPTED", UNKNOWN, None)),
        (ALLOW, True, (409, PARTLY, "SUCCESS", "FAILURE", dict, THROTTLED)),
        (ALLOW, False, (400, FAILED, "FAILURE", "FAILURE", UNKNOWN, THROTTLED)),
    ],
)
async def test_one_order_too_many_may_still_cancel(
    ada: Trader,
    house: House,
    parameters: dict[str, str],
    cancel: bool,
    expected: tuple[Any, ...],
) -> None:
    house.orders.rows = [row(ada.user_id)]
    for _ in range(20):
        await ada.call("POST", "order", LIMIT_BUY)
    answer = await ada.call("POST", PATH, parameters)
    assert (answer.status_code, answer.json()) == (429, THROTTLED)
    assert house.sagas.cancels == []
    house.sagas.cancel_refusal = None if cancel else Refusal.UNKNOWN_ORDER
    answer = await ada.call("POST", PATH, parameters | CANCEL_ONLY)
    check(answer.status_code, answer.json(), expected)
    assert len(house.sagas.placed) == 20


def check(status: int, body: Mapping[str, Any], expected: tuple[Any, ...]) -> None:
    wanted_status, (code, msg), cancel_result, new_result, cancel, new = expected
    assert (status, body["code"], body["msg"]) == (wanted_status, code, msg)
    data = body["data"]
    assert (data["cancelResult"], data["newOrderResult"]) == (cancel_result, new_result)
    for told, wanted in ((data["cancelResponse"], cancel), (data["newOrderResponse"], new)):
        if wanted is dict:
            assert told["orderId"] > 0
        else:
            assert told == wanted


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cancelReplaceMode": None}, -1102),
        ({"cancelReplaceMode": "NEVER"}, -1130),
        ({"cancelOrderId": None}, -1102),
        ({"cancelOrderId": "x"}, -1100),
        ({"cancelRestrictions": "ONLY_FILLED"}, -1145),
        ({"orderRateLimitExceededMode": "CANCEL_ALL"}, -1130),
        ({"symbol": "NOPE"}, -1121),
        ({"price": None}, -1102),
        ({"price": "60000.001"}, -1013),
        ({"quantity": "0.00001", "price": "1"}, -1013),
        ({"stopPrice": "1"}, -1106),
        ({"timeInForce": "GTD", "goodTillDate": "1"}, -1130),
        ({"type": "MARKET", "timeInForce": None, "price": None, "quantity": "0.00001"}, -1013),
        ({"unknown": "1"}, -1104),
    ],
)
async def test_a_wrong_parameter_cancels_nothing(
    ada: Trader, house: House, changes: dict[str, str | None], code: int
) -> None:
    house.orders.rows = [row(ada.user_id)]
    parameters = {k: v for k, v in {**ALLOW, **changes}.items() if v is not None}
    answer = await ada.call("POST", PATH, parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert "data" not in answer.json()
    assert house.sagas.cancels == house.sagas.placed == []


async def test_limits_are_looked_at_before_anything_is_cancelled(ada: Trader, house: House) -> None:
    house.orders.rows, house.orders.counts = [row(ada.user_id)], OpenCounts(conditional=5)
    answer = await ada.call(
        "POST", PATH, {**STOP_BUY, "cancelReplaceMode": "ALLOW_FAILURE", "cancelOrderId": "41"}
    )
    assert answer.json() == {"code": -1013, "msg": "Filter failure: MAX_NUM_ALGO_ORDERS"}
    assert house.sagas.cancels == []


@pytest.mark.parametrize(
    ("status", "restriction", "works"),
    [
        (OrderStatus.OPEN, "ONLY_NEW", True),
        (OrderStatus.OPEN, "ONLY_PARTIALLY_FILLED", False),
        (OrderStatus.PARTIALLY_FILLED, "ONLY_PARTIALLY_FILLED", True),
        (OrderStatus.PARTIALLY_FILLED, "ONLY_NEW", False),
    ],
)
async def test_restrictions(
    ada: Trader, house: House, status: OrderStatus, restriction: str, works: bool
) -> None:
    house.orders.rows = [row(ada.user_id, status=status)]
    answer = await ada.call("POST", PATH, STOP | {"cancelRestrictions": restriction})
    assert answer.status_code == (200 if works else 400)
    if not works:
        told = answer.json()["data"]["cancelResponse"]
        assert told["msg"] == "Order was not canceled due to cancel restrictions."
    assert len(house.sagas.cancels) == len(house.sagas.placed) == works


async def test_a_market_order_may_replace(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id)]
    mode = {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrigClientOrderId": "mine-1"}
    assert (await ada.call("POST", PATH, MARKET_BUY | mode)).status_code == 200
    assert [order.price_ticks for order in house.sagas.placed] == [6_600_000]


async def test_a_leg_takes_its_list_along(ada: Trader, house: House) -> None:
    house.orders.rows = [leg(ada.user_id, 41)]
    answer = await ada.call("POST", PATH, STOP)
    assert answer.json()["cancelResponse"]["orderListId"] == 9
    assert house.sagas.cancelled_lists == ["pair-1"]


async def test_a_silent_placement_is_unknown_whatever_the_cancel_did(
    ada: Trader, house: House
) -> None:
    house.orders.rows, house.sagas.silent = [row(ada.user_id)], True
    answer = await ada.call("POST", PATH, ALLOW)
    assert (answer.status_code, answer.json()["code"]) == (504, -1007)


async def test_the_same_parametersagain_gets_the_same_answer(ada: Trader, house: House) -> None:
    cancelled = row(ada.user_id, status=OrderStatus.CANCELLED)
    made = row(
        ada.user_id, order_id=42, client_order_id="mine-2", created_at_ms=house.now_ms - 1_000
    )
    house.orders.rows = [cancelled, made]
    again = STOP | {"newClientOrderId": "mine-2"}
    answer = await ada.call("POST", PATH, again)
    assert (answer.status_code, answer.json()["cancelResult"]) == (200, "SUCCESS")
    assert answer.json()["cancelResponse"]["status"] == "CANCELED"
    assert len(house.sagas.placed) == 1  # the saga knows the client id, and answers again


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"status": OrderStatus.FILLED}, {"order_id": 42}),
        ({"status": OrderStatus.CANCELLED}, {"order_id": 40}),  # made before the old one
        ({"status": OrderStatus.CANCELLED}, {"order_id": 42, "created_at_ms": 1}),  # long ago
        ({"status": OrderStatus.CANCELLED}, {"order_id": 42, "client_order_id": "other"}),
    ],
)
async def test_what_is_no_repeat_fails(
    ada: Trader, house: House, old: dict[str, object], new: dict[str, object]
) -> None:
    made = {"client_order_id": "mine-2", **new}
    house.orders.rows = [row(ada.user_id, **old), row(ada.user_id, **made)]
    answer = await ada.call("POST", PATH, STOP | {"newClientOrderId": "mine-2"})
    assert (answer.status_code, answer.json()["code"]) == (400, -2022)
    assert house.sagas.placed == []
