"""Candles and trades are the log's again, whatever happened to Redis or to the process."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.integration.market_data.history_checks import check_history, check_readable
from tests.integration.market_data.logged_engine import LoggedEngine
from tests.integration.market_data.traffic import Traffic, traffic
from tests.support.market_data_process import MarketDataProcess
from tests.support.servers import TestServers

pytestmark = [pytest.mark.kafka, pytest.mark.redis]


@pytest.fixture
async def process(
    engine: LoggedEngine, own_servers: TestServers
) -> AsyncIterator[MarketDataProcess]:
    made = MarketDataProcess(own_servers.environment())
    await made.start()
    yield made
    await made.stop()


async def test_over_flushall(
    engine: LoggedEngine, redis: Redis, process: MarketDataProcess
) -> None:
    async with traffic(engine):
        await check_readable(redis)
        await redis.flushall()
        await check_readable(redis)
    await check_history(engine, redis)

    await redis.flushall()  # in a quiet market
    await check_history(engine, redis)


async def test_over_a_redis_that_is_killed_and_comes_back(
    engine: LoggedEngine, redis: Redis, process: MarketDataProcess, own_servers: TestServers
) -> None:
    await check_readable(redis)
    async with traffic(engine):
        await own_servers.kill("redis")
        await Traffic(engine).run(20)
        await own_servers.restart("redis")
        await check_readable(redis)

    await check_history(engine, redis)


async def test_over_a_process_that_is_killed_and_started_anew(
    engine: LoggedEngine, redis: Redis, process: MarketDataProcess
) -> None:
    async with traffic(engine):
        await process.kill()
        await asyncio.gather(process.start(), Traffic(engine).run(20))

    await check_history(engine, redis)
