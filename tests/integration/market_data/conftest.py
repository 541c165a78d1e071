"""A broker and a Redis of our own: these tests write the engine's topics and empty Redis."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.kafka import create_consumer, create_producer
from adapters.redis import create_redis
from config.settings import Settings
from market_data.checkpoints import Checkpoints
from market_data.history import HistoryWriter
from market_data.projector import Projector
from market_data.queries import MarketDataQueries
from market_data.store import DisplayStore
from tests.integration.market_data.logged_engine import LoggedEngine
from tests.integration.market_data.recording import NOW_MS, PATIENCE_S, Recording
from tests.support.engine_commands import SYMBOL, seeded_log
from tests.support.servers import TestServers
from tests.support.waits import ended
from workers.provision import create_topics


@pytest.fixture(scope="package")
async def own_servers() -> AsyncIterator[TestServers]:
    found = TestServers()
    await found.open()
    yield found
    await found.close()


@pytest.fixture(scope="package")
async def own_topics(own_servers: TestServers) -> Settings:
    settings = await own_servers.start("kafka", "redis")
    await create_topics(settings)
    return settings


@pytest.fixture(scope="package")
async def engine(own_topics: Settings) -> AsyncIterator[LoggedEngine]:
    """An engine whose market has some thousand changes behind it."""
    producer = await create_producer(own_topics.kafka)
    logged = LoggedEngine(producer)
    await logged.run(seeded_log(40, 3_000))
    yield logged
    await producer.stop()


@pytest.fixture
async def redis(own_topics: Settings) -> AsyncIterator[Redis]:
    client = create_redis(own_topics.redis)
    yield client
    await client.aclose()


@pytest.fixture
async def projector(own_topics: Settings, redis: Redis, tmp_path: Path) -> AsyncIterator[Projector]:
    consumer = await create_consumer(own_topics.kafka)
    checkpoints = Checkpoints(tmp_path, (SYMBOL, "QUIET"), every=1)
    made = Projector(consumer, DisplayStore(redis), (SYMBOL, "QUIET"), checkpoints)
    task = asyncio.create_task(made.run())
    yield made
    await ended(task)
    await checkpoints.idle()
    await consumer.stop()


@pytest.fixture
async def emptied(own_servers: TestServers) -> AsyncIterator[Redis]:
    """Patient, as nothing in a test of a history must fail because a machine is busy."""
    settings = await own_servers.start("redis")
    client = create_redis(settings.redis, PATIENCE_S)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def recording(emptied: Redis) -> Recording:
    return Recording(HistoryWriter(emptied, (SYMBOL, "QUIET")))


@pytest.fixture
def queries(emptied: Redis) -> MarketDataQueries:
    return MarketDataQueries(emptied, lambda: NOW_MS)
