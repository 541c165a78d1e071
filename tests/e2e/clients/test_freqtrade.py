"""freqtrade, unmodified, trades dry on the venue's markets, candles and books."""

import pytest

from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.client_environments import run_client

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.timeout(900)]


async def test_freqtrade_lists_the_markets_and_buys_dry(
    platform: Platform, new_trader: NewTrader
) -> None:
    bot, maker = await new_trader(), await new_trader()
    await maker.place(SYMBOL, "SELL", "2", "0.05")
    await bot.place(SYMBOL, "BUY", "0.1", "0.05")  # so that there is a candle
    await maker.place(SYMBOL, "BUY", "2", "0.0499")
    before = await bot.balances()
    told = await run_client(
        "freqtrade",
        "freqtrade_run",
        {
            "API": platform.api_url,
            "WS": platform.ws_url,
            "KEY": bot.api_key,
            "SECRET": bot.api_secret,
            "MAKER_KEY": "",
            "MAKER_SECRET": "",
        },
        limit_s=240,
    )
    assert set(told["markets"]) == {"BTC/USDT", "ETH/USDT", "ETH/BTC"}  # none that nobody can trade
    assert told["errors"] == []
    assert any("LIMIT_BUY has been fulfilled" in line for line in told["log"])
    assert await bot.balances() == before
