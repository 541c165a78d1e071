"""Orders that show a part of themselves at a time."""

import pytest

from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.mark.parametrize("type", ["LIMIT", "LIMIT_MAKER"])
async def test_row_43_refills_behind_others_at_its_price(stage: Stage, type: str) -> None:
    iceberg = await stage.me.sells("1", "2000", type=type, icebergQty="0.25")
    await iceberg.stands("NEW")
    behind = await stage.other.sells("0.25", "2000")
    await stage.me.owns(eth="99", locked_eth="1")
    await stage.shows("asks", ("2000", "0.5"))

    # 0.25 that it shows, then 0.05 of the other's: the next slice stands behind that.
    await stage.third.buys("0.3", "2000", timeInForce="IOC")
    await iceberg.becomes("PARTIALLY_FILLED", "0.25", "500")
    await behind.becomes("PARTIALLY_FILLED", "0.05", "100")
    await stage.shows("asks", ("2000", "0.45"))

    await stage.third.buys("0.2", "2000", timeInForce="IOC")
    await behind.becomes("FILLED", "0.25", "500")
    await iceberg.becomes("PARTIALLY_FILLED", "0.25", "500")
    await stage.shows("asks", ("2000", "0.25"))
    await stage.me.owns(usdt="100499.5", eth="99", locked_eth="0.75")


async def test_row_43_a_taker_gets_all_that_is_hidden(stage: Stage) -> None:
    iceberg = await stage.me.buys("1", "2000", icebergQty="0.1")
    await stage.shows("bids", ("2000", "0.1"))
    taker = await stage.other.sells("0.95", "2000")
    slices = [("2000", "0.1", "0.2")] * 9 + [("2000", "0.05", "0.1")]
    await taker.stands("FILLED", "0.95", "1900", fills=slices)
    found = await iceberg.becomes("PARTIALLY_FILLED", "0.95", "1900")
    assert found["icebergQty"] == "0.10000000"
    await stage.shows("bids", ("2000", "0.05"))
    await stage.me.owns(usdt="98000", locked_usdt="100", eth="100.94905")
    await stage.third.sells("0.05", "2000")
    await iceberg.becomes("FILLED", "1", "2000")
    await stage.me.owns(usdt="98000", eth="100.999")
