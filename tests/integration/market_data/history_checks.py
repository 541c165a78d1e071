"""What must be true of the written history once everything is written."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.streams import Interval
from market_data.clock import wall_clock_ms
from market_data.errors import HistoryUnavailable
from market_data.queries import MarketDataQueries
from market_data.records import Trade
from tests.integration.market_data.logged_engine import LoggedEngine
from tests.support.engine_commands import SYMBOL
from tests.support.naive_candles import naive_candles
from tests.support.waits import until

INTERVALS = (Interval.SECOND_1, Interval.MINUTE_1, Interval.MINUTE_5, Interval.DAY_1)


def naive_trades(engine: LoggedEngine) -> list[Trade]:
    """Every trade that the engine has told, as a client knows it."""
    return [
        Trade(
            symbol=one.symbol,
            trade_id=one.trade_id,
            price_e8=one.price_e8,
            quantity_e8=one.quantity_e8,
            quote_e8=one.quote_e8,
            at_ms=entry.at_ms,
            buyer_is_maker=one.buyer_is_maker,
        )
        for entry in engine.trades
        for one in entry.trades
    ]


async def check_history(engine: LoggedEngine, redis: Redis) -> None:
    """Wait until the newest trade is written; then everything must be right."""
    trades = naive_trades(engine)

    async def is_written() -> bool:
        try:
            return await queries.trades(SYMBOL, from_id=None, limit=1) == trades[-1:]
        except (HistoryUnavailable, RedisError):
            return False

    now_ms = wall_clock_ms()
    queries = MarketDataQueries(redis, lambda: now_ms)
    await until(is_written, "the newest trade is written", 30)
    assert await queries.trades(SYMBOL, from_id=None, limit=1_000) == trades[-1_000:]
    for interval in INTERVALS:
        found = await queries.candles(SYMBOL, interval, limit=200)
        assert found == naive_candles(trades, interval, now_ms, limit=200), interval
    aggregates = await queries.aggregate_trades(SYMBOL, from_id=1, limit=1_000)
    assert [one.aggregate_id for one in aggregates] == list(range(1, len(aggregates) + 1))
    assert aggregates[0].first_id == 1


async def check_readable(redis: Redis) -> None:
    """Wait until the history can be read at all."""

    async def is_readable() -> bool:
        try:
            return bool(await MarketDataQueries(redis).trades(SYMBOL, from_id=None, limit=1))
        except (HistoryUnavailable, RedisError):
            return False

    await until(is_readable, "the history is readable", 30)
