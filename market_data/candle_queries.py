"""Candles as clients ask for them: any length, any time zone, without gaps."""

from collections.abc import Callable, Iterator
from typing import Final

from redis.asyncio import Redis

from contracts.amounts import E8
from contracts.streams import Interval
from market_data.candle_grid import filled, first_at_or_after, regrouped, stepped
from market_data.candle_reader import CandleReader, Span, Stored
from market_data.intervals import (
    DAY_MS,
    LENGTHS_MS,
    MINUTE_MS,
    closes_at,
    opens_at,
    rolling_opens_at,
)
from market_data.records import AveragePrice, Candle, flat_candle, joined
from market_data.ticker_frames import AVERAGE_MS

SAMPLES_MAX: Final = 20_000  # stored candles that are read for one answer
_PARTS: Final = (Interval.DAY_1, Interval.HOUR_1, Interval.MINUTE_15, Interval.MINUTE_1)


class CandleQueries:
    def __init__(self, redis: Redis, clock_ms: Callable[[], int]) -> None:
        self._reader = CandleReader(redis)
        self._clock_ms = clock_ms

    async def candles(
        self,
        symbol: str,
        interval: Interval,
        *,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
        offset_ms: int = 0,
    ) -> list[Candle]:
        """Candles in order, by their opening times in ms, both ends included.

        With `start_ms` the first ones from there, else the newest; `limit` at most, fewer where
        very many stored ones would have to be joined. The last may still be open. `offset_ms` is
        a time zone, in whole minutes, that boundaries follow. Spans without trades are flat
        candles, from the first trade on.

        Raises:
            HistoryUnavailable: the history is being rebuilt.
            redis.exceptions.RedisError: Redis is away.
        """
        source = _source(interval, offset_ms)
        limit = min(limit, max(1, SAMPLES_MAX * LENGTHS_MS[source] // _length(interval)))
        now_ms = self._clock_ms()
        if start_ms is not None and start_ms > now_ms:
            return []
        last = opens_at(interval, now_ms if end_ms is None else min(end_ms, now_ms), offset_ms)
        if start_ms is None:
            first = stepped(interval, last, 1 - limit, offset_ms)
        else:
            first = first_at_or_after(interval, start_ms, offset_ms)

        def until(open_ms: int) -> int:
            return min(last, stepped(interval, open_ms, limit - 1, offset_ms))

        async def read() -> Stored:
            end_ms = closes_at(interval, until(first), offset_ms)
            return await self._reader.read(symbol, Span(source, first, end_ms))

        stored = await read()
        begins_ms = _begins(stored)
        if begins_ms is None:
            return []
        traded_first = opens_at(interval, begins_ms, offset_ms)
        if first < traded_first:
            reaches, first = until(first), traded_first
            if until(first) > reaches:
                stored = await read()
        span = (first, until(first))
        candles = _within(stored, first, closes_at(interval, span[1], offset_ms))
        return list(
            filled(
                regrouped(candles, interval, offset_ms),
                interval,
                span,
                stored.close_before(first),
                offset_ms,
            )
        )

    async def window(self, symbol: str, start_ms: int) -> Candle | None:
        """All trades from the beginning of the minute of `start_ms` until now as one candle, a
        flat one where there were none; None before the first trade.

        Raises:
            HistoryUnavailable: the history is being rebuilt.
            redis.exceptions.RedisError: Redis is away.
        """
        now_ms = self._clock_ms()
        open_ms = opens_at(Interval.MINUTE_1, start_ms)
        hour_ms = min(first_at_or_after(Interval.HOUR_1, open_ms), now_ms)
        edge, rest = await self._reader.read_at_once(
            symbol,
            Span(Interval.MINUTE_1, open_ms, hour_ms - 1),
            Span(Interval.HOUR_1, hour_ms, now_ms),
        )
        traded = [*edge.closed, *_within(rest, open_ms, now_ms)]
        if traded:
            return joined(traded, open_ms, now_ms)
        close_e8 = edge.close_before(open_ms)
        return None if close_e8 is None else flat_candle(close_e8, open_ms, now_ms)

    async def average_price(self, symbol: str) -> AveragePrice | None:
        """Over the same minutes as the stream of it tells, second by second; the last price where
        nothing was traded in them. None before the first trade.

        Raises:
            HistoryUnavailable: the history is being rebuilt.
            redis.exceptions.RedisError: Redis is away.
        """
        now_ms = self._clock_ms()
        open_ms = rolling_opens_at(now_ms, AVERAGE_MS)
        # A trade has the log's time, which may be a little ahead of this clock.
        span = Span(Interval.SECOND_1, open_ms, now_ms + MINUTE_MS)
        stored, last = await self._reader.read_with_last_trade(symbol, span)
        if last is None:
            return None
        seconds = list(_within(stored, span.start_ms, span.end_ms))
        volume_e8 = sum(second.volume_e8 for second in seconds)
        quote_e8 = sum(second.quote_e8 for second in seconds)
        price_e8 = quote_e8 * E8 // volume_e8 if volume_e8 else last.price_e8
        return AveragePrice(price_e8=price_e8, last_trade_ms=last.at_ms)


def _source(interval: Interval, offset_ms: int) -> Interval:
    """The longest stored candles that those wanted are made of."""
    if interval is not Interval.MONTH_1 and offset_ms % LENGTHS_MS[interval] == 0:
        return interval
    length = _length(interval)
    return next(
        part
        for part in _PARTS
        if length % LENGTHS_MS[part] == 0 and offset_ms % LENGTHS_MS[part] == 0
    )


def _length(interval: Interval) -> int:
    return 31 * DAY_MS if interval is Interval.MONTH_1 else LENGTHS_MS[interval]


def _begins(stored: Stored) -> int | None:
    if stored.first_ms is not None:
        return stored.first_ms
    return None if stored.forming is None else stored.forming.open_ms


def _within(stored: Stored, first_ms: int, last_ms: int) -> Iterator[Candle]:
    yield from stored.closed
    if stored.forming is not None and first_ms <= stored.forming.open_ms <= last_ms:
        yield stored.forming
