"""What the history answers in real Redis: windows, trades by id and time, and exact figures."""

import asyncio

import pytest
from redis.asyncio import Redis

from contracts.amounts import E8
from contracts.streams import Interval
from contracts.topology import market_history_key, trades_key
from market_data.candle_queries import CandleQueries
from market_data.forming import Timeline
from market_data.queries import MarketDataQueries
from market_data.records import AveragePrice, Candle
from market_data.rolling import RollingWindow
from market_data.ticker_frames import AVERAGE_MS
from market_data.trade_log import TRADES_KEPT
from tests.integration.market_data.recording import (
    FRESH_MS,
    LATELY,
    NOW_MS,
    SYMBOL,
    TRADES,
    Recording,
    seeded_trades,
)

pytestmark = pytest.mark.redis

MINUTE_MS = 1_700_000_040_000


async def test_large_figures_stay_exact(emptied: Redis, recording: Recording) -> None:
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
    await recording.writer.keep_fresh(FRESH_MS)
    queries = CandleQueries(emptied, lambda: MINUTE_MS)
    for interval in (Interval.MINUTE_1, Interval.WEEK_1, Interval.MONTH_1):
        (found,) = await queries.candles(SYMBOL, interval)
        assert (found.open_e8, found.low_e8, found.volume_e8) == (2**53 - 1, 1, quantity_e8)
        assert (found.quote_e8, found.taker_quote_e8) == (quantity_e8 + 2, quantity_e8 + 8)
        assert (found.first_id, found.last_id) == (2**53 - 3, 2**53 - 2)


async def test_windows_begin_on_a_minute_and_end_now(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
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


async def test_a_window_is_of_one_moment(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    first = LATELY + 40
    await recording.replay(TRADES[:-first])
    since_ms = TRADES[-first].at_ms
    inside = [trade for trade in TRADES if trade.at_ms >= since_ms // 60_000 * 60_000]
    seen = [0]

    async def reader() -> None:
        while seen[-1] < len(TRADES):
            found = await queries.window(SYMBOL, since_ms)
            assert found is not None
            if found.trades:
                assert found.trades == found.last_id - inside[0].trade_id + 1
                seen.append(found.last_id)

    reading = asyncio.create_task(reader())
    for trade in TRADES[-first:]:
        await recording.follow([trade])
    await reading
    assert len(set(seen)) > 5


@pytest.mark.parametrize("count", [1, 200, len(TRADES)])
async def test_the_average_price_is_that_of_the_stream(
    emptied: Redis, recording: Recording, count: int
) -> None:
    trades = TRADES[:count]
    await recording.replay(trades)
    for later_ms in (0, 1, 999, 1_000, 60_000, 299_999, 300_000, 301_001, 86_400_000):
        now_ms = trades[-1].at_ms + later_ms
        second = Timeline(Interval.SECOND_1)
        window = RollingWindow(AVERAGE_MS, second)
        for trade in trades:
            second.take(trade)
        candle = window.figures(now_ms).candle
        streamed = candle.quote_e8 * E8 // candle.volume_e8 if candle else trades[-1].price_e8
        found = await CandleQueries(emptied, lambda at=now_ms: at).average_price(SYMBOL)  # type: ignore[misc]
        assert found == AveragePrice(price_e8=streamed, last_trade_ms=trades[-1].at_ms), later_ms


async def test_before_the_first_trade_there_is_no_average(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES[:3])
    assert await queries.average_price("QUIET") is None


async def test_trades_by_id_and_the_newest(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
) -> None:
    await recording.replay(TRADES)
    assert await queries.trades(SYMBOL, from_id=None, limit=7) == TRADES[-7:]
    assert await queries.trades(SYMBOL, from_id=40, limit=7) == TRADES[39:46]
    assert await queries.trades(SYMBOL, from_id=0, limit=2) == TRADES[:2]
    assert await queries.trades(SYMBOL, from_id=len(TRADES), limit=7) == TRADES[-1:]
    assert await queries.trades(SYMBOL, from_id=(1 << 63) - 1, limit=7) == []


async def test_aggregate_trades_by_time(
    emptied: Redis, recording: Recording, queries: MarketDataQueries
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


async def test_the_newest_trades_are_kept_and_no_more(emptied: Redis, recording: Recording) -> None:
    many = seeded_trades(1, TRADES_KEPT + 2_000)
    await recording.writer.begin()
    recording.writer.take(many, [])
    await recording.writer.complete()
    await recording.writer.keep_fresh(FRESH_MS)
    kept = await emptied.xlen(trades_key(SYMBOL))
    assert TRADES_KEPT <= kept < TRADES_KEPT + 1_000
    newest = await MarketDataQueries(emptied).trades(SYMBOL, from_id=None, limit=2)
    assert newest == many[-2:]
    assert await emptied.hget(market_history_key(SYMBOL), "trade_id") == str(len(many))
