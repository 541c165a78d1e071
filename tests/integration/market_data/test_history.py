"""Candles and trades in real Redis: equal to a naive recomputation, whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.redis import create_redis
from contracts.streams import Interval
from contracts.topology import HISTORY_KEY, candle_series_key, market_history_key, trades_key
from market_data.candle_queries import CandleQueries
from market_data.errors import HistoryUnavailable
from market_data.history import HistoryWriter
from market_data.queries import MarketDataQueries
from market_data.records import Candle, Trade
from market_data.trade_log import TRADES_KEPT
from tests.integration.market_data.recording import SYMBOL, Recording, seeded_trades
from tests.support.naive_candles import naive_candles
from tests.support.servers import TestServers

pytestmark = pytest.mark.redis

TRADES = seeded_trades(7, 300)
LATELY = 39  # trades that a history of seconds still knows
NOW_MS = TRADES[-1].at_ms + 150_000
OFFSETS = (0, 8 * 3_600_000, -330 * 60_000)
PATIENCE_S = 10.0
MINUTE_MS = 1_700_000_040_000


@pytest.fixture
async def redis(own_servers: TestServers) -> AsyncIterator[Redis]:
    settings = await own_servers.start("redis")
    client = create_redis(settings.redis, PATIENCE_S)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def recording(redis: Redis) -> Recording:
    return Recording(HistoryWriter(redis, (SYMBOL, "QUIET")))


@pytest.fixture
def queries(redis: Redis) -> MarketDataQueries:
    return MarketDataQueries(redis, lambda: NOW_MS)


async def equal_to_naive(redis: Redis, trades: list[Trade], now_ms: int = NOW_MS) -> None:
    """Every length, in UTC: the newest candles."""
    queries = CandleQueries(redis, lambda: now_ms)
    for interval in Interval:
        known = trades[-LATELY:] if interval is Interval.SECOND_1 else trades
        found = await queries.candles(SYMBOL, interval, limit=100)
        assert found == naive_candles(known, interval, now_ms, limit=100), interval


async def test_candles_of_every_length_and_time_zone_equal_a_naive_recomputation(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    middle = TRADES[150].at_ms
    for interval in Interval:
        if interval is Interval.SECOND_1:
            continue  # its history is short: see below
        for offset_ms in OFFSETS:
            for start_ms, end_ms, limit in (
                (None, None, 30),
                (middle, None, 40),
                (0, None, 3),
                (middle, middle + 9_000_000, 1_000),
                (None, middle, 7),
                (None, TRADES[0].at_ms - 40 * 86_400_000, 5),
                (NOW_MS + 1, None, 5),
                ((1 << 63) - 1, (1 << 63) - 1, 5),
                (None, (1 << 63) - 1, 5),
            ):
                asked = {
                    "start_ms": start_ms,
                    "end_ms": end_ms,
                    "limit": limit,
                    "offset_ms": offset_ms,
                }
                found = await queries.candles(SYMBOL, interval, **asked)  # type: ignore[arg-type]
                expected = naive_candles(TRADES, interval, NOW_MS, **asked)  # type: ignore[arg-type]
                assert found == expected, (interval, asked)


async def test_candles_of_a_second(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    since = TRADES[-LATELY].at_ms
    for start_ms, limit in ((None, 200), (since, 100), (TRADES[-2].at_ms, 1_000)):
        found = await queries.candles(
            SYMBOL, Interval.SECOND_1, start_ms=start_ms, limit=limit, offset_ms=OFFSETS[1]
        )
        expected = naive_candles(
            TRADES[-LATELY:], Interval.SECOND_1, NOW_MS, start_ms=start_ms, limit=limit
        )
        assert found == expected


async def test_candles_are_right_after_every_trade_that_comes(
    redis: Redis, recording: Recording
) -> None:
    await recording.replay(TRADES[:280])
    for n in range(285, 301, 5):
        await recording.follow(TRADES[n - 5 : n])
        trades = TRADES[:n]
        await equal_to_naive(redis, trades, trades[-1].at_ms)


async def test_a_reader_never_counts_a_trade_twice_or_not_at_all(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES[:100])
    counts = [100]

    async def reader() -> None:
        while counts[-1] < len(TRADES):
            candles = await queries.candles(SYMBOL, Interval.DAY_1, limit=1_000)
            last_id = max(candle.last_id for candle in candles)
            assert sum(candle.trades for candle in candles) == last_id
            counts.append(last_id)

    reading = asyncio.create_task(reader())
    for n in range(100, len(TRADES), 10):
        await recording.follow(TRADES[n : n + 10])
    await reading
    assert all(earlier <= later for earlier, later in pairwise(counts))
    assert len(set(counts)) > 5


async def test_a_restart_writes_nothing_twice(redis: Redis, recording: Recording) -> None:
    await recording.replay(TRADES)
    written = await redis.hget(HISTORY_KEY, "writes")

    again = Recording(HistoryWriter(redis, (SYMBOL,)))
    await again.replay(TRADES)

    assert int(await redis.hget(HISTORY_KEY, "writes") or 0) == int(written or 0) + 1  # the open
    assert await redis.xlen(trades_key(SYMBOL)) == len(TRADES)
    await equal_to_naive(redis, TRADES)
    assert await again.writer.intact()


async def test_a_restart_goes_on_where_the_last_one_ended(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES[:150])
    again = Recording(HistoryWriter(redis, (SYMBOL,)))
    await again.writer.begin()
    again.take(TRADES[:240])
    await again.writer.flush()
    readable = await queries.candles(SYMBOL, Interval.DAY_1, limit=1_000)
    assert sum(candle.trades for candle in readable) > 100  # readable meanwhile
    again.take(TRADES[240:])
    await again.writer.flush()
    await again.writer.complete()
    await equal_to_naive(redis, TRADES)


async def test_flushall_is_noticed_and_everything_written_again(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    assert await recording.writer.intact()
    await redis.flushall()
    assert not await recording.writer.intact()
    await recording.follow(TRADES[-1:])  # a write in between is no history either
    assert not await recording.writer.intact()
    with pytest.raises(HistoryUnavailable):
        await queries.candles(SYMBOL, Interval.MINUTE_1)
    with pytest.raises(HistoryUnavailable):
        await queries.trades(SYMBOL, from_id=None, limit=1)
    with pytest.raises(HistoryUnavailable):
        await queries.aggregate_trades(SYMBOL, start_ms=0)

    again = Recording(recording.writer)
    await again.replay(TRADES)
    await equal_to_naive(redis, TRADES)
    assert await redis.xlen(trades_key(SYMBOL)) == len(TRADES)


@pytest.mark.parametrize("damage", ["series", "writes", "market"])
async def test_a_part_that_is_lost_is_noticed(
    redis: Redis, recording: Recording, damage: str
) -> None:
    await recording.replay(TRADES[:240])
    if damage == "series":
        await redis.delete(candle_series_key(SYMBOL, Interval.MINUTE_1, "high"))
    elif damage == "writes":
        await redis.hincrby(HISTORY_KEY, "writes", -1)  # Redis came back with an older state
    else:
        await redis.hset(HISTORY_KEY, "generation", "another")
    await recording.follow(TRADES[240:])
    assert not await recording.writer.intact()

    again = Recording(recording.writer)
    await again.replay(TRADES)
    await equal_to_naive(redis, TRADES)


async def test_a_history_of_another_log_is_thrown_away(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    again = Recording(HistoryWriter(redis, (SYMBOL,)))
    await again.replay(TRADES[:10])
    assert not await again.writer.intact()
    with pytest.raises(HistoryUnavailable):
        await queries.candles(SYMBOL, Interval.MINUTE_1)


async def test_nothing_is_readable_before_it_is_whole(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.writer.begin()
    recording.take(TRADES)
    await recording.writer.flush()
    with pytest.raises(HistoryUnavailable):
        await queries.candles(SYMBOL, Interval.DAY_1)
    await recording.writer.complete()
    await equal_to_naive(redis, TRADES)


async def test_what_cannot_be_written_is_written_later(
    redis: Redis, own_servers: TestServers
) -> None:
    settings = await own_servers.start("redis")
    impatient = create_redis(settings.redis, 0.5)
    recording = Recording(HistoryWriter(impatient, (SYMBOL,)))
    await recording.replay(TRADES[:240])
    own_servers.pause("redis")
    try:
        with pytest.raises(RedisError):
            await recording.follow(TRADES[240:270])
    finally:
        own_servers.resume("redis")
    await recording.follow(TRADES[270:])
    assert await recording.writer.intact()
    await impatient.aclose()
    await equal_to_naive(redis, TRADES)
    assert await redis.xlen(trades_key(SYMBOL)) == len(TRADES)


async def test_a_market_without_trades_has_no_candles(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES[:3])
    assert await queries.candles("QUIET", Interval.MINUTE_1) == []
    assert await queries.trades("QUIET", from_id=None, limit=5) == []
    assert await queries.aggregate_trades("QUIET", start_ms=0) == []
    assert await queries.window("QUIET", 0) is None


async def test_large_figures_stay_exact(redis: Redis, recording: Recording) -> None:
    quantity_e8 = 10**20 - 1
    candle = Candle(
        open_ms=MINUTE_MS,
        close_ms=MINUTE_MS + 59_999,
        open_e8=2**53 - 1,
        high_e8=2**53 - 1,
        low_e8=1,
        close_e8=2**53 - 1,
        volume_e8=quantity_e8,
        quote_e8=quantity_e8 + 2,
        trades=1,
        taker_volume_e8=quantity_e8 + 4,
        taker_quote_e8=quantity_e8 + 8,
        first_id=2**53 - 3,
        last_id=2**53 - 2,
    )
    await recording.writer.begin()
    recording.writer.close(SYMBOL, Interval.MINUTE_1, candle)
    await recording.writer.complete()
    queries = CandleQueries(redis, lambda: MINUTE_MS)
    for interval in (Interval.MINUTE_1, Interval.WEEK_1, Interval.MONTH_1):
        (found,) = await queries.candles(SYMBOL, interval)
        assert (found.open_e8, found.low_e8, found.volume_e8) == (2**53 - 1, 1, quantity_e8)
        assert (found.quote_e8, found.taker_quote_e8) == (quantity_e8 + 2, quantity_e8 + 8)
        assert (found.first_id, found.last_id) == (2**53 - 3, 2**53 - 2)


async def test_windows_begin_on_a_minute_and_end_now(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    for length_ms in (60_000, 59 * 60_000, 5 * 3_600_000, 86_400_000, 7 * 86_400_000):
        open_ms = (NOW_MS - length_ms) // 60_000 * 60_000
        inside = [trade for trade in TRADES if trade.at_ms >= open_ms]
        found = await queries.window(SYMBOL, NOW_MS - length_ms)
        assert found is not None
        assert (found.open_ms, found.trades) == (open_ms, len(inside))
        assert found.quote_e8 == sum(trade.quote_e8 for trade in inside)
        if inside:
            assert (found.open_e8, found.first_id) == (inside[0].price_e8, inside[0].trade_id)
        else:
            assert (found.open_e8, found.first_id) == (TRADES[-1].price_e8, -1)


async def test_trades_by_id_and_the_newest(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    assert await queries.trades(SYMBOL, from_id=None, limit=7) == TRADES[-7:]
    assert await queries.trades(SYMBOL, from_id=40, limit=7) == TRADES[39:46]
    assert await queries.trades(SYMBOL, from_id=0, limit=2) == TRADES[:2]
    assert await queries.trades(SYMBOL, from_id=len(TRADES), limit=7) == TRADES[-1:]
    assert await queries.trades(SYMBOL, from_id=(1 << 63) - 1, limit=7) == []


async def test_aggregate_trades_by_time(
    redis: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    times = sorted({trade.at_ms for trade in TRADES})
    huge = (1 << 63) - 1
    for start_ms, end_ms, limit in (
        (times[50], times[90], 1_000),
        (times[50] + 1, times[90] - 1, 1_000),
        (times[50], None, 10),
        (None, times[90], 10),
        (0, 1, 10),
        (0, huge, 10),
        (times[-1], None, 10),
        (times[-1] + 1, None, 10),
        (huge, None, 10),
        (None, times[0] - 1, 10),
        (None, 0, 10),
    ):
        inside = [
            trade.trade_id
            for trade in TRADES
            if (start_ms or 0) <= trade.at_ms <= (huge if end_ms is None else end_ms)
        ]
        wanted = inside[-limit:] if start_ms is None else inside[:limit]
        found = await queries.aggregate_trades(
            SYMBOL, start_ms=start_ms, end_ms=end_ms, limit=limit
        )
        assert [one.aggregate_id for one in found] == wanted, (start_ms, end_ms)
    newest = await queries.aggregate_trades(SYMBOL, limit=3)
    assert [one.last_id for one in newest] == [t.trade_id for t in TRADES[-3:]]
    assert [one.at_ms for one in newest] == [t.at_ms for t in TRADES[-3:]]


async def test_the_newest_trades_are_kept_and_no_more(redis: Redis, recording: Recording) -> None:
    many = seeded_trades(1, TRADES_KEPT + 2_000)
    await recording.writer.begin()
    recording.writer.take(many, [])
    await recording.writer.complete()
    kept = await redis.xlen(trades_key(SYMBOL))
    assert TRADES_KEPT <= kept < TRADES_KEPT + 1_000
    newest = await MarketDataQueries(redis).trades(SYMBOL, from_id=None, limit=2)
    assert newest == many[-2:]
    assert await redis.hget(market_history_key(SYMBOL), "trade_id") == str(len(many))
