"""Where a candle begins and ends. Pure calendar arithmetic on milliseconds since 1970, UTC.

`offset_ms` cuts in another time zone: boundaries fall on that zone's round times.
"""

from datetime import UTC, datetime
from typing import Final

from contracts.streams import Interval

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
WEEK_MS: Final = 7 * DAY_MS
_FIRST_MONDAY_MS: Final = 4 * DAY_MS  # 1970-01-05

LENGTHS_MS: Final[dict[Interval, int]] = {
    Interval.SECOND_1: 1_000,
    Interval.MINUTE_1: MINUTE_MS,
    Interval.MINUTE_3: 3 * MINUTE_MS,
    Interval.MINUTE_5: 5 * MINUTE_MS,
    Interval.MINUTE_15: 15 * MINUTE_MS,
    Interval.MINUTE_30: 30 * MINUTE_MS,
    Interval.HOUR_1: HOUR_MS,
    Interval.HOUR_2: 2 * HOUR_MS,
    Interval.HOUR_4: 4 * HOUR_MS,
    Interval.HOUR_6: 6 * HOUR_MS,
    Interval.HOUR_8: 8 * HOUR_MS,
    Interval.HOUR_12: 12 * HOUR_MS,
    Interval.DAY_1: DAY_MS,
    Interval.DAY_3: 3 * DAY_MS,
    Interval.WEEK_1: WEEK_MS,
}
"""All but the month, whose length varies."""


def opens_at(interval: Interval, at_ms: int, offset_ms: int = 0) -> int:
    """The first millisecond of the candle that holds `at_ms`."""
    local = at_ms + offset_ms
    if interval is Interval.MONTH_1:
        return _month_start(local) - offset_ms
    length = LENGTHS_MS[interval]
    first = _FIRST_MONDAY_MS if interval is Interval.WEEK_1 else 0
    return (local - first) // length * length + first - offset_ms


def rolling_opens_at(now_ms: int, length_ms: int) -> int:
    """The first whole second of the window of that length that ends now."""
    return -(-(now_ms - length_ms) // 1_000) * 1_000


def closes_at(interval: Interval, open_ms: int, offset_ms: int = 0) -> int:
    """The last millisecond of the candle that opens at `open_ms`."""
    if interval is not Interval.MONTH_1:
        return open_ms + LENGTHS_MS[interval] - 1
    return _month_start(open_ms + offset_ms + 31 * DAY_MS) - offset_ms - 1


def _month_start(local_ms: int) -> int:
    moment = datetime.fromtimestamp(local_ms / 1000, UTC)
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return int(first.timestamp()) * 1000
