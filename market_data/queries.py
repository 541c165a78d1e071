"""What others may ask of market data. Reads what Redis holds, never the engine."""

from collections.abc import Callable

from redis.asyncio import Redis

from market_data.book_queries import BookQueries, Depth
from market_data.candle_queries import CandleQueries
from market_data.clock import wall_clock_ms
from market_data.trade_queries import TradeQueries

__all__ = ["Depth", "MarketDataQueries"]


class MarketDataQueries(BookQueries):
    """Books and figures, and beside them the history: candles and trades.

    What is not there, as Redis was emptied and is filled again, or may be old, as nobody keeps it
    current, is MarketDataUnavailable; a Redis that is away is redis.exceptions.RedisError.
    """

    def __init__(self, redis: Redis, clock_ms: Callable[[], int] = wall_clock_ms) -> None:
        super().__init__(redis, clock_ms)
        candles, trades = CandleQueries(redis, clock_ms), TradeQueries(redis)
        self.candles = candles.candles
        self.window = candles.window
        self.average_price = candles.average_price
        self.trades = trades.trades
        self.aggregate_trades = trades.aggregate_trades
