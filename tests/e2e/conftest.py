"""The whole platform, what can be read of it, and traders of one market with an empty book."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from ccxt.async_support import binance

from stack.platform import Platform
from tests.support.trader import Trader, register
from tests.support.watched_platform import http, sources

__all__ = ["http", "sources"]


SYMBOL = "ETHBTC"
FUNDS = {"BTC": "100", "ETH": "1000"}

NewTrader = Callable[[], Awaitable[Trader]]
NewClient = Callable[[Trader], binance]


@pytest.fixture
async def new_trader(http: httpx.AsyncClient) -> AsyncIterator[NewTrader]:
    """Registers users with 100 BTC and 1000 ETH; afterwards none of their orders is open."""
    made: list[Trader] = []

    async def new() -> Trader:
        made.append(await register(http, **FUNDS))
        return made[-1]

    yield new
    for trader in made:
        await trader.cancel_all(SYMBOL)


@pytest.fixture
async def ccxt_of(platform: Platform) -> AsyncIterator[NewClient]:
    """Unmodified ccxt, told nothing but addresses and keys."""
    made: list[binance] = []

    def new(trader: Trader) -> binance:
        address = f"{platform.api_url}/api/v3"
        client = binance(
            {
                "apiKey": trader.api_key,
                "secret": trader.api_secret,
                "urls": {"api": {"public": address, "private": address}},
                "options": {
                    "fetchMarkets": {"types": ["spot"]},
                    "fetchCurrencies": False,
                    "fetchMargins": False,
                },
            }
        )
        made.append(client)
        return client

    yield new
    for client in made:
        await client.close()
