"""Books, best prices and last figures, from the display copies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from contracts.amounts import Amount
from contracts.topology import (
    DISPLAY_FRESH_KEY,
    last_price_key,
    order_book_key,
    order_book_meta_key,
    ticker_key,
)
from market_data.errors import DepthUnavailable, HistoryUnavailable
from market_data.intervals import DAY_MS, rolling_opens_at
from market_data.records import RollingFigures

Levels = tuple[tuple[Amount, Amount], ...]
_BEST: Final = ("book_seq", "bid_price", "bid_quantity", "ask_price", "ask_quantity")


@dataclass(frozen=True)
class Depth:
    """The best levels of a book, best first, as (price, quantity), after one update."""

    last_update_id: int
    bids: Levels
    asks: Levels


@dataclass(frozen=True)
class BestPrices:
    """The best prices of a book and what is offered there, zero where a side is empty."""

    symbol: str
    bid_price: Amount
    bid_quantity: Amount
    ask_price: Amount
    ask_quantity: Amount


class BookQueries:
    """Raises redis.exceptions.RedisError where Redis is away, and DepthUnavailable while nobody
    keeps the copies current: as the process that writes them starts, or is away."""

    def __init__(self, redis: Redis, clock_ms: Callable[[], int]) -> None:
        self._redis = redis
        self._clock_ms = clock_ms
        self._figures = msgspec.json.Decoder(RollingFigures)

    async def depth(self, symbol: str, limit: int) -> Depth:
        """At most `limit` levels a side, both sides after the same update.

        Raises:
            DepthUnavailable: the copy of this book is not there.
        """
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.hget(order_book_meta_key(symbol), "book_seq")
            pipeline.hgetall(order_book_key(symbol, "bids"))
            pipeline.hgetall(order_book_key(symbol, "asks"))
            book_seq, bids, asks = await _fresh(pipeline)
        if book_seq is None:
            raise DepthUnavailable(symbol)
        return Depth(
            last_update_id=int(book_seq),
            bids=_best(bids, limit, best_is_highest=True),
            asks=_best(asks, limit, best_is_highest=False),
        )

    async def best_prices(self, symbols: Sequence[str]) -> list[BestPrices]:
        """Of each of these books.

        Raises:
            DepthUnavailable: the copy of one of them is not there.
        """
        async with self._redis.pipeline(transaction=True) as pipeline:
            for symbol in symbols:
                pipeline.hmget(order_book_meta_key(symbol), _BEST)
            rows = await _fresh(pipeline)
        found = []
        for symbol, (book_seq, *prices) in zip(symbols, rows, strict=True):
            if book_seq is None or None in prices:
                raise DepthUnavailable(symbol)
            found.append(BestPrices(symbol, *(Amount(price) for price in prices)))
        return found

    async def last_price(self, symbol: str) -> Amount | None:
        """The price of the newest trade, None before the first.

        Raises:
            DepthUnavailable: the market's copy is not there, so nobody knows.
        """
        return (await self.last_prices([symbol]))[0]

    async def last_prices(self, symbols: Sequence[str]) -> list[Amount | None]:
        """The same for several markets."""
        async with self._redis.pipeline(transaction=True) as pipeline:
            for symbol in symbols:
                pipeline.hexists(order_book_meta_key(symbol), "book_seq")
                pipeline.get(last_price_key(symbol))
            answers = await _fresh(pipeline)
        found: list[Amount | None] = []
        for symbol, is_there, price in zip(symbols, answers[::2], answers[1::2], strict=True):
            if not is_there:
                raise DepthUnavailable(symbol)
            found.append(None if price is None else Amount(price))
        return found

    async def rolling_figures(self, symbols: Sequence[str]) -> list[RollingFigures]:
        """Of the last 24 hours. Where nothing was traded in them all prices are the last one.

        Raises:
            HistoryUnavailable: those of one of the markets are not there.
        """
        async with self._redis.pipeline(transaction=True) as pipeline:
            for symbol in symbols:
                pipeline.get(ticker_key(symbol))
            texts = await _fresh(pipeline)
        found = []
        for symbol, text in zip(symbols, texts, strict=True):
            if text is None:
                raise HistoryUnavailable(symbol)
            found.append(_ending(self._clock_ms(), self._figures.decode(text)))
        return found


def _ending(now_ms: int, figures: RollingFigures) -> RollingFigures:
    """They are written when they change, so they are those of the window that ends now."""
    times = {"open_ms": rolling_opens_at(now_ms, DAY_MS), "close_ms": now_ms}
    if figures.trades:
        return msgspec.structs.replace(figures, **times)
    prices = dict.fromkeys(("open_e8", "high_e8", "low_e8", "last_e8"), figures.previous_close_e8)
    return msgspec.structs.replace(figures, **times, **prices)


async def _fresh(pipeline: Pipeline) -> list[Any]:
    """What was asked for, all of one moment. Raises DepthUnavailable where it may be old."""
    pipeline.exists(DISPLAY_FRESH_KEY)
    *answers, is_fresh = await pipeline.execute()
    if not is_fresh:
        raise DepthUnavailable("nobody keeps the copies current")
    return answers


def _best(levels: dict[str, str], limit: int, *, best_is_highest: bool) -> Levels:
    prices = sorted(levels, key=_units, reverse=best_is_highest)[:limit]
    return tuple((Amount(price), Amount(levels[price])) for price in prices)


def _units(price: str) -> int:
    return int(price.replace(".", ""))  # every price is written with eight decimals
