"""From the engine's log to the display copies, through real Kafka and real Redis."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from adapters.kafka import create_consumer
from config.settings import Settings
from contracts.orders import Side
from contracts.topology import DISPLAY_FRESH_KEY, order_book_key, order_book_meta_key
from market_data.checkpoints import Checkpoints
from market_data.errors import DepthUnavailable, DisplayBehind
from market_data.freshness import FRESH_MS
from market_data.projector import Projector
from market_data.queries import Depth, MarketDataQueries
from market_data.store import DisplayStore
from tests.integration.market_data.logged_engine import LoggedEngine
from tests.support.engine_commands import SYMBOL, cancel, submit
from tests.support.servers import TestServers
from tests.support.waits import ended, until

pytestmark = [pytest.mark.kafka, pytest.mark.redis]

DEADLINE_S = 15


async def shows(redis: Redis, expected: Depth, limit: int) -> None:
    """Wait until a reader is shown just this."""
    queries = MarketDataQueries(redis)
    found: Depth | None = None
    try:
        async with asyncio.timeout(DEADLINE_S):
            while found != expected:
                try:
                    found = await queries.depth(SYMBOL, limit)
                except (DepthUnavailable, ConnectionError):
                    found = None  # a connection from before a restart fails once, when it is used
                await asyncio.sleep(0.02)
    except TimeoutError:
        assert found == expected


async def test_the_copy_shows_the_engines_book_best_first(
    engine: LoggedEngine, redis: Redis, projector: Projector
) -> None:
    await shows(redis, engine.depth(5), 5)
    await shows(redis, engine.depth(5_000), 5_000)
    await projector.check()


async def test_new_updates_reach_the_copy(
    engine: LoggedEngine, redis: Redis, projector: Projector
) -> None:
    await shows(redis, engine.depth(10), 10)

    await engine.run([submit(900_001, Side.BUY, 1, 4), submit(900_002, Side.SELL, 9_999, 4)])
    await engine.run([cancel(900_001)])

    await shows(redis, engine.depth(5_000), 5_000)


async def test_a_market_without_a_trade_has_an_empty_book_and_no_price(
    engine: LoggedEngine, redis: Redis, projector: Projector
) -> None:
    await shows(redis, engine.depth(5), 5)
    queries = MarketDataQueries(redis)

    assert await queries.depth("QUIET", 5) == Depth(0, (), ())
    assert await queries.last_price("QUIET") is None
    assert await queries.last_price(SYMBOL) is not None


async def test_everything_comes_back_after_flushall(
    engine: LoggedEngine, redis: Redis, projector: Projector
) -> None:
    await shows(redis, engine.depth(10), 10)

    await redis.flushall()
    await shows(redis, engine.depth(5_000), 5_000)  # in a quiet market
    for n in range(20):
        await redis.flushall()
        await engine.run([submit(910_000 + n, Side.BUY, 1 + n, 1)])

    await shows(redis, engine.depth(5_000), 5_000)
    assert await MarketDataQueries(redis).last_price(SYMBOL) is not None


async def test_a_copy_that_another_hand_has_moved_is_written_anew(
    engine: LoggedEngine, redis: Redis, projector: Projector
) -> None:
    await shows(redis, engine.depth(10), 10)

    await redis.hset(order_book_meta_key(SYMBOL), "book_seq", "7")
    await redis.delete(order_book_key(SYMBOL, "bids"))

    await shows(redis, engine.depth(5_000), 5_000)


async def test_it_recovers_when_redis_comes_back(
    engine: LoggedEngine, redis: Redis, projector: Projector, own_servers: TestServers
) -> None:
    await shows(redis, engine.depth(10), 10)

    await own_servers.kill("redis")
    await engine.run([submit(920_000, Side.BUY, 2, 1)])
    async with asyncio.timeout(DEADLINE_S):
        while True:
            try:
                await projector.check()
            except DisplayBehind:
                break
            await asyncio.sleep(0.05)
    await own_servers.restart("redis")

    await shows(redis, engine.depth(5_000), 5_000)


async def test_a_book_that_is_not_there_is_an_error_and_not_an_empty_book(redis: Redis) -> None:
    with pytest.raises(DepthUnavailable):
        await MarketDataQueries(redis).depth("NOPE", 5)


async def test_a_price_that_is_not_there_is_an_error_and_not_a_market_without_a_trade(
    engine: LoggedEngine, redis: Redis, projector: Projector
) -> None:
    await shows(redis, engine.depth(5), 5)
    queries = MarketDataQueries(redis)
    for symbols in (["NOPE"], ["NOPE", SYMBOL]):
        with pytest.raises(DepthUnavailable):
            await queries.last_prices(symbols)
        with pytest.raises(DepthUnavailable):
            await queries.best_prices(symbols)
    with pytest.raises(DepthUnavailable):
        await queries.last_price("NOPE")


async def test_what_nobody_keeps_current_is_not_shown(
    engine: LoggedEngine, redis: Redis, own_topics: Settings, tmp_path: Path
) -> None:
    consumer = await create_consumer(own_topics.kafka)
    checkpoints = Checkpoints(tmp_path, (SYMBOL,), every=1)
    made = Projector(consumer, DisplayStore(redis), (SYMBOL,), checkpoints)
    projecting = asyncio.create_task(made.run())
    await shows(redis, engine.depth(5), 5)
    await ended(projecting)
    await checkpoints.idle()
    await consumer.stop()

    async def has_ended() -> bool:
        return not await redis.exists(DISPLAY_FRESH_KEY)

    await until(has_ended, "the writer's word ends", 2 * FRESH_MS / 1_000)
    assert await redis.exists(order_book_meta_key(SYMBOL))
    queries = MarketDataQueries(redis)
    for ask in (
        queries.depth(SYMBOL, 5),
        queries.best_prices([SYMBOL]),
        queries.last_price(SYMBOL),
        queries.rolling_figures([SYMBOL]),
    ):
        with pytest.raises(DepthUnavailable):
            await ask
