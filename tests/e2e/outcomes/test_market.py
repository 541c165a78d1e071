"""Market orders, by quantity and by value. The band lets a taker go 10 % up and 10 % down."""

import pytest

from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

NO_MORE = "INSUFFICIENT_LIQUIDITY"
TOO_FAR = "EXECUTION_RULE_PRICE_RANGE_EXCEEDED"


async def test_row_18_enough_to_buy(stage: Stage) -> None:
    await stage.other.sells("0.5", "2000")
    await stage.other.sells("1", "2010")
    bought = await stage.me.places("BUY", "MARKET", quantity="1")
    fills = [("2000", "0.5", "0.0005"), ("2010", "0.5", "0.0005")]
    await bought.stands("FILLED", "1", "2005", fills=fills)
    await stage.me.owns(usdt="97995", eth="100.999")
    await stage.other.owns(usdt="102002.995", eth="98.5", locked_eth="0.5")


async def test_row_18_enough_to_sell(stage: Stage) -> None:
    await stage.other.buys("1", "2000")
    sold = await stage.me.places("SELL", "MARKET", quantity="1")
    await sold.stands("FILLED", "1", "2000", fills=[("2000", "1", "2")])
    await stage.me.owns(usdt="101998", eth="99")
    await stage.other.owns(usdt="98000", eth="100.999")


async def test_row_19_not_enough(stage: Stage) -> None:
    await stage.other.sells("0.4", "2000")
    bought = await stage.me.places("BUY", "MARKET", quantity="1")
    await bought.stands("EXPIRED", "0.4", "800", NO_MORE, [("2000", "0.4", "0.0004")])
    await stage.me.owns(usdt="99200", eth="100.3996")
    await stage.other.owns(usdt="100799.2", eth="99.6")


async def test_row_20_nothing_there(stage: Stage) -> None:
    bought = await stage.me.places("BUY", "MARKET", quantity="1")
    await bought.stands("EXPIRED", expiry=NO_MORE)
    sold = await stage.me.places("SELL", "MARKET", quantity="1")
    await sold.stands("EXPIRED", expiry=NO_MORE)
    await stage.me.owns()


async def test_row_21_the_rest_is_beyond_the_bound(stage: Stage) -> None:
    await stage.other.sells("0.4", "2200")
    beyond = await stage.other.sells("0.6", "2200.01")
    bought = await stage.me.places("BUY", "MARKET", quantity="1")
    await bought.stands("EXPIRED", "0.4", "880", TOO_FAR, [("2200", "0.4", "0.0004")])
    await stage.me.owns(usdt="99120", eth="100.3996")
    await beyond.becomes("NEW")


async def test_row_21_all_is_beyond_the_bound(stage: Stage) -> None:
    await stage.other.buys("1", "1799.99")
    sold = await stage.me.places("SELL", "MARKET", quantity="1")
    await sold.stands("EXPIRED", expiry=TOO_FAR)
    await stage.me.owns()


async def test_row_22_value_buys_whole_lots(stage: Stage) -> None:
    """A lot costs 0.2 USDT: 0.15 of the value are too little for one more."""
    await stage.other.sells("1", "2000")
    bought = await stage.me.places("BUY", "MARKET", quoteOrderQty="1000.15")
    await bought.stands("FILLED", "0.5", "1000", fills=[("2000", "0.5", "0.0005")])
    assert bought.told["origQuoteOrderQty"] == "1000.15000000"
    assert bought.told["origQty"] == (await bought.now())["origQty"] == "0.50000000"
    await stage.me.owns(usdt="99000", eth="100.4995")
    await stage.other.owns(usdt="100999", eth="99", locked_eth="0.5")


async def test_row_23_value_finds_not_enough(stage: Stage) -> None:
    await stage.other.sells("0.4", "2000")
    bought = await stage.me.places("BUY", "MARKET", quoteOrderQty="1000")
    await bought.stands("EXPIRED", "0.4", "800", NO_MORE, [("2000", "0.4", "0.0004")])
    await stage.me.owns(usdt="99200", eth="100.3996")


async def test_row_24_value_sells_no_more_than_it(stage: Stage) -> None:
    await stage.other.buys("1", "2000")
    sold = await stage.me.places("SELL", "MARKET", quoteOrderQty="1000.15")
    await sold.stands("FILLED", "0.5", "1000", fills=[("2000", "0.5", "1")])
    await stage.me.owns(usdt="100999", eth="99.5")
    await stage.other.owns(usdt="98000", locked_usdt="1000", eth="100.4995")
