"""An order's quantity reduced in place."""

import httpx
import pytest

from tests.e2e.outcomes.actor import SYMBOL, Placed, assert_error
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

TOO_LITTLE = "The new quantity must be less than the order's and more than what is filled."


async def _amend(order: Placed, quantity: str) -> httpx.Response:
    return await order.owner.trader.send(
        "PUT", "order/amend/keepPriority", symbol=SYMBOL, orderId=order.id, newQty=quantity
    )


async def test_row_35_less_than_before_in_the_same_place(stage: Stage) -> None:
    first = await stage.me.buys("1", "1990")
    behind = await stage.other.buys("1", "1990")
    answer = await _amend(first, "0.4")
    assert answer.status_code == 200, answer.text
    amended = answer.json()["amendedOrder"]
    assert (amended["orderId"], amended["qty"], amended["status"]) == (
        first.id,
        "0.40000000",
        "NEW",
    )
    await stage.me.owns(usdt="99204", locked_usdt="796")
    await stage.shows("bids", ("1990", "1.4"))
    await stage.third.sells("0.4", "1990", timeInForce="IOC")
    await first.becomes("FILLED", "0.4", "796")
    await behind.becomes("NEW")
    assert (await first.now())["origQty"] == "0.40000000"
    await stage.me.owns(usdt="99204", eth="100.3996")


async def test_row_35_more_than_is_filled(stage: Stage) -> None:
    """The seller's unsold half shrinks to a tenth."""
    await stage.other.buys("0.5", "2000")
    ask = await stage.me.sells("1", "2000")
    await ask.stands("PARTIALLY_FILLED", "0.5", "1000", fills=[("2000", "0.5", "1")])
    answer = await _amend(ask, "0.6")
    assert answer.status_code == 200, answer.text
    found = await ask.becomes("PARTIALLY_FILLED", "0.5", "1000")
    assert found["origQty"] == "0.60000000"
    await stage.me.owns(usdt="100999", eth="99.4", locked_eth="0.1")
    again = await _amend(ask, "0.6")
    assert (again.status_code, again.json()["amendedOrder"]["qty"]) == (200, "0.60000000")
    await stage.me.owns(usdt="100999", eth="99.4", locked_eth="0.1")
    assert (await stage.me.cancels(ask)).status_code == 200
    await stage.me.owns(usdt="100999", eth="99.5")


async def test_row_35_a_conditional_order_that_waits(stage: Stage) -> None:
    waiting = await stage.me.places("BUY", "STOP_LOSS", quantity="1", stopPrice="2050")
    await stage.me.owns(usdt="97745", locked_usdt="2255")
    answer = await _amend(waiting, "0.4")
    assert answer.status_code == 200, answer.text
    await stage.me.owns(usdt="99098", locked_usdt="902")
    assert (await waiting.now())["origQty"] == "0.40000000"


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        ("1.0001", "Order amend (quantity increase) is not supported."),
        ("1", "The requested action would change no state; rejecting"),
        ("0.4", TOO_LITTLE),
        ("0.3", TOO_LITTLE),
    ],
)
async def test_row_36_not_less_or_not_more_than_filled(
    stage: Stage, quantity: str, message: str
) -> None:
    await stage.other.sells("0.4", "1990")
    bid = await stage.me.buys("1", "1990")
    assert_error(await _amend(bid, quantity), 400, -2038, message)
    await bid.stands("PARTIALLY_FILLED", "0.4", "796", fills=[("1990", "0.4", "0.0004")])
    assert (await bid.now())["origQty"] == "1.00000000"
    await stage.me.owns(usdt="98010", locked_usdt="1194", eth="100.3996")
