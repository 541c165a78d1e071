"""Limit orders that may rest, and those that may only rest."""

import pytest

from tests.e2e.outcomes.actor import Actor, assert_error
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

BUY_ONE = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "2000"}


async def test_row_01_nothing_to_take(stage: Stage) -> None:
    bid = await stage.me.buys("1", "1990")
    await bid.stands("NEW")
    await stage.me.owns(usdt="98010", locked_usdt="1990")
    ask = await stage.other.sells("1", "2010")
    await ask.stands("NEW")
    await stage.other.owns(eth="99", locked_eth="1")
    await stage.shows("bids", ("1990", "1"))
    await stage.shows("asks", ("2010", "1"))
    assert await stage.me.open_ids() == [bid.id]


async def test_row_02_all_can_be_taken(stage: Stage) -> None:
    ask = await stage.other.sells("1", "1990")
    bid = await stage.me.buys("1", "2000")
    await bid.stands("FILLED", "1", "1990", fills=[("1990", "1", "0.001")])
    await stage.me.owns(usdt="98010", eth="100.999")
    await ask.becomes("FILLED", "1", "1990")
    await stage.other.owns(usdt="101988.01", eth="99")


async def test_row_02_a_seller_gets_the_better_price_too(stage: Stage) -> None:
    await stage.other.buys("1", "2010")
    ask = await stage.me.sells("1", "2000")
    await ask.stands("FILLED", "1", "2010", fills=[("2010", "1", "2.01")])
    await stage.me.owns(usdt="102007.99", eth="99")
    await stage.other.owns(usdt="97990", eth="100.999")


async def test_row_02_fees_are_rounded_down_to_eight_places(stage: Stage) -> None:
    """0.0333 ETH at 2000.01 are worth 66.600333 USDT: the fees are 0.0000333 and 0.06660033(3)."""
    await stage.other.sells("0.0333", "2000.01")
    bid = await stage.me.buys("0.0333", "2000.01")
    await bid.stands("FILLED", "0.0333", "66.600333", fills=[("2000.01", "0.0333", "0.0000333")])
    await stage.me.owns(usdt="99933.399667", eth="100.0332667")
    await stage.other.owns(usdt="100066.53373267", eth="99.9667")


async def test_row_03_some_can_be_taken(stage: Stage) -> None:
    await stage.other.sells("0.4", "2000")
    bid = await stage.me.buys("1", "2010")
    await bid.stands("PARTIALLY_FILLED", "0.4", "800", fills=[("2000", "0.4", "0.0004")])
    await stage.me.owns(usdt="97994", locked_usdt="1206", eth="100.3996")
    await stage.shows("bids", ("2010", "0.6"))
    assert await stage.me.open_ids() == [bid.id]


async def test_row_04_cancelled(stage: Stage) -> None:
    await stage.other.sells("0.4", "2000")
    bid = await stage.me.buys("1", "2000")
    answer = await stage.me.cancels(bid)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["executedQty"]) == ("CANCELED", "0.40000000")
    await bid.becomes("CANCELED", "0.4", "800")
    await stage.me.owns(usdt="99200", eth="100.3996")
    assert_error(await stage.me.cancels(bid), 400, -2011, "Unknown order sent.")
    assert await stage.me.open_ids() == []


async def test_row_05_no_funds(stage: Stage) -> None:
    poor = "Account has insufficient balance for requested action."
    await stage.me.is_refused(-2010, poor, **{**BUY_ONE, "quantity": "50.0001"})
    await stage.me.is_refused(-2010, poor, **{**BUY_ONE, "side": "SELL", "quantity": "100.0001"})
    await stage.me.owns()


async def test_row_05_what_is_locked_is_not_there_to_spend(stage: Stage) -> None:
    await stage.me.buys("49", "2000")
    poor = "Account has insufficient balance for requested action."
    await stage.me.is_refused(-2010, poor, **{**BUY_ONE, "quantity": "1.0001"})
    await stage.me.owns(usdt="2000", locked_usdt="98000")


async def test_row_06_market_halted(stage: Stage) -> None:
    before = await stage.me.buys("1", "1990")
    await stage.halt()
    try:
        await stage.me.is_refused(-2010, "Market is closed.", **BUY_ONE)
        await stage.me.owns(usdt="98010", locked_usdt="1990")
        assert (await stage.me.cancels(before)).status_code == 200
        await stage.me.owns()
    finally:
        await stage.resume()
    await (await stage.me.buys("1", "2000")).stands("NEW")
    await stage.me.owns(usdt="98000", locked_usdt="2000")


@pytest.mark.parametrize(
    ("side", "price", "edge"),
    [
        ("BUY", "2200.01", "2200"),
        ("BUY", "399.99", "400"),
        ("SELL", "1799.99", "1800"),
        ("SELL", "10000.01", "10000"),
    ],
)
async def test_row_07_outside_the_band(stage: Stage, side: str, price: str, edge: str) -> None:
    order = {**BUY_ONE, "side": side}
    band = "Filter failure: PERCENT_PRICE_BY_SIDE"
    await stage.me.is_refused(-1013, band, **{**order, "price": price})
    await stage.me.owns()
    within = await stage.me.places(**{**order, "price": edge})
    await within.stands("NEW")
    await _owns_one_reserved(stage.me, side, edge)


async def _owns_one_reserved(actor: Actor, side: str, price: str) -> None:
    if side == "BUY":
        await actor.owns(usdt=str(100000 - int(price)), locked_usdt=price)
    else:
        await actor.owns(eth="99", locked_eth="1")


async def test_row_16_maker_that_would_not_take(stage: Stage) -> None:
    await stage.other.sells("1", "2000.01")
    bid = await stage.me.buys("1", "2000", type="LIMIT_MAKER")
    await bid.stands("NEW")
    assert (await bid.now())["type"] == "LIMIT_MAKER"
    await stage.me.owns(usdt="98000", locked_usdt="2000")


async def test_row_17_maker_that_would_take(stage: Stage) -> None:
    ask = await stage.other.sells("1", "2000")
    order = {"side": "BUY", "type": "LIMIT_MAKER", "quantity": "1", "price": "2000"}
    await stage.me.is_refused(-2010, "Order would immediately match and take.", **order)
    await stage.me.owns()
    await ask.becomes("NEW")
