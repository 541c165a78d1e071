"""A process that was killed goes on from its checkpoint, and shows what the whole log tells."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from redis.asyncio import Redis

from adapters.kafka import create_consumer
from config.settings import Settings
from contracts.streams import Interval
from contracts.topology import ORDERBOOK_UPDATES, PARTITIONS, TRADES_EXECUTED
from market_data.checkpoint import Checkpoint
from market_data.checkpoint_file import read_checkpoint
from market_data.checkpoints import SUFFIX
from market_data.clock import wall_clock_ms
from market_data.errors import MarketDataUnavailable
from market_data.queries import MarketDataQueries
from market_data.store import DisplayStore
from tests.integration.market_data.history_checks import check_history
from tests.integration.market_data.logged_engine import LoggedEngine
from tests.integration.market_data.traffic import Traffic
from tests.support.engine_commands import SYMBOL
from tests.support.market_data_process import MarketDataProcess, checkpointing
from tests.support.servers import TestServers
from tests.support.waits import until

pytestmark = [pytest.mark.kafka, pytest.mark.redis]

INTERVALS = (Interval.SECOND_1, Interval.MINUTE_1, Interval.HOUR_1, Interval.MONTH_1)
PATIENCE_S = 30
READERS = {
    "projector": (ORDERBOOK_UPDATES, TRADES_EXECUTED),
    "recorder": (TRADES_EXECUTED,),
}


@pytest.fixture
async def process(
    engine: LoggedEngine, own_servers: TestServers, tmp_path: Path
) -> AsyncIterator[MarketDataProcess]:
    """One that has taken a checkpoint, and has told all that is in it."""
    made = MarketDataProcess(checkpointing(own_servers.environment(), tmp_path, every=1))
    try:
        await made.start()
        yield made
    finally:
        await made.stop()


def files_in(directory: Path) -> list[Path]:
    return list(directory.glob(f"market_data/*{SUFFIX}"))


async def checkpoint_in(directory: Path, redis: Redis) -> Checkpoint:
    """The first one, as soon as all of it is told and written."""

    async def is_there() -> bool:
        paths = files_in(directory)
        if not paths:
            return False
        told = await DisplayStore(redis).told()
        states = read_checkpoint(paths[0]).markets
        return all(told[symbol].covers(state) for symbol, state in states.items())

    await until(is_there, "a checkpoint of what is told", PATIENCE_S)
    (path,) = files_in(directory)
    return read_checkpoint(path)


async def log_end(settings: Settings, *topics: str) -> int:
    """How many messages these topics hold."""
    consumer = await create_consumer(settings.kafka)
    try:
        places = [TopicPartition(topic, n) for topic in topics for n in range(PARTITIONS)]
        return sum((await consumer.end_offsets(places)).values())
    finally:
        await consumer.stop()


async def lacked(settings: Settings, checkpoint: Checkpoint, *topics: str) -> int:
    """How many messages of these topics came after it."""
    had = sum(one.next_offset for one in checkpoint.places if one.topic in topics)
    return await log_end(settings, *topics) - had


async def read_by(process: MarketDataProcess, reader: str) -> int:
    """How many messages it has read since it was started."""
    return await process.metric(f'market_data_log_messages_total{{reader="{reader}"}} ')


async def shown(redis: Redis, now_ms: int) -> list[object]:
    """All that a reader can see, at one moment."""
    queries = MarketDataQueries(redis, lambda: now_ms)
    return [
        await queries.depth(SYMBOL, 5_000),
        await queries.best_prices([SYMBOL]),
        await queries.last_prices([SYMBOL]),
        await queries.rolling_figures([SYMBOL]),
        await queries.trades(SYMBOL, from_id=None, limit=1_000),
        await queries.aggregate_trades(SYMBOL, limit=1_000),
        *[await queries.candles(SYMBOL, interval, limit=100) for interval in INTERVALS],
    ]


async def all_is_shown(engine: LoggedEngine, redis: Redis) -> None:
    """Wait for the log's end, also in the figures, which are told each second."""
    await check_history(engine, redis)

    async def is_shown() -> bool:
        queries = MarketDataQueries(redis)
        market = engine.engine.markets[SYMBOL]
        try:
            (figures,) = await queries.rolling_figures([SYMBOL])
            book = await queries.depth(SYMBOL, 1)
        except MarketDataUnavailable:
            return False
        return (book.last_update_id, figures.last_id) == (market.book_seq, market.trade_id)

    await until(is_shown, "the log's end is shown", PATIENCE_S)


async def test_over_kill_9_only_what_follows_the_checkpoint_is_read(
    engine: LoggedEngine,
    own_topics: Settings,
    redis: Redis,
    process: MarketDataProcess,
    tmp_path: Path,
) -> None:
    checkpoint = await checkpoint_in(tmp_path, redis)
    await Traffic(engine).run(60)
    await all_is_shown(engine, redis)
    now_ms = wall_clock_ms()
    before = await shown(redis, now_ms)

    await process.kill()
    await process.start()
    await all_is_shown(engine, redis)

    for reader, topics in READERS.items():
        behind = await lacked(own_topics, checkpoint, *topics)
        assert 0 < behind < await log_end(own_topics, *topics)
        assert await read_by(process, reader) == behind
    assert await shown(redis, now_ms) == before


async def test_redis_that_is_emptied_later_is_given_everything(
    engine: LoggedEngine, redis: Redis, process: MarketDataProcess, tmp_path: Path
) -> None:
    await checkpoint_in(tmp_path, redis)
    await all_is_shown(engine, redis)
    now_ms = wall_clock_ms()
    before = await shown(redis, now_ms)
    await process.kill()
    await process.start()
    await all_is_shown(engine, redis)

    await redis.flushall()
    await all_is_shown(engine, redis)

    assert await shown(redis, now_ms) == before


async def test_redis_that_is_emptied_while_the_process_is_away_is_given_everything(
    engine: LoggedEngine,
    own_topics: Settings,
    redis: Redis,
    process: MarketDataProcess,
    tmp_path: Path,
) -> None:
    checkpoint = await checkpoint_in(tmp_path, redis)
    await all_is_shown(engine, redis)
    now_ms = wall_clock_ms()
    before = await shown(redis, now_ms)

    await process.kill()
    await redis.flushall()
    await process.start()
    await all_is_shown(engine, redis)

    assert await shown(redis, now_ms) == before
    everything = await log_end(own_topics, TRADES_EXECUTED)
    assert await read_by(process, "recorder") == everything  # Redis alone had the history
    behind = await lacked(own_topics, checkpoint, *READERS["projector"])
    assert await read_by(process, "projector") == behind


async def test_a_checkpoint_that_is_torn_costs_a_replay_and_nothing_else(
    engine: LoggedEngine,
    own_topics: Settings,
    redis: Redis,
    process: MarketDataProcess,
    tmp_path: Path,
) -> None:
    await checkpoint_in(tmp_path, redis)
    await all_is_shown(engine, redis)
    now_ms = wall_clock_ms()
    before = await shown(redis, now_ms)
    await process.kill()
    (path,) = files_in(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])

    await process.start()
    await all_is_shown(engine, redis)

    assert await shown(redis, now_ms) == before
    for reader, topics in READERS.items():
        assert await read_by(process, reader) == await log_end(own_topics, *topics)
