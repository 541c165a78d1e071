"""What others may ask of market data. Reads what Redis holds, never the engine."""

import time
from collections.abc import Callable

from redis.asyncio import Redis

from market_data.book_queries import BookQueries, Depth
from market_data.candle_queries import CandleQueries
from market_data.trade_queries import TradeQueries

__all__ = ["Depth", "MarketDataQueries"]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class MarketDataQueries(BookQueries):
    """Books and figures, and beside them the history: candles and trades.

    What is not there, as Redis was emptied and is filled again, is MarketDataUnavailable; a
    Redis that is away is redis.exceptions.RedisError.
    """

    def __init__(self, redis: Redis, clock_ms: Callable[[], int] = _now_ms) -> None:
        super().__init__(redis)
        candles, trades = CandleQueries(redis, clock_ms), TradeQueries(redis)
        self.candles = candles.candles
        self.window = candles.window
        self.trades = trades.trades
        self.aggregate_trades = trades.aggregate_trades
