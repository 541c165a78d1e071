"""Every order of a market cancelled in one step."""

import pytest

from tests.e2e.outcomes.actor import SYMBOL, assert_error
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def test_row_29_several_rest(stage: Stage) -> None:
    """One has traded in part, one shows a part of itself, and one waits for its price."""
    await stage.other.sells("0.4", "2000")
    partly = await stage.me.buys("1", "2000")
    iceberg = await stage.me.sells("1", "2020", icebergQty="0.1")
    waiting = await stage.me.places("SELL", "STOP_LOSS", quantity="2", stopPrice="1900")
    others = await stage.other.buys("1", "1990")
    await stage.me.owns(usdt="98000", locked_usdt="1200", eth="97.3996", locked_eth="3")
    answer = await stage.me.trader.send("DELETE", "openOrders", symbol=SYMBOL)
    assert answer.status_code == 200, answer.text
    told = {order["orderId"]: (order["status"], order["executedQty"]) for order in answer.json()}
    assert told == {
        partly.id: ("CANCELED", "0.40000000"),
        iceberg.id: ("CANCELED", "0.00000000"),
        waiting.id: ("CANCELED", "0.00000000"),
    }
    assert await stage.me.open_ids() == []
    await partly.becomes("CANCELED", "0.4", "800")
    await iceberg.becomes("CANCELED")
    await waiting.becomes("CANCELED")
    await stage.me.owns(usdt="99200", eth="100.3996")
    await others.becomes("NEW")


async def test_row_30_none_rests(stage: Stage) -> None:
    others = await stage.other.buys("1", "1990")
    answer = await stage.me.trader.send("DELETE", "openOrders", symbol=SYMBOL)
    assert_error(answer, 400, -2011, "Unknown order sent.")
    await stage.me.owns()
    await others.becomes("NEW")
