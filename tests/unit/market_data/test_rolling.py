"""Rolling windows equal what a look at every trade gives."""

import random

import pytest

from contracts.streams import Interval
from market_data.depth import Best
from market_data.forming import Timeline
from market_data.intervals import DAY_MS, HOUR_MS
from market_data.records import Trade, candle_of
from market_data.rolling import RollingWindow, WindowFigures, rolling_figures
from tests.support.random_trades import SYMBOL, made

START_MS = 1_700_000_123_456


def naive(
    trades: list[Trade], length_ms: int, now_ms: int, *, whole_minutes: bool
) -> WindowFigures:
    """The first whole second of the window, or the whole minute before it, and the trades from
    there on."""
    begins_ms = now_ms - length_ms
    if whole_minutes:
        open_ms = next(ms for ms in range(begins_ms, 0, -1) if ms % 60_000 == 0)
    else:
        open_ms = next(ms for ms in range(begins_ms, now_ms) if ms % 1_000 == 0)
    inside = [trade for trade in trades if trade.at_ms >= open_ms]
    before = [trade.price_e8 for trade in trades if trade.at_ms < open_ms]
    return WindowFigures(
        open_ms,
        now_ms,
        candle_of(inside, open_ms, now_ms) if inside else None,
        before[-1] if before else 0,
    )


@pytest.mark.parametrize("length_ms", [300_000, HOUR_MS, DAY_MS])
@pytest.mark.parametrize("whole_minutes", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_window_equals_the_naive_one_at_every_moment(
    seed: int, whole_minutes: bool, length_ms: int
) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same trades each time
    second = Timeline(Interval.SECOND_1)
    window = RollingWindow(length_ms, second, whole_minutes=whole_minutes)
    trades: list[Trade] = []
    now_ms, empty = START_MS, 0
    for trade_id in range(1, 1_000):
        now_ms += rng.randint(0, rng.choice((0, 400, 5_000, length_ms // 10, length_ms)))
        if rng.random() < 0.7:
            price, quantity = rng.randint(1, 500) * 10**6, rng.randint(1, 99) * 1_000
            trades.append(made(trade_id, price, quantity, now_ms, maker=rng.random() < 0.5))
            second.take(trades[-1])
        if rng.random() < 0.5:
            now_ms += rng.randint(0, length_ms // 5)
            figures = window.figures(now_ms)
            assert figures == naive(trades, length_ms, now_ms, whole_minutes=whole_minutes)
            empty += figures.candle is None
    assert empty


def test_a_replay_keeps_no_more_than_the_window() -> None:
    second = Timeline(Interval.SECOND_1)
    window = RollingWindow(60_000, second)

    for n in range(1, 5_000):
        second.take(made(n, 5, 10, n * 1_000, maker=False))

    assert len(window._seconds) <= 61


def test_a_market_without_trades_has_only_its_best_prices() -> None:
    window = RollingWindow(DAY_MS, Timeline(Interval.SECOND_1))

    figures = rolling_figures(SYMBOL, window.figures(START_MS), 0, Best((3, 4), (0, 0)))

    assert (figures.bid_e8, figures.bid_quantity_e8, figures.ask_e8) == (3, 4, 0)
    assert (figures.last_e8, figures.trades, figures.first_id, figures.last_id) == (0, 0, -1, -1)
    assert figures.close_ms - figures.open_ms <= DAY_MS
