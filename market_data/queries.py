"""What others may ask of market data. Reads the display copies, never the engine."""

from dataclasses import dataclass

from redis.asyncio import Redis

from contracts.amounts import Amount
from contracts.topology import last_price_key, order_book_key, order_book_meta_key
from market_data.errors import DepthUnavailable

Levels = tuple[tuple[Amount, Amount], ...]


@dataclass(frozen=True)
class Depth:
    """The best levels of a book, best first, as (price, quantity), after one update."""

    last_update_id: int
    bids: Levels
    asks: Levels


class MarketDataQueries:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def depth(self, symbol: str, limit: int) -> Depth:
        """At most `limit` levels a side, both sides after the same update.

        Raises:
            DepthUnavailable: the copy of this book is not there.
            redis.exceptions.RedisError: Redis is away.
        """
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.hget(order_book_meta_key(symbol), "book_seq")
            pipeline.hgetall(order_book_key(symbol, "bids"))
            pipeline.hgetall(order_book_key(symbol, "asks"))
            book_seq, bids, asks = await pipeline.execute()
        if book_seq is None:
            raise DepthUnavailable(symbol)
        return Depth(
            last_update_id=int(book_seq),
            bids=_best(bids, limit, best_is_highest=True),
            asks=_best(asks, limit, best_is_highest=False),
        )

    async def last_price(self, symbol: str) -> Amount | None:
        """The price of the newest trade, None before the first."""
        price = await self._redis.get(last_price_key(symbol))
        return None if price is None else Amount(str(price))


def _best(levels: dict[str, str], limit: int, *, best_is_highest: bool) -> Levels:
    prices = sorted(levels, key=_units, reverse=best_is_highest)[:limit]
    return tuple((Amount(price), Amount(levels[price])) for price in prices)


def _units(price: str) -> int:
    return int(price.replace(".", ""))  # every price is written with eight decimals
