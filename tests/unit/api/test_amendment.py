"""Reducing an order: what the engine is asked, what the client reads, what is refused."""

import pytest

from contracts.amounts import Amount
from contracts.orders import OrderStatus, Refusal
from tests.unit.api.conftest import House
from tests.unit.api.rows import leg, row, state
from tests.unit.api.signing import Trader

PATH = "order/amend/keepPriority"
AMEND = {"symbol": "BTCUSDT", "orderId": "41", "newQty": "0.4"}
INCREASE = "Order amend (quantity increase) is not supported."
NO_CHANGE = "The requested action would change no state; rejecting"


async def test_an_order_is_reduced_and_keeps_its_ids(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id)]
    house.sagas.amended = state(
        41,
        status=OrderStatus.PARTIALLY_FILLED,
        sequence=3,
        quantity=Amount("0.4"),
        filled_quantity=Amount("0.1"),
        filled_quote=Amount("6000"),
    )
    for extra in ({}, {"newClientOrderId": "mine-1"}, {"origClientOrderId": "mine-1"}):
        body = (await ada.call("PUT", PATH, AMEND | extra)).json()
    assert body == {
        "transactTime": 1_800_000_000_005,
        "executionId": 3,
        "amendedOrder": {
            "symbol": "BTCUSDT",
            "orderId": 41,
            "orderListId": -1,
            "origClientOrderId": "mine-1",
            "clientOrderId": "mine-1",
            "price": "60000.00000000",
            "qty": "0.40000000",
            "executedQty": "0.10000000",
            "preventedQty": "0.00000000",
            "quoteOrderQty": "0.00000000",
            "cumulativeQuoteQty": "6000.00000000",
            "status": "PARTIALLY_FILLED",
            "timeInForce": "GTC",
            "type": "LIMIT",
            "side": "BUY",
            "workingTime": 1_800_000_000_001,
            "selfTradePreventionMode": "NONE",
        },
    }
    asked = house.sagas.amendments
    assert {(a.order_id, a.new_quantity, a.new_quantity_lots) for a in asked} == {
        (41, Amount("0.4"), 40_000)
    }
    assert len({a.amend_id for a in asked}) == 1  # a repeat is the same amendment


async def test_another_quantity_is_another_amendment(ada: Trader, house: House) -> None:
    house.orders.rows, house.sagas.amended = [row(ada.user_id)], state(41)
    for quantity in ("0.4", "0.3"):
        await ada.call("PUT", PATH, AMEND | {"newQty": quantity})
    first, second = house.sagas.amendments
    assert first.amend_id != second.amend_id


@pytest.mark.parametrize(
    ("changes", "refusal", "error"),
    [
        ({"orderId": "40"}, None, (-2038, "Unknown order sent.")),
        ({"origClientOrderId": "other"}, None, (-2038, "Unknown order sent.")),
        ({"newQty": "0.50001"}, None, (-2038, INCREASE)),
        (
            {"newClientOrderId": "renamed"},
            None,
            (-1130, "Data sent for parameter 'newClientOrderId' is not valid."),
        ),
        ({"newQty": "9001"}, None, (-1013, "Filter failure: LOT_SIZE")),
        ({"newQty": "0.000001"}, None, (-1013, "Filter failure: LOT_SIZE")),
        ({"newQty": "0.5"}, Refusal.INVALID_AMENDMENT, (-2038, NO_CHANGE)),
        (
            {},
            Refusal.INVALID_AMENDMENT,
            (-2038, "The new quantity must be less than the order's and more than what is filled."),
        ),
        ({}, Refusal.UNKNOWN_ORDER, (-2038, "Unknown order sent.")),
        ({"orderId": "42"}, None, (-2038, "Order amend (order list) is not supported.")),
        ({"orderId": "43"}, None, (-2038, "Unknown order sent.")),
    ],
)
async def test_an_amendment_that_is_refused(
    ada: Trader,
    house: House,
    changes: dict[str, str],
    refusal: Refusal | None,
    error: tuple[int, str],
) -> None:
    house.orders.rows = [
        row(ada.user_id),
        leg(ada.user_id, 42),
        row(ada.user_id, order_id=43, status=OrderStatus.FILLED),
    ]
    house.sagas.refusal = refusal
    answer = await ada.call("PUT", PATH, AMEND | changes)
    assert (answer.status_code, answer.json()) == (400, {"code": error[0], "msg": error[1]})
    assert len(house.sagas.amendments) == (refusal is not None)
