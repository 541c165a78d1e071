"""Candles computed the slow way, by the calendar: what every faster way must agree with."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from contracts.streams import Interval
from market_data.records import Candle, Trade

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def naive_candles(
    trades: Sequence[Trade],
    interval: Interval,
    now_ms: int,
    *,
    start_ms: int | None = None,
    end_ms: int | None = None,
    limit: int = 500,
    offset_ms: int = 0,
) -> list[Candle]:
    """All candles from the first trade to now, of which those that were asked for are left."""
    wanted = [
        c
        for c in _all(tuple(trades), interval, now_ms, offset_ms)
        if (start_ms is None or c.open_ms >= start_ms) and (end_ms is None or c.open_ms <= end_ms)
    ]
    return wanted[-limit:] if start_ms is None else wanted[:limit]


@lru_cache(maxsize=4)
def _all(
    trades: tuple[Trade, ...], interval: Interval, now_ms: int, offset_ms: int
) -> list[Candle]:
    candles: list[Candle] = []
    opens = _open_of(trades[0].at_ms, interval, offset_ms)
    close_e8, at = 0, 0
    while opens <= now_ms:
        following = _next(opens, interval, offset_ms)
        inside = []
        while at < len(trades) and trades[at].at_ms < following:
            inside.append(trades[at])
            at += 1
        candles.append(_candle(inside, opens, following - 1, close_e8))
        close_e8, opens = candles[-1].close_e8, following
    return candles


def _candle(trades: list[Trade], open_ms: int, close_ms: int, before_e8: int) -> Candle:
    prices = [t.price_e8 for t in trades] or [before_e8]
    taken = [t for t in trades if not t.buyer_is_maker]
    return Candle(
        open_ms=open_ms,
        close_ms=close_ms,
        open_e8=prices[0],
        high_e8=max(prices),
        low_e8=min(prices),
        close_e8=prices[-1],
        volume_e8=sum(t.quantity_e8 for t in trades),
        quote_e8=sum(t.quote_e8 for t in trades),
        trades=len(trades),
        taker_volume_e8=sum(t.quantity_e8 for t in taken),
        taker_quote_e8=sum(t.quote_e8 for t in taken),
        first_id=trades[0].trade_id if trades else -1,
        last_id=trades[-1].trade_id if trades else -1,
    )


def _open_of(at_ms: int, interval: Interval, offset_ms: int) -> int:
    local = EPOCH + timedelta(milliseconds=at_ms + offset_ms)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if interval is Interval.MONTH_1:
        opens = midnight.replace(day=1)
    elif interval is Interval.WEEK_1:
        opens = midnight - timedelta(days=midnight.weekday())
    else:
        opens = local - (local - EPOCH) % _length(interval)
    return (opens - EPOCH) // timedelta(milliseconds=1) - offset_ms


def _next(open_ms: int, interval: Interval, offset_ms: int) -> int:
    local = EPOCH + timedelta(milliseconds=open_ms + offset_ms)
    if interval is Interval.MONTH_1:
        after = (local + timedelta(days=40)).replace(day=1)
    else:
        after = local + _length(interval)
    return (after - EPOCH) // timedelta(milliseconds=1) - offset_ms


def _length(interval: Interval) -> timedelta:
    return timedelta(**{UNITS[interval[-1]]: int(interval[:-1])})
