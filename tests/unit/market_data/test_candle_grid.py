"""Which candles there are: steps over months, gaps filled, nothing before the first trade."""

from datetime import UTC, datetime

import pytest

from contracts.streams import Interval
from market_data.candle_grid import filled, first_at_or_after, stepped
from market_data.records import Candle, flat_candle

MINUTE_MS = 60_000


def ms(year: int, month: int, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, ms(2024, 1)),
        (1, ms(2024, 2)),
        (14, ms(2025, 3)),
        (-1, ms(2023, 12)),
        (-13, ms(2022, 12)),
    ],
)
def test_months_are_counted_by_the_calendar(count: int, expected: int) -> None:
    offset_ms = 8 * 60 * MINUTE_MS
    assert stepped(Interval.MONTH_1, ms(2024, 1), count) == expected
    east = stepped(Interval.MONTH_1, ms(2024, 1) - offset_ms, count, offset_ms)
    assert east == expected - offset_ms


def test_steps_end_where_the_calendar_does() -> None:
    assert stepped(Interval.MONTH_1, ms(1970, 3), -1_000) == 0
    assert stepped(Interval.MONTH_1, ms(2024, 1), 200_000) == ms(9999, 1)
    assert stepped(Interval.HOUR_1, 0, -2) == -7_200_000


def test_a_candle_counts_from_its_opening_time_on() -> None:
    assert first_at_or_after(Interval.MINUTE_1, MINUTE_MS) == MINUTE_MS
    assert first_at_or_after(Interval.MINUTE_1, MINUTE_MS + 1) == 2 * MINUTE_MS
    assert first_at_or_after(Interval.WEEK_1, ms(2024, 1, 2)) == ms(2024, 1, 8)  # a Monday


def candle(n: int, price_e8: int) -> Candle:
    return flat_candle(price_e8, n * MINUTE_MS, (n + 1) * MINUTE_MS - 1)


@pytest.mark.parametrize(
    ("present", "before", "expected"),
    [
        ([], None, []),
        ([], 7, [(2, 7), (3, 7), (4, 7), (5, 7)]),
        ([(3, 9)], None, [(3, 9), (4, 9), (5, 9)]),
        ([(3, 9), (5, 8)], 7, [(2, 7), (3, 9), (4, 9), (5, 8)]),
    ],
)
def test_gaps_are_filled_with_the_close_before(
    present: list[tuple[int, int]], before: int | None, expected: list[tuple[int, int]]
) -> None:
    span = (2 * MINUTE_MS, 5 * MINUTE_MS)
    found = filled((candle(*p) for p in present), Interval.MINUTE_1, span, before)
    assert list(found) == [candle(*e) for e in expected]
