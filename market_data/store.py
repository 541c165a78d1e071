"""The display copies in Redis: one hash a side, a meta hash, the last price."""

from collections.abc import Mapping

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from contracts.topology import last_price_key, order_book_key, order_book_meta_key
from market_data.display import BookChange


class DisplayStore:
    """Writes changes all at once, or not at all."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def write(self, changes: list[BookChange], prices: Mapping[str, str]) -> set[str]:
        """Bring the copies forward in one transaction.

        Returns the symbols whose copy is not where its change begins; then nothing was written.
        A copy that vanishes in between is noticed too: its meta key is watched.

        Raises:
            redis.exceptions.RedisError: Redis is away; what was written is unknown.
        """
        metas = {change.symbol: order_book_meta_key(change.symbol) for change in changes}
        async with self._redis.pipeline(transaction=True) as pipeline:
            if metas:
                await pipeline.watch(*metas.values())
            misfits: set[str] = set()
            for change in changes:
                if change.follows is not None:
                    at = await pipeline.hget(metas[change.symbol], "book_seq")
                    if at != str(change.follows):
                        misfits.add(change.symbol)
            if misfits:
                return misfits
            pipeline.multi()  # type: ignore[no-untyped-call]
            for change in changes:
                if change.follows != change.book_seq:
                    _queue(pipeline, change)
            for symbol, price in prices.items():
                pipeline.set(last_price_key(symbol), price)
            try:
                await pipeline.execute()
            except WatchError:
                return set(metas)
        return set()


def _queue(pipeline: Pipeline, change: BookChange) -> None:
    for side, levels in (("bids", change.bids), ("asks", change.asks)):
        key = order_book_key(change.symbol, side)
        if change.follows is None:
            pipeline.delete(key)
        gone = [price for price, quantity in levels.items() if quantity is None]
        for price, quantity in levels.items():
            if quantity is not None:
                pipeline.hset(key, price, quantity)
        if gone:
            pipeline.hdel(key, *gone)
    pipeline.hset(
        order_book_meta_key(change.symbol),
        mapping={"book_seq": str(change.book_seq), "offset": str(change.offset)},
    )
