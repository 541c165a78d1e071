"""Candles and trades in real Redis: equal to a naive recomputation, whatever happens meanwhile."""

import asyncio
from itertools import pairwise

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.redis import create_redis
from contracts.streams import Interval
from contracts.topology import (
    HISTORY_FRESH_KEY,
    HISTORY_KEY,
    candle_series_key,
    market_history_key,
    trades_key,
)
from market_data.candle_queries import CandleQueries
from market_data.errors import HistoryUnavailable
from market_data.history import HistoryWriter
from market_data.history_pending import Position
from market_data.queries import MarketDataQueries
from market_data.records import Trade
from tests.integration.market_data.recording import (
    FRESH_MS,
    LATELY,
    NOW_MS,
    SYMBOL,
    TRADES,
    Recording,
)
from tests.support.naive_candles import naive_candles
from tests.support.servers import TestServers
from tests.support.waits import until

pytestmark = pytest.mark.redis

OFFSETS = (0, 8 * 3_600_000, -330 * 60_000)


async def equal_to_naive(emptied: Redis, trades: list[Trade], now_ms: int = NOW_MS) -> None:
    """Every length, in UTC: the newest candles."""
    queries = CandleQueries(emptied, lambda: now_ms)
    for interval in Interval:
        known = trades[-LATELY:] if interval is Interval.SECOND_1 else trades
        found = await queries.candles(SYMBOL, interval, limit=100)
        assert found == naive_candles(known, interval, now_ms, limit=100), interval


async def test_candles_of_every_length_and_time_zone_equal_a_naive_recomputation(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
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
    emptied: Redis, recording: Recording, queries: MarketDataQueries
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
    emptied: Redis, recording: Recording
) -> None:
    await recording.replay(TRADES[:280])
    for n in range(285, 301, 5):
        await recording.follow(TRADES[n - 5 : n])
        trades = TRADES[:n]
        await equal_to_naive(emptied, trades, trades[-1].at_ms)


async def test_a_reader_never_counts_a_trade_twice_or_not_at_all(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
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


async def test_a_restart_writes_nothing_twice(emptied: Redis, recording: Recording) -> None:
    await recording.replay(TRADES)
    written = await emptied.hget(HISTORY_KEY, "writes")

    again = Recording(HistoryWriter(emptied, (SYMBOL,)))
    await again.replay(TRADES)

    assert int(await emptied.hget(HISTORY_KEY, "writes") or 0) == int(written or 0) + 1  # the open
    assert await emptied.xlen(trades_key(SYMBOL)) == len(TRADES)
    await equal_to_naive(emptied, TRADES)
    assert await again.writer.intact()


async def test_a_restart_goes_on_where_the_last_one_ended(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES[:150])
    again = Recording(HistoryWriter(emptied, (SYMBOL,)))
    await again.writer.begin()
    again.take(TRADES[:240])
    await again.writer.flush()
    readable = await queries.candles(SYMBOL, Interval.DAY_1, limit=1_000)
    assert sum(candle.trades for candle in readable) > 100  # readable meanwhile
    again.take(TRADES[240:])
    await again.writer.flush()
    await again.writer.complete()
    await equal_to_naive(emptied, TRADES)


def written(trades: int) -> Position:
    """What a history must hold of the first ones: their minute and second are not over."""
    last = TRADES[trades - 1]
    before = [trade.at_ms for trade in TRADES[:trades]]
    return Position(
        trade_id=last.trade_id,
        aggregate_id=last.trade_id,
        minute_ms=max(at for at in before if at < last.at_ms // 60_000 * 60_000) // 60_000 * 60_000,
        second_ms=max(at for at in before if at < last.at_ms // 1_000 * 1_000) // 1_000 * 1_000,
    )


async def test_a_history_that_holds_a_checkpoint_is_given_only_what_follows(
    emptied: Redis, recording: Recording
) -> None:
    await recording.replay(TRADES[:150])
    again = Recording(HistoryWriter(emptied, (SYMBOL,)))
    again.hold(TRADES[:150])
    assert await again.writer.begin()
    assert await again.writer.go_on_from({SYMBOL: written(150)})

    again.take(TRADES[150:])
    await again.writer.flush()
    await again.writer.complete()
    await again.writer.keep_fresh(FRESH_MS)

    await equal_to_naive(emptied, TRADES)
    assert await again.writer.intact()


async def test_a_history_that_does_not_hold_a_checkpoint_is_given_everything(
    emptied: Redis, recording: Recording
) -> None:
    await recording.replay(TRADES[:150])
    again = HistoryWriter(emptied, (SYMBOL,))
    assert await again.begin()
    assert not await again.go_on_from({SYMBOL: written(151)})
    assert not await again.go_on_from({SYMBOL: written(150), "QUIET": written(1 + 150)})

    await emptied.delete(market_history_key(SYMBOL))
    assert not await again.go_on_from({SYMBOL: written(150)})

    await emptied.flushall()
    assert not await again.begin()


async def test_a_history_that_holds_more_than_the_log_is_written_again(
    emptied: Redis, recording: Recording
) -> None:
    await recording.replay(TRADES[:150])
    again = HistoryWriter(emptied, (SYMBOL,))
    await again.begin()
    assert await again.go_on_from({SYMBOL: written(140)})

    await again.complete()  # nothing follows: the log has lost its end

    assert not await again.intact()
    assert not await again.begin()


async def test_flushall_is_noticed_and_everything_written_again(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    assert await recording.writer.intact()
    await emptied.flushall()
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
    await equal_to_naive(emptied, TRADES)
    assert await emptied.xlen(trades_key(SYMBOL)) == len(TRADES)


@pytest.mark.parametrize("damage", ["series", "writes", "market"])
async def test_a_part_that_is_lost_is_noticed(
    emptied: Redis, recording: Recording, damage: str
) -> None:
    await recording.replay(TRADES[:240])
    if damage == "series":
        await emptied.delete(candle_series_key(SYMBOL, Interval.MINUTE_1, "high"))
    elif damage == "writes":
        await emptied.hincrby(HISTORY_KEY, "writes", -1)  # Redis came back with an older state
    else:
        await emptied.hset(HISTORY_KEY, "generation", "another")
    await recording.follow(TRADES[240:])
    assert not await recording.writer.intact()

    again = Recording(recording.writer)
    await again.replay(TRADES)
    await equal_to_naive(emptied, TRADES)


async def test_a_history_of_another_log_is_thrown_away(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    again = Recording(HistoryWriter(emptied, (SYMBOL,)))
    await again.replay(TRADES[:10])
    assert not await again.writer.intact()
    with pytest.raises(HistoryUnavailable):
        await queries.candles(SYMBOL, Interval.MINUTE_1)


async def test_nothing_is_readable_before_it_is_whole(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.writer.begin()
    await recording.writer.keep_fresh(FRESH_MS)
    recording.take(TRADES)
    await recording.writer.flush()
    with pytest.raises(HistoryUnavailable):
        await queries.candles(SYMBOL, Interval.DAY_1)
    await recording.writer.complete()
    await equal_to_naive(emptied, TRADES)


async def test_what_nobody_keeps_current_is_not_shown(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    await recording.writer.keep_fresh(1)

    async def has_ended() -> bool:
        return not await emptied.exists(HISTORY_FRESH_KEY)

    await until(has_ended, "the writer's word ends")
    for ask in (
        queries.candles(SYMBOL, Interval.DAY_1),
        queries.window(SYMBOL, 0),
        queries.trades(SYMBOL, from_id=None, limit=1),
        queries.aggregate_trades(SYMBOL, from_id=1),
        queries.aggregate_trades(SYMBOL, start_ms=0),
    ):
        with pytest.raises(HistoryUnavailable):
            await ask
    await recording.writer.keep_fresh(FRESH_MS)
    await equal_to_naive(emptied, TRADES)


async def test_what_cannot_be_written_is_written_later(
    emptied: Redis, own_servers: TestServers
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
    await equal_to_naive(emptied, TRADES)
    assert await emptied.xlen(trades_key(SYMBOL)) == len(TRADES)


async def test_a_market_without_trades_has_no_candles(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES[:3])
    assert await queries.candles("QUIET", Interval.MINUTE_1) == []
    assert await queries.trades("QUIET", from_id=None, limit=5) == []
    assert await queries.aggregate_trades("QUIET", start_ms=0) == []
    assert await queries.window("QUIET", 0) is None
