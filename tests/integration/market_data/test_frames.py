"""Frames go on without a gap, whatever happens to Redis or to the process that makes them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.redis import create_redis
from config.settings import Settings
from contracts.amounts import amount_text
from contracts.streams import aggregate_trade_stream, depth_stream, tells_state, trade_stream
from contracts.topology import stream_states_key
from market_data.projector import Projector
from market_data.queries import Depth, MarketDataQueries
from tests.integration.market_data.frame_reader import FrameReader, assert_no_gap, book_after
from tests.integration.market_data.logged_engine import LoggedEngine
from tests.integration.market_data.traffic import Traffic, traffic
from tests.support.engine_commands import SYMBOL
from tests.support.market_data_process import MarketDataProcess, checkpointing
from tests.support.servers import TestServers
from tests.support.waits import ended, until

pytestmark = [pytest.mark.kafka, pytest.mark.redis]

FAST = depth_stream(SYMBOL, fast=True)
SLOW = depth_stream(SYMBOL, fast=False)
TRADES = trade_stream(SYMBOL)
AGGREGATES = aggregate_trade_stream(SYMBOL)


@dataclass
class Client:
    """What a client has: a snapshot, and every frame from before it on."""

    engine: LoggedEngine
    reader: FrameReader
    snapshot: Depth

    async def up_to_date(self) -> bool:
        """Whether it has been told everything."""
        market = self.engine.engine.markets[SYMBOL]
        at = [self.reader.last(name, "u") for name in (FAST, SLOW)]
        return at == [market.book_seq] * 2 and self.reader.last(TRADES, "t") == market.trade_id

    async def check(self) -> None:
        """Wait until it has been told everything, and look whether that is right."""
        await until(self.up_to_date, "everything is told", 40)
        for name in (FAST, SLOW):
            assert_no_gap(self.reader.of(name), "U", "u")
            self._check_book(name)
        assert_no_gap(self.reader.of(TRADES), "t", "t")
        assert_no_gap(self.reader.of(AGGREGATES), "a", "a")
        assert_no_gap(self.reader.of(AGGREGATES), "f", "l")

    def _check_book(self, name: str) -> None:
        bids, asks = [
            {amount_text(price): amount_text(quantity) for price, quantity in side}
            for side in (self.snapshot.bids, self.snapshot.asks)
        ]
        book_after(bids, asks, self.reader.of(name), self.snapshot.last_update_id)
        true = self.engine.depth(5_000)
        assert bids == {amount_text(p): amount_text(q) for p, q in true.bids}
        assert asks == {amount_text(p): amount_text(q) for p, q in true.asks}


@asynccontextmanager
async def client_of(engine: LoggedEngine, settings: Settings) -> AsyncIterator[Client]:
    """A client that begins now, on connections of its own."""
    redis = create_redis(settings.redis)
    reader = FrameReader(redis, SYMBOL)
    await reader.begin()
    task = asyncio.create_task(reader.run())
    try:
        snapshot = await MarketDataQueries(redis).depth(SYMBOL, 5_000)
        yield Client(engine, reader, snapshot)
    finally:
        await ended(task)
        await redis.aclose()


async def current(projector: Projector) -> None:
    async def is_current() -> bool:
        return projector.is_current

    await until(is_current, "the copies are current")


async def test_over_flushall(
    engine: LoggedEngine, own_topics: Settings, redis: Redis, projector: Projector
) -> None:
    await current(projector)
    async with client_of(engine, own_topics) as client:
        async with traffic(engine):
            for _ in range(5):
                told = len(client.reader.of(FAST))

                async def more(than: int = told) -> bool:
                    return len(client.reader.of(FAST)) > than + 2

                await until(more, "further frames")
                await redis.flushall()
        await client.check()
        await states_are_the_last_frames(client.reader, redis)


async def states_are_the_last_frames(reader: FrameReader, redis: Redis) -> None:
    """Of every stream that tells a state, Redis holds what was told last."""
    told = {name for name in reader.frames if tells_state(name)}

    async def they_are() -> bool:
        kept = await redis.hgetall(stream_states_key(SYMBOL))
        states = {name: json.loads(text.partition(" ")[2]) for name, text in kept.items()}
        return told <= states.keys() and all(reader.of(n)[-1] == states[n] for n in told)

    assert told
    await until(they_are, "states are what was told last")


async def test_over_a_redis_that_is_killed_and_comes_back(
    engine: LoggedEngine, own_topics: Settings, projector: Projector, own_servers: TestServers
) -> None:
    await current(projector)
    async with client_of(engine, own_topics) as client:
        await Traffic(engine).run(50)
        await until(client.up_to_date, "everything is told")
        async with traffic(engine):
            await own_servers.kill("redis")

            async def away() -> bool:
                return not projector.is_current

            await until(away, "Redis is missed")
            await own_servers.restart("redis")
            await current(projector)
        await client.check()


@pytest.mark.parametrize("checkpoint_every", [1, 1_000_000])
async def test_over_a_process_that_is_killed_and_started_anew(
    engine: LoggedEngine,
    own_topics: Settings,
    own_servers: TestServers,
    checkpoint_every: int,
    tmp_path: Path,
) -> None:
    environment = checkpointing(own_servers.environment(), tmp_path, checkpoint_every)
    process = MarketDataProcess(environment)
    try:
        await process.start()
        async with client_of(engine, own_topics) as client:
            async with traffic(engine):
                for _ in range(2):
                    await Traffic(engine).run(30)
                    await process.kill()
                    await Traffic(engine).run(30)
                    await process.start()
            await client.check()
    finally:
        await process.stop()
