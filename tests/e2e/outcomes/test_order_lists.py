"""One-cancels-the-other lists: to sell 1 ETH at 2050, or when the price has fallen to 1950."""

import httpx
import pytest

from tests.e2e.outcomes.actor import SYMBOL, Json, Placed, assert_error
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

SELL = {
    "side": "SELL",
    "quantity": "1",
    "aboveType": "LIMIT_MAKER",
    "abovePrice": "2050",
    "belowType": "STOP_LOSS_LIMIT",
    "belowStopPrice": "1950",
    "belowPrice": "1930",
    "belowTimeInForce": "GTC",
    "newOrderRespType": "FULL",
}
BUY = {
    "side": "BUY",
    "quantity": "1",
    "aboveType": "STOP_LOSS",
    "aboveStopPrice": "2050",
    "belowType": "LIMIT_MAKER",
    "belowPrice": "1950",
    "newOrderRespType": "FULL",
}
OTHER_LEG = "OCO_TRIGGER"


async def _places(stage: Stage, order_list: Json) -> tuple[Json, Placed, Placed]:
    """The list, and its legs above and below, both told NEW."""
    answer = await stage.me.post("orderList/oco", **order_list)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["contingencyType"], found["listOrderStatus"]) == ("OCO", "EXECUTING")
    above, below = (Placed(stage.me, report) for report in found["orderReports"])
    for leg in (above, below):
        await leg.stands("NEW")
        assert leg.told["orderListId"] == found["orderListId"]
    return found, above, below


async def _is_done(stage: Stage, order_list: Json) -> None:
    found = await stage.me.trader.ask("orderList", orderListId=order_list["orderListId"])
    assert isinstance(found, dict)
    assert found["listOrderStatus"] == "ALL_DONE"
    assert await stage.me.trader.ask("openOrderList") == []
    assert await stage.me.open_ids() == []


async def test_row_44_the_limit_leg_of_a_sell_fills(stage: Stage) -> None:
    made, above, below = await _places(stage, SELL)
    await stage.me.owns(eth="99", locked_eth="1")
    await stage.shows("asks", ("2050", "1"))
    await stage.other.buys("1", "2050")
    await above.becomes("FILLED", "1", "2050")
    await below.becomes("EXPIRED", expiry=OTHER_LEG)
    await stage.me.owns(usdt="102047.95", eth="99")
    await _is_done(stage, made)


async def test_row_44_the_limit_leg_of_a_buy_fills_in_two_parts(stage: Stage) -> None:
    """The stop leg may need 2050 and a tenth more; that is held until the limit leg has ended."""
    made, above, below = await _places(stage, BUY)
    await stage.me.owns(usdt="97745", locked_usdt="2255")
    await stage.other.sells("0.4", "1950")
    await below.becomes("PARTIALLY_FILLED", "0.4", "780")
    await above.becomes("EXPIRED", expiry=OTHER_LEG)
    await stage.other.sells("0.6", "1950")
    await below.becomes("FILLED", "1", "1950")
    await stage.me.owns(usdt="98050", eth="100.999")
    await _is_done(stage, made)


async def test_row_45_the_stop_leg_of_a_sell_is_triggered(stage: Stage) -> None:
    made, above, below = await _places(stage, SELL)
    await stage.other.buys("0.4", "1940")
    await stage.trades_at("1950", then="1940")
    await below.becomes("PARTIALLY_FILLED", "0.4", "776")
    await above.becomes("EXPIRED", expiry=OTHER_LEG)
    await stage.shows("asks", ("1930", "0.6"))
    await stage.me.owns(usdt="100775.224", eth="99", locked_eth="0.6")
    await stage.other.buys("0.6", "1930")
    await below.becomes("FILLED", "1", "1934")
    await stage.me.owns(usdt="101932.066", eth="99")
    await _is_done(stage, made)


async def test_row_45_what_is_left_of_a_triggered_leg_rests(stage: Stage) -> None:
    """One leg has ended, the other rests: the exchange is at rest with half a list."""
    _, above, below = await _places(stage, SELL)
    await stage.trades_at("1950")
    await below.becomes("NEW")
    await above.becomes("EXPIRED", expiry=OTHER_LEG)
    assert await stage.me.open_ids() == [below.id]
    await stage.shows("asks", ("1930", "1"))
    await stage.me.owns(eth="99", locked_eth="1")


async def test_row_45_the_stop_leg_of_a_buy_is_triggered(stage: Stage) -> None:
    made, above, below = await _places(stage, BUY)
    await stage.other.sells("0.4", "2070")
    await stage.trades_at("2050", then="2070")
    await above.becomes("EXPIRED", "0.4", "828", "INSUFFICIENT_LIQUIDITY")
    await below.becomes("EXPIRED", expiry=OTHER_LEG)
    await stage.me.owns(usdt="99172", eth="100.3996")
    await _is_done(stage, made)


@pytest.mark.parametrize("leg", ["above", "below", "list"])
async def test_row_46_one_leg_is_cancelled(stage: Stage, leg: str) -> None:
    made, above, below = await _places(stage, SELL)
    if leg == "list":
        list_id = made["orderListId"]
        sent = {"symbol": SYMBOL, "orderListId": list_id}
        answer = await stage.me.trader.send("DELETE", "orderList", **sent)
        assert answer.json()["listOrderStatus"] == "ALL_DONE", answer.text
    else:
        answer = await stage.me.cancels(above if leg == "above" else below)
    assert answer.status_code == 200, answer.text
    await above.becomes("CANCELED")
    await below.becomes("CANCELED")
    await stage.me.owns()
    await _is_done(stage, made)


async def _is_refused(stage: Stage, code: int, message: str, **changes: object) -> None:
    answer = await _post_named(stage, {**SELL, **changes})
    assert_error(answer, 400, code, message)
    await stage.me.forgets("one")
    await stage.me.forgets("two")
    assert await stage.me.trader.ask("openOrderList") == []
    await stage.me.owns()


async def _post_named(stage: Stage, order_list: Json) -> httpx.Response:
    return await stage.me.post(
        "orderList/oco", aboveClientOrderId="one", belowClientOrderId="two", **order_list
    )


async def test_row_47_a_leg_is_out_of_the_band(stage: Stage) -> None:
    band = "Filter failure: PERCENT_PRICE_BY_SIDE"
    await _is_refused(stage, -1013, band, belowPrice="1754.99")


async def test_row_47_the_limit_leg_would_take(stage: Stage) -> None:
    await stage.other.buys("1", "2050")
    await _is_refused(stage, -2010, "Order would immediately match and take.")


async def test_row_47_no_funds(stage: Stage) -> None:
    poor = "Account has insufficient balance for requested action."
    await _is_refused(stage, -2010, poor, quantity="100.0001")
