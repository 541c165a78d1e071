"""A stage for each test, and the reckoning after it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.redis import create_redis
from market_data.queries import MarketDataQueries
from reconciliation.sources import Sources
from stack.platform import Platform
from tests.e2e.outcomes.stage import House, Stage
from tests.support.trader import REQUEST_TIMEOUT_S


@pytest.fixture(scope="session")
async def house(platform: Platform) -> AsyncIterator[House]:
    """Those who make the last price."""
    redis = create_redis(platform.settings().redis)
    try:
        async with httpx.AsyncClient(base_url=platform.api_url, timeout=REQUEST_TIMEOUT_S) as http:
            yield await House.open(http, MarketDataQueries(redis))
    finally:
        await redis.aclose()


@pytest.fixture
async def stage(
    platform: Platform, sources: Sources, house: House, http: httpx.AsyncClient
) -> AsyncIterator[Stage]:
    """An empty book whose last price is 2000. Afterwards all parts of the exchange agree."""
    made = await Stage.set(platform, sources, house, http)
    try:
        yield made
        await made.comes_to_rest()
    finally:
        await made.clear()
