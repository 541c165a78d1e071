"""Which candles there are between two moments, traded in or not. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from contracts.streams import Interval
from market_data.intervals import LENGTHS_MS, closes_at, opens_at
from market_data.records import Candle, flat_candle, joined


def first_at_or_after(interval: Interval, at_ms: int, offset_ms: int = 0) -> int:
    """The opening time of the first candle that opens then or later."""
    open_ms = opens_at(interval, at_ms, offset_ms)
    return open_ms if open_ms == at_ms else closes_at(interval, open_ms, offset_ms) + 1


def stepped(interval: Interval, open_ms: int, count: int, offset_ms: int = 0) -> int:
    """The opening time `count` candles later, earlier where it is negative."""
    if interval is not Interval.MONTH_1:
        return open_ms + count * LENGTHS_MS[interval]
    local = datetime.fromtimestamp((open_ms + offset_ms) // 1000, UTC)
    year, month = divmod(local.year * 12 + local.month - 1 + count, 12)
    if year < 1970:
        return -offset_ms
    if year > 9999:
        year, month = 9999, 0
    moved = datetime(year, month + 1, 1, tzinfo=UTC)
    return int(moved.timestamp()) * 1000 - offset_ms


def regrouped(
    candles: Iterable[Candle], interval: Interval, offset_ms: int = 0
) -> Iterator[Candle]:
    """Candles in order, joined to those of a longer interval."""
    group: list[Candle] = []
    open_ms = -1
    for candle in candles:
        opens = opens_at(interval, candle.open_ms, offset_ms)
        if group and opens != open_ms:
            yield joined(group, open_ms, closes_at(interval, open_ms, offset_ms))
            group = []
        open_ms = opens
        group.append(candle)
    if group:
        yield joined(group, open_ms, closes_at(interval, open_ms, offset_ms))


def filled(
    candles: Iterable[Candle],
    interval: Interval,
    span: tuple[int, int],
    previous_close_e8: int | None,
    offset_ms: int = 0,
) -> Iterator[Candle]:
    """The candles, and flat ones at the close before where there was no trade.

    `span` is the opening times of the first and the last. Nothing before the first trade.
    """
    open_ms, last_ms = span
    close_e8 = previous_close_e8
    for candle in (*candles, None):
        until = last_ms + 1 if candle is None else candle.open_ms
        while open_ms < until:
            close_ms = closes_at(interval, open_ms, offset_ms)
            if close_e8 is not None:
                yield flat_candle(close_e8, open_ms, close_ms)
            open_ms = close_ms + 1
        if candle is not None:
            yield candle
            close_e8, open_ms = candle.close_e8, candle.close_ms + 1
