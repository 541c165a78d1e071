"""Candle frames: what forms when it changes, what is over once, in a quiet market too."""

import json
import random
from itertools import groupby
from typing import Any

import pytest

from contracts.amounts import e8_text
from contracts.streams import UTC_PLUS_8_MS, Interval, candle_stream
from market_data.candle_frames import CATCH_UP, GRACE_MS, CandleFrames
from market_data.candle_grid import filled
from market_data.forming import Timelines, same_at_plus_8
from market_data.intervals import DAY_MS, HOUR_MS, MINUTE_MS, closes_at, opens_at
from market_data.records import Candle, Trade, candle_of
from tests.support.random_trades import SYMBOL, made

START_MS = 1_700_000_123_456


class Market:
    """One market's candle frames, and all that a client of every candle stream has seen."""

    def __init__(self, told_ms: int = 0) -> None:
        self.timelines = Timelines()
        self.frames = CandleFrames(SYMBOL, self.timelines, told_ms)
        self.seen: list[tuple[str, str]] = []
        self.last_ms = 0

    def take(self, trade: Trade) -> None:
        self.timelines.second.take(trade)
        self.last_ms = trade.at_ms

    def cut(self, now_ms: int) -> None:
        frames = self.frames.cut(now_ms, self.last_ms)
        self.seen += frames
        for name, text in dict(frames).items():
            assert '"x":false' in text, f"{name} has not told what forms"

    def candles(self, name: str, *, over: bool) -> list[dict[str, Any]]:
        told = [json.loads(text)["k"] for seen, text in self.seen if seen == name]
        return [k for k in told if k["x"] is over]


def texts(candle: Candle) -> tuple[object, ...]:
    """What a client can compare, in the order of `fields`."""
    amounts = (candle.open_e8, candle.high_e8, candle.low_e8, candle.close_e8, candle.volume_e8)
    takers = (candle.quote_e8, candle.taker_volume_e8, candle.taker_quote_e8)
    return (
        candle.open_ms,
        candle.close_ms,
        candle.first_id,
        candle.last_id,
        candle.trades,
        *map(e8_text, amounts + takers),
    )


def fields(k: dict[str, Any]) -> tuple[object, ...]:
    return tuple(k[name] for name in "tTfLnohlcvqVQ")


def expected(
    trades: list[Trade], interval: Interval, offset_ms: int, until_ms: int
) -> list[tuple[object, ...]]:
    """All candles from the first trade's to the one that was over last, the naive way."""
    grouped = groupby(trades, lambda trade: opens_at(interval, trade.at_ms, offset_ms))
    candles = [
        candle_of(list(members), open_ms, closes_at(interval, open_ms, offset_ms))
        for open_ms, members in grouped
    ]
    opens_ms = opens_at(interval, until_ms, offset_ms)
    before = [candle for candle in candles if candle.open_ms < opens_ms]
    span = (candles[0].open_ms, opens_ms - 1)
    return [texts(one) for one in filled(before, interval, span, None, offset_ms)]


def simulate(seed: int, steps: int, step_ms: int, restart_every: int = 0) -> tuple[Market, Any]:
    """Trades and cuts in turn; a trade is read up to 150 ms after its time."""
    rng = random.Random(seed)  # noqa: S311 - the same each time
    market, now_ms = Market(), START_MS
    market.frames.begin_at(now_ms)
    trades: list[Trade] = []
    for step in range(1, steps):
        now_ms += rng.randint(1, step_ms)
        if rng.random() < 0.3:
            at_ms = max(now_ms - rng.randint(0, 150), market.last_ms, START_MS)
            price, quantity = rng.randint(900, 1_100) * 10**6, rng.randint(1, 50) * 1_000
            trades.append(made(len(trades) + 1, price, quantity, at_ms, maker=rng.random() < 0.5))
            market.take(trades[-1])
        market.cut(now_ms)
        if restart_every and step % restart_every == 0:
            market = restarted(market, trades)
            now_ms += rng.randint(0, step_ms)
    return market, trades


def restarted(market: Market, trades: list[Trade]) -> Market:
    """A new process: it knows how far was told, and the log."""
    fresh = Market(market.frames.told_ms)
    for trade in trades:
        fresh.take(trade)
    fresh.seen = market.seen
    return fresh


def assert_told_once(market: Market, trades: list[Trade], intervals: list[Interval]) -> None:
    for interval in intervals:
        for plus_8 in (False, True):
            name = candle_stream(SYMBOL, interval, utc_plus_8=plus_8)
            told = [fields(k) for k in market.candles(name, over=True)]
            offset_ms = UTC_PLUS_8_MS if plus_8 else 0
            wanted = expected(trades, interval, offset_ms, market.frames.told_ms)
            assert told == wanted, name
            assert len(told) >= 2, name


SHORT = [Interval.SECOND_1, Interval.MINUTE_1, Interval.MINUTE_3, Interval.MINUTE_5]
LONG = [i for i in Interval if i not in SHORT and not i.endswith("m")]


@pytest.mark.parametrize("restart_every", [0, 37])
@pytest.mark.parametrize("seed", range(3))
def test_every_second_and_minute_is_told_once(seed: int, restart_every: int) -> None:
    market, trades = simulate(seed, 1_200, 1_500, restart_every)

    assert_told_once(market, trades, SHORT)


@pytest.mark.parametrize("restart_every", [0, 37])
@pytest.mark.parametrize("seed", range(3))
def test_every_hour_day_week_and_month_is_told_once(seed: int, restart_every: int) -> None:
    market, trades = simulate(seed + 50, 130, DAY_MS, restart_every)

    assert_told_once(market, trades, LONG)


def test_what_forms_is_told_each_second_or_two_and_only_where_it_changed() -> None:
    market = Market()
    market.frames.begin_at(0)
    market.take(made(1, 5, 10, 100, maker=False))
    market.cut(100)
    market.cut(150)
    market.take(made(2, 7, 10, 200, maker=False))
    market.cut(200)
    market.cut(1_000)
    market.cut(2_000)
    market.cut(4_000)

    minute = market.candles(candle_stream(SYMBOL, Interval.MINUTE_1), over=False)
    assert [k["L"] for k in minute] == [1, 2]
    second = market.candles(candle_stream(SYMBOL, Interval.SECOND_1), over=False)
    assert [(k["t"], k["L"]) for k in second] == [(0, 1), (0, 2), (1_000, -1), (3_000, -1)]


@pytest.mark.parametrize("restart_every", [0, 7])
def test_the_last_that_a_stream_has_told_is_always_the_candle_that_forms(
    restart_every: int,
) -> None:
    for steps in (10, 50, 100):
        market, _ = simulate(1, steps, HOUR_MS, restart_every)
        last = {name: json.loads(text)["k"] for name, text in market.seen}
        for name, candle in last.items():
            offset_ms = UTC_PLUS_8_MS if name.endswith("+08:00") else 0
            opens_ms = opens_at(Interval(candle["i"]), market.frames.told_ms, offset_ms)
            assert (candle["x"], candle["t"]) == (False, opens_ms), name


def test_what_forms_is_told_also_before_there_is_a_trade_in_it() -> None:
    market = Market()
    market.frames.begin_at(0)
    market.take(made(1, 5, 10, 30_000, maker=False))
    market.cut(MINUTE_MS + GRACE_MS)

    name = candle_stream(SYMBOL, Interval.MINUTE_1)
    flat = market.candles(name, over=False)[-1]
    assert (flat["t"], flat["T"], flat["n"]) == (MINUTE_MS, 2 * MINUTE_MS - 1, 0)
    assert {flat[price] for price in "ohlc"} == {"0.00000005"}
    told = len(market.seen)
    market.cut(MINUTE_MS + 2_000)
    assert [seen for seen, _ in market.seen[told:] if seen == name] == []


def test_a_candle_is_over_when_the_grace_has_passed_in_a_quiet_market() -> None:
    market = Market()
    market.frames.begin_at(0)
    market.take(made(1, 5, 10, 30_000, maker=False))
    name = candle_stream(SYMBOL, Interval.MINUTE_1)

    market.cut(MINUTE_MS + GRACE_MS - 1)
    assert market.candles(name, over=True) == []
    market.cut(MINUTE_MS + GRACE_MS)
    assert [k["t"] for k in market.candles(name, over=True)] == [0]
    market.cut(2 * MINUTE_MS + GRACE_MS)
    assert [(k["t"], k["n"], k["f"], k["L"]) for k in market.candles(name, over=True)][1:] == [
        (MINUTE_MS, 0, -1, -1)
    ]


def test_a_candle_is_over_at_once_when_the_next_ones_trade_comes() -> None:
    market = Market()
    market.frames.begin_at(0)
    market.take(made(1, 5, 10, 30_000, maker=False))
    market.cut(59_950)
    market.take(made(2, 6, 10, MINUTE_MS, maker=False))
    market.cut(MINUTE_MS + 10)

    told = market.candles(candle_stream(SYMBOL, Interval.MINUTE_1), over=True)
    assert [(k["t"], k["L"]) for k in told] == [(0, 1)]


def test_a_trade_that_comes_after_the_grace_is_told_in_its_candle_once_more() -> None:
    market = Market()
    market.frames.begin_at(0)
    market.take(made(1, 5, 10, 30_000, maker=False))
    market.cut(MINUTE_MS + GRACE_MS)

    market.take(made(2, 9, 10, 59_999, maker=False))
    market.cut(MINUTE_MS + 5_000)
    market.cut(MINUTE_MS + 7_000)

    told = market.candles(candle_stream(SYMBOL, Interval.MINUTE_1), over=True)
    assert [(k["t"], k["L"], k["h"]) for k in told] == [
        (0, 1, "0.00000005"),
        (0, 2, "0.00000009"),
    ]


def test_a_market_that_never_traded_has_no_candles() -> None:
    market = Market()
    market.frames.begin_at(0)

    for now_ms in range(0, 3 * HOUR_MS, 50_000):
        market.cut(now_ms)
    assert market.seen == []


def test_after_a_long_silence_only_the_newest_candles_are_told() -> None:
    market = Market()
    market.frames.begin_at(0)
    market.take(made(1, 5, 10, 500, maker=False))
    market.cut(10 * HOUR_MS + GRACE_MS)

    told = market.candles(candle_stream(SYMBOL, Interval.SECOND_1), over=True)
    assert [k["t"] for k in told] == list(
        range(10 * HOUR_MS - CATCH_UP * 1_000, 10 * HOUR_MS, 1_000)
    )
    assert {k["c"] for k in told} == {"0.00000005"}


@pytest.mark.parametrize("interval", list(Interval))
def test_both_time_zones_have_a_stream(interval: Interval) -> None:
    market = Market()
    market.frames.begin_at(START_MS)
    market.take(made(1, 5, 10, START_MS, maker=False))
    market.cut(START_MS + 100)

    utc, plus_8 = [candle_stream(SYMBOL, interval, utc_plus_8=plus_8) for plus_8 in (False, True)]
    opens = {name: market.candles(name, over=False)[0]["t"] for name in (utc, plus_8)}
    assert (opens[utc] == opens[plus_8]) or not same_at_plus_8(interval)
    assert opens[plus_8] == opens_at(interval, opens[plus_8], UTC_PLUS_8_MS)
