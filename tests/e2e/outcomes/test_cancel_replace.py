"""An order cancelled and another placed in one request."""

import httpx
import pytest

from tests.e2e.outcomes.actor import Json, Placed
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

UNKNOWN = {"code": -2011, "msg": "Unknown order sent."}
POOR = {"code": -2010, "msg": "Account has insufficient balance for requested action."}
BUY_TWO = {
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "2",
    "price": "1980",
    "newOrderRespType": "FULL",
}


async def _replace(
    stage: Stage, order_id: int, mode: str = "STOP_ON_FAILURE", **changes: object
) -> httpx.Response:
    return await stage.me.post(
        "order/cancelReplace",
        cancelOrderId=order_id,
        cancelReplaceMode=mode,
        **{**BUY_TWO, **changes},
    )


def _results(found: Json) -> tuple[object, ...]:
    return found["cancelResult"], found["newOrderResult"]


async def test_row_31_both_work(stage: Stage) -> None:
    """The old order's money is needed for the new one."""
    old = await stage.me.buys("50", "2000")
    await stage.me.owns(usdt="0", locked_usdt="100000")
    answer = await _replace(stage, old.id)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert _results(found) == ("SUCCESS", "SUCCESS")
    assert found["cancelResponse"]["orderId"] == old.id
    assert found["cancelResponse"]["status"] == "CANCELED"
    new = Placed(stage.me, found["newOrderResponse"])
    await new.stands("NEW")
    await old.becomes("CANCELED")
    await stage.me.owns(usdt="96040", locked_usdt="3960")
    assert await stage.me.open_ids() == [new.id]


async def test_row_31_the_new_one_takes_as_its_type_does(stage: Stage) -> None:
    await stage.other.sells("0.5", "2010")
    old = await stage.me.buys("1", "1990")
    answer = await _replace(stage, old.id, price="2010", timeInForce="IOC")
    assert answer.status_code == 200, answer.text
    new = Placed(stage.me, answer.json()["newOrderResponse"])
    expired = "UNFILLED_IOC_QUANTITY_EXPIRED"
    await new.stands("EXPIRED", "0.5", "1005", expired, [("2010", "0.5", "0.0005")])
    await old.becomes("CANCELED")
    await stage.me.owns(usdt="98995", eth="100.4995")


async def test_row_32_the_cancel_fails_and_nothing_happens(stage: Stage) -> None:
    old = await stage.me.buys("1", "1990")
    await stage.me.cancels(old)
    answer = await _replace(stage, old.id)
    assert answer.status_code == 400
    assert answer.json() == {
        "code": -2022,
        "msg": "Order cancel-replace failed.",
        "data": {
            "cancelResult": "FAILURE",
            "newOrderResult": "NOT_ATTEMPTED",
            "cancelResponse": UNKNOWN,
            "newOrderResponse": None,
        },
    }
    assert await stage.me.open_ids() == []
    await stage.me.owns()


async def test_row_33_the_cancel_fails_and_the_new_one_works(stage: Stage) -> None:
    answer = await _replace(stage, 1, "ALLOW_FAILURE")
    assert answer.status_code == 409
    found = answer.json()
    assert (found["code"], found["msg"]) == (-2021, "Order cancel-replace partially failed.")
    assert _results(found["data"]) == ("FAILURE", "SUCCESS")
    assert found["data"]["cancelResponse"] == UNKNOWN
    new = Placed(stage.me, found["data"]["newOrderResponse"])
    await new.stands("NEW")
    await stage.me.owns(usdt="96040", locked_usdt="3960")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"quantity": "51", "price": "2000"}, POOR),
        ({"price": "2200.01"}, {"code": -1013, "msg": "Filter failure: PERCENT_PRICE_BY_SIDE"}),
    ],
)
async def test_row_34_the_cancel_works_and_the_new_one_is_refused(
    stage: Stage, changes: Json, refusal: Json
) -> None:
    old = await stage.me.buys("1", "1990")
    answer = await _replace(stage, old.id, newClientOrderId="replacement", **changes)
    assert answer.status_code == 409
    found = answer.json()
    assert (found["code"], found["msg"]) == (-2021, "Order cancel-replace partially failed.")
    assert _results(found["data"]) == ("SUCCESS", "FAILURE")
    assert found["data"]["cancelResponse"]["status"] == "CANCELED"
    assert found["data"]["newOrderResponse"] == refusal
    await old.becomes("CANCELED")
    await stage.me.forgets("replacement")
    await stage.me.owns()
    assert await stage.me.open_ids() == []
