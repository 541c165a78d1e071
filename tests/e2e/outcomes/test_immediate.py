"""Limit orders that take what they can at once, or nothing, and never rest."""

import pytest

from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

IOC = {"timeInForce": "IOC"}
FOK = {"timeInForce": "FOK"}
REST_EXPIRED = "UNFILLED_IOC_QUANTITY_EXPIRED"
KILLED = "UNFILLED_FOK_ORDER_EXPIRED"


async def test_row_08_ioc_takes_all(stage: Stage) -> None:
    await stage.other.sells("1", "1990")
    bid = await stage.me.buys("1", "2000", **IOC)
    await bid.stands("FILLED", "1", "1990", fills=[("1990", "1", "0.001")])
    await stage.me.owns(usdt="98010", eth="100.999")
    await stage.other.owns(usdt="101988.01", eth="99")


async def test_row_09_ioc_takes_what_it_can(stage: Stage) -> None:
    await stage.other.sells("0.4", "2000")
    bid = await stage.me.buys("1", "2010", **IOC)
    await bid.stands("EXPIRED", "0.4", "800", REST_EXPIRED, [("2000", "0.4", "0.0004")])
    await stage.me.owns(usdt="99200", eth="100.3996")
    await stage.other.owns(usdt="100799.2", eth="99.6")
    assert await stage.me.open_ids() == []


async def test_row_09_ioc_stops_at_its_limit(stage: Stage) -> None:
    await stage.other.buys("0.4", "2000")
    beyond = await stage.other.buys("1", "1989.99")
    ask = await stage.me.sells("1", "1990", **IOC)
    await ask.stands("EXPIRED", "0.4", "800", REST_EXPIRED, [("2000", "0.4", "0.8")])
    await stage.me.owns(usdt="100799.2", eth="99.6")
    await beyond.becomes("NEW")


async def test_row_10_ioc_finds_nothing(stage: Stage) -> None:
    await stage.other.sells("1", "2010.01")
    bid = await stage.me.buys("1", "2010", **IOC)
    await bid.stands("EXPIRED", expiry=REST_EXPIRED)
    await stage.me.owns()


async def test_row_11_fok_takes_all(stage: Stage) -> None:
    await stage.other.sells("0.5", "1990")
    await stage.other.sells("0.5", "2000")
    bid = await stage.me.buys("1", "2010", **FOK)
    fills = [("1990", "0.5", "0.0005"), ("2000", "0.5", "0.0005")]
    await bid.stands("FILLED", "1", "1995", fills=fills)
    await stage.me.owns(usdt="98005", eth="100.999")
    await stage.other.owns(usdt="101993.005", eth="99")


async def test_row_12_fok_cannot_take_all(stage: Stage) -> None:
    ask = await stage.other.sells("0.9999", "2000")
    beyond = await stage.other.sells("1", "2010.01")
    bid = await stage.me.buys("1", "2010", **FOK)
    await bid.stands("EXPIRED", expiry=KILLED)
    await stage.me.owns()
    await ask.becomes("NEW")
    await beyond.becomes("NEW")
    await stage.other.owns(eth="98.0001", locked_eth="1.9999")


@pytest.mark.parametrize("mode", ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"])
async def test_row_13_fok_has_enough_only_with_its_own(stage: Stage, mode: str) -> None:
    own = await stage.me.sells("0.5", "2000")
    others = await stage.other.sells("0.5", "2005")
    bid = await stage.me.buys("1", "2010", **FOK, selfTradePreventionMode=mode)
    await bid.stands("EXPIRED", expiry=KILLED)
    await own.becomes("NEW")
    await others.becomes("NEW")
    await stage.me.owns(eth="99.5", locked_eth="0.5")
