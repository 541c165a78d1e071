"""Candles formed step by step equal those made of all their trades at once."""

from itertools import groupby

import pytest

from contracts.streams import UTC_PLUS_8_MS, Interval
from market_data.forming import Timeline, Timelines, same_at_plus_8
from market_data.intervals import closes_at, opens_at
from market_data.records import Candle, Trade, candle_of
from tests.support.random_trades import made, random_trades

START_MS = 1_700_000_123_456


class Kept:
    """A follower that keeps what it is told."""

    def __init__(self, timeline: Timeline) -> None:
        self.candles: list[Candle] = []
        timeline.followers.append(self)

    def fold(self, candle: Candle) -> None:
        self.candles.append(candle)

    def advance(self, at_ms: int) -> None:
        assert not self.candles or at_ms > self.candles[-1].close_ms


def naive(trades: list[Trade], interval: Interval, offset_ms: int) -> list[Candle]:
    grouped = groupby(trades, lambda trade: opens_at(interval, trade.at_ms, offset_ms))
    return [
        candle_of(list(members), open_ms, closes_at(interval, open_ms, offset_ms))
        for open_ms, members in grouped
    ]


@pytest.mark.parametrize("seed", range(5))
def test_every_interval_in_both_zones_equals_the_naive_candles(seed: int) -> None:
    trades = list(random_trades(seed, 1_500, START_MS))
    timelines = Timelines()
    kept = [(timeline, Kept(timeline)) for timeline in timelines.all]

    for trade in trades:
        timelines.second.take(trade)

    for timeline, follower in kept:
        expected = naive(trades, timeline.interval, timeline.offset_ms)
        assert [*follower.candles, timeline.present()] == expected, timeline.interval
    weeks = [len(f.candles) for t, f in kept if t.interval is Interval.WEEK_1]
    assert min(weeks) > 50


@pytest.mark.parametrize("seed", range(3))
def test_the_open_candle_is_right_after_every_trade(seed: int) -> None:
    trades = list(random_trades(seed + 100, 120, START_MS))
    timelines = Timelines()

    for n, trade in enumerate(trades):
        timelines.second.take(trade)
        for timeline in timelines.all:
            expected = naive(trades[: n + 1], timeline.interval, timeline.offset_ms)[-1]
            assert timeline.present() == expected


def test_there_is_no_candle_before_the_first_trade() -> None:
    assert [timeline.present() for timeline in Timelines().all] == [None] * 22


def test_every_interval_is_there_in_utc_and_those_that_differ_in_utc_plus_8() -> None:
    timelines = Timelines()

    assert {t.interval for t in timelines.all if t.offset_ms == 0} == set(Interval)
    assert {t.interval for t in timelines.all if t.offset_ms} == {
        interval for interval in Interval if not same_at_plus_8(interval)
    }


@pytest.mark.parametrize("interval", [i for i in Interval if same_at_plus_8(i)])
def test_where_the_zones_are_the_same_their_boundaries_are(interval: Interval) -> None:
    for trade in random_trades(7, 300, START_MS):
        assert opens_at(interval, trade.at_ms) == opens_at(interval, trade.at_ms, UTC_PLUS_8_MS)


def test_a_trade_at_the_last_millisecond_is_in_and_the_next_one_is_not() -> None:
    timelines = Timelines()
    minutes = Kept(timelines.minute)

    timelines.second.take(made(1, 5, 10, 59_999, maker=False))
    timelines.second.take(made(2, 6, 10, 60_000, maker=False))

    assert [(c.open_ms, c.close_ms, c.last_id) for c in minutes.candles] == [(0, 59_999, 1)]
