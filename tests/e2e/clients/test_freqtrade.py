"""freqtrade, unmodified, trades on the venue's markets, candles and books: dry and in earnest."""

import httpx
import pytest

from reconciliation.sources import Sources
from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.client_environments import run_client
from tests.support.ledger_checks import every_trade, require_own_money, require_reconciled
from tests.support.live_market import ask

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.timeout(900)]


@pytest.mark.parametrize("dry", [True, False], ids=["dry", "in earnest"])
async def test_freqtrade_lists_the_markets_and_buys(
    platform: Platform,
    http: httpx.AsyncClient,
    new_trader: NewTrader,
    sources: Sources,
    dry: bool,
) -> None:
    bot, maker = await new_trader(), await new_trader()
    await maker.place(SYMBOL, "SELL", "2", "0.05")
    await bot.place(SYMBOL, "BUY", "0.1", "0.05")  # so that there is a candle
    await maker.place(SYMBOL, "BUY", "2", "0.0499")
    await require_reconciled(sources)  # all is settled
    before = await bot.balances()
    best_ask = (await ask(http, "depth", symbol=SYMBOL, limit=5))["asks"][0]
    told = await run_client(
        "freqtrade",
        "freqtrade_run",
        {
            "API": platform.api_url,
            "WS": platform.ws_url,
            "KEY": bot.api_key,
            "SECRET": bot.api_secret,
            "DRY": "true" if dry else "false",
            "MAKER_KEY": "",
            "MAKER_SECRET": "",
        },
        limit_s=240,
    )
    assert set(told["markets"]) == {"BTC/USDT", "ETH/USDT", "ETH/BTC"}  # none that nobody can trade
    assert told["errors"] == []
    assert any("LIMIT_BUY has been fulfilled" in line for line in told["log"])
    assert told["fills"] == [["ETH/BTC", float(best_ask[0])]]  # within the best ask's quantity
    if dry:
        assert await bot.balances() == before
    else:
        newest = (await every_trade(bot, SYMBOL))[-1]
        assert (newest["isBuyer"], newest["price"], newest["qty"]) == (
            True,
            "0.05000000",
            "1.00000000",
        )
        await require_own_money(bot, SYMBOL)
    await require_reconciled(sources)
