"""Orders that are good until a time of the log."""

import asyncio
import time

import pytest

from tests.e2e.outcomes.actor import assert_error
from tests.e2e.outcomes.stage import Stage
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def _in_ms(ahead_ms: int) -> int:
    return int(time.time() * 1000) + ahead_ms


async def test_row_14_the_date_passes(stage: Stage) -> None:
    await stage.other.sells("0.4", "1990")
    date = _in_ms(8_000)
    bid = await stage.me.buys("1", "1990", timeInForce="GTD", goodTillDate=date)
    await bid.stands("PARTIALLY_FILLED", "0.4", "796", fills=[("1990", "0.4", "0.0004")])
    await stage.me.owns(usdt="98010", locked_usdt="1194", eth="100.3996")
    expired = await bid.becomes("EXPIRED", "0.4", "796", "GOOD_TILL_DATE_REACHED")
    assert expired["goodTillDate"] == date
    assert expired["updateTime"] >= date
    await stage.me.owns(usdt="99204", eth="100.3996")
    await stage.shows("bids")


async def test_row_15_the_gateway_refuses_a_date_that_has_passed(stage: Stage) -> None:
    message = (
        "Data sent for parameter 'goodTillDate' is not valid: it must be at least one second"
        " and at most one year ahead."
    )
    order = {"side": "BUY", "type": "LIMIT", "quantity": "1", "price": "1990"}
    for date in (_in_ms(-1), _in_ms(500)):
        dated = {**order, "timeInForce": "GTD", "goodTillDate": date}
        await stage.me.is_refused(-1130, message, **dated)
    await stage.me.owns()


async def test_row_15_the_date_passes_before_the_engine_reads_the_order(stage: Stage) -> None:
    """The wallet stands still until the date is over: the order comes too late."""
    date = _in_ms(3_000)
    stage.platform.pause("wallet")
    try:
        sent = asyncio.create_task(
            stage.me.post(
                side="SELL",
                type="LIMIT",
                timeInForce="GTD",
                goodTillDate=date,
                quantity="1",
                price="2010",
                newClientOrderId="too-late",
            )
        )

        async def over() -> bool:
            return _in_ms(0) > date + 100

        await until(over, "the date is over")
    finally:
        stage.platform.resume("wallet")
    assert_error(await sent, 400, -2010, "Order was not accepted before its goodTillDate.")
    await stage.me.forgets("too-late")
    await stage.me.owns()
