"""Closed candles as time series in Redis: one for each figure, kept at 1s and 1m.

RedisTimeSeries makes the longer candles of the minutes by compaction; the month, whose length
varies, is joined from days where it is read. Time series hold doubles, so every value is an
integer that stays exact below 2^53: a price in units of 0.00000001 up to 90 million, and what is
summed up in two parts, whole units and the rest in units of 0.00000001.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from contracts.amounts import E8
from contracts.streams import Interval
from contracts.topology import candle_series_key
from market_data.intervals import DAY_MS, HOUR_MS, LENGTHS_MS
from market_data.records import Candle

RETENTION_MS: Final = {Interval.SECOND_1: 6 * HOUR_MS, Interval.MINUTE_1: 90 * DAY_MS}
LONG_RETENTION_MS: Final = 3_660 * DAY_MS
COMPACTED: Final = tuple(i for i in LENGTHS_MS if i not in RETENTION_MS)
FIELDS: Final = {  # → how a longer candle's figure is made of those of minutes
    "open": "first",
    "high": "max",
    "low": "min",
    "close": "last",
    "volume": "sum",
    "volume_e8": "sum",
    "quote": "sum",
    "quote_e8": "sum",
    "taker_volume": "sum",
    "taker_volume_e8": "sum",
    "taker_quote": "sum",
    "taker_quote_e8": "sum",
    "trades": "sum",
    "first_id": "first",
    "last_id": "last",
}
_CHUNK_BYTES: Final = 1_024
_MONDAY_MS: Final = 4 * DAY_MS  # 1970-01-05: weeks begin on Monday


def series_keys(symbol: str, interval: Interval) -> list[str]:
    """The keys of one market's candles of one length, in the order of FIELDS."""
    return [candle_series_key(symbol, interval, field) for field in FIELDS]


def all_series_keys(symbol: str) -> list[str]:
    """Every time series of one market."""
    return [key for interval in LENGTHS_MS for key in series_keys(symbol, interval)]


def creation(symbol: str) -> Iterator[Sequence[str | int]]:
    """The commands that make one market's series and the rules between them."""
    for interval in LENGTHS_MS:
        for field in FIELDS:
            yield _create(symbol, interval, field)
    for interval in COMPACTED:
        align_ms = _MONDAY_MS if interval is Interval.WEEK_1 else 0
        for field, aggregation in FIELDS.items():
            minutes = candle_series_key(symbol, Interval.MINUTE_1, field)
            longer = candle_series_key(symbol, interval, field)
            rule = ("AGGREGATION", aggregation, LENGTHS_MS[interval], align_ms)
            yield ("TS.CREATERULE", minutes, longer, *rule)


def _create(symbol: str, interval: Interval, field: str) -> Sequence[str | int]:
    return (
        "TS.CREATE",
        candle_series_key(symbol, interval, field),
        *("RETENTION", RETENTION_MS.get(interval, LONG_RETENTION_MS)),
        *("CHUNK_SIZE", _CHUNK_BYTES),
        *("DUPLICATE_POLICY", "LAST"),
        *("LABELS", "symbol", symbol, "interval", interval, "field", field),
    )


def insertion(symbol: str, interval: Interval, candles: Iterable[Candle]) -> Sequence[str | int]:
    """The one command that adds closed candles, in order."""
    keys = series_keys(symbol, interval)
    command: list[str | int] = ["TS.MADD"]
    for candle in candles:
        for key, value in zip(keys, _values(candle), strict=True):
            command += (key, candle.open_ms, value)
    return command


def _values(candle: Candle) -> tuple[int, ...]:
    return (
        candle.open_e8,
        candle.high_e8,
        candle.low_e8,
        candle.close_e8,
        *divmod(candle.volume_e8, E8),
        *divmod(candle.quote_e8, E8),
        *divmod(candle.taker_volume_e8, E8),
        *divmod(candle.taker_quote_e8, E8),
        candle.trades,
        candle.first_id,
        candle.last_id,
    )


def candle_from(open_ms: int, close_ms: int, values: Sequence[int]) -> Candle:
    """The candle of one sample of each series, in the order of FIELDS."""
    return Candle(
        open_ms=open_ms,
        close_ms=close_ms,
        open_e8=values[0],
        high_e8=values[1],
        low_e8=values[2],
        close_e8=values[3],
        volume_e8=values[4] * E8 + values[5],
        quote_e8=values[6] * E8 + values[7],
        taker_volume_e8=values[8] * E8 + values[9],
        taker_quote_e8=values[10] * E8 + values[11],
        trades=values[12],
        first_id=values[13],
        last_id=values[14],
    )
