"""Where a trader would meet an order of their own."""

from decimal import Decimal

import pytest

from tests.e2e.outcomes.actor import SYMBOL, Json, Placed
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

PREVENTED = ("EXPIRED_IN_MATCH", "0", "0", "SELF_TRADE_PREVENTION")
TAKERS = ["LIMIT", "MARKET"]


async def _takes_one(stage: Stage, type: str, mode: str) -> Placed:
    """A buy of 1 that may go up to 2010 at least."""
    if type == "MARKET":
        return await stage.me.places("BUY", type, quantity="1", selfTradePreventionMode=mode)
    return await stage.me.buys("1", "2010", selfTradePreventionMode=mode)


async def _prevented(stage: Stage, taker: Placed) -> Json:
    """The one match that was prevented, as its user reads it."""
    found = await stage.me.trader.ask("myPreventedMatches", symbol=SYMBOL, orderId=taker.id)
    assert isinstance(found, list)
    (match,) = found
    assert match["takerOrderId"] == taker.id
    return dict(match)


@pytest.mark.parametrize("type", TAKERS)
async def test_row_25_the_taker_expires(stage: Stage, type: str) -> None:
    await stage.other.sells("0.4", "1990")
    own = await stage.me.sells("1", "2000")
    behind = await stage.other.sells("1", "2005")
    taker = await _takes_one(stage, type, "EXPIRE_TAKER")
    await taker.stands(
        "EXPIRED_IN_MATCH", "0.4", "796", "SELF_TRADE_PREVENTION", [("1990", "0.4", "0.0004")]
    )
    await own.becomes("NEW")
    await behind.becomes("NEW")
    await stage.me.owns(usdt="99204", eth="99.3996", locked_eth="1")
    match = await _prevented(stage, taker)
    assert (match["makerOrderId"], match["selfTradePreventionMode"]) == (own.id, "EXPIRE_TAKER")
    assert Decimal(match["takerPreventedQuantity"]) == Decimal("0.6")
    assert "makerPreventedQuantity" not in match


@pytest.mark.parametrize("type", TAKERS)
async def test_row_26_the_maker_expires(stage: Stage, type: str) -> None:
    own = await stage.me.sells("1", "2000")
    await stage.other.sells("1", "2005")
    taker = await _takes_one(stage, type, "EXPIRE_MAKER")
    await taker.stands("FILLED", "1", "2005", fills=[("2005", "1", "0.001")])
    await own.becomes(*PREVENTED)
    await stage.me.owns(usdt="97995", eth="100.999")
    match = await _prevented(stage, taker)
    assert (match["makerOrderId"], match["selfTradePreventionMode"]) == (own.id, "EXPIRE_MAKER")
    assert Decimal(match["makerPreventedQuantity"]) == 1
    assert "takerPreventedQuantity" not in match


async def test_row_26_a_maker_that_has_traded_gives_its_rest_back(stage: Stage) -> None:
    own = await stage.me.sells("1", "2000")
    await stage.other.buys("0.4", "2000")
    taker = await stage.me.buys("1", "2010", selfTradePreventionMode="EXPIRE_MAKER")
    await taker.stands("NEW")
    await own.becomes("EXPIRED_IN_MATCH", "0.4", "800", "SELF_TRADE_PREVENTION")
    await stage.me.owns(usdt="98789.2", locked_usdt="2010", eth="99.6")


@pytest.mark.parametrize("type", TAKERS)
async def test_row_27_both_expire(stage: Stage, type: str) -> None:
    await stage.other.sells("0.4", "1990")
    own = await stage.me.sells("1", "2000")
    behind = await stage.other.sells("1", "2005")
    taker = await _takes_one(stage, type, "EXPIRE_BOTH")
    await taker.stands(
        "EXPIRED_IN_MATCH", "0.4", "796", "SELF_TRADE_PREVENTION", [("1990", "0.4", "0.0004")]
    )
    await own.becomes(*PREVENTED)
    await behind.becomes("NEW")
    await stage.me.owns(usdt="99204", eth="100.3996")
    match = await _prevented(stage, taker)
    assert Decimal(match["takerPreventedQuantity"]) == Decimal("0.6")
    assert Decimal(match["makerPreventedQuantity"]) == 1


@pytest.mark.parametrize("type", TAKERS)
async def test_row_28_they_trade(stage: Stage, type: str) -> None:
    own = await stage.me.sells("1", "2000")
    taker = await _takes_one(stage, type, "NONE")
    await taker.stands("FILLED", "1", "2000", fills=[("2000", "1", "0.001")])
    await own.becomes("FILLED", "1", "2000")
    await stage.me.owns(usdt="99998", eth="99.999")
    assert await stage.me.trader.ask("myPreventedMatches", symbol=SYMBOL, orderId=taker.id) == []
