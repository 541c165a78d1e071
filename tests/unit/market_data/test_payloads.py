"""Payloads are Binance's to the letter: keys in order, texts with eight decimals, ms."""

import json
from typing import Any

import pytest

from contracts.matching import BookUpdated
from contracts.streams import Interval
from market_data import payloads, ticker_payloads
from market_data.depth import EMPTY, Best, DepthBook
from market_data.records import AggregateTrade, Candle, RollingFigures
from tests.support.random_trades import SYMBOL, made

NOW_MS = 1_672_515_782_136
E8 = 10**8


def check(text: str, expected: dict[str, Any]) -> None:
    assert list(json.loads(text).items()) == list(expected.items())
    assert text == json.dumps(expected, separators=(",", ":"))


def test_trade() -> None:
    one = made(12345, 1_500_000, 100 * E8, NOW_MS - 1, maker=True)

    check(
        payloads.trade(one, NOW_MS),
        {
            "e": "trade",
            "E": NOW_MS,
            "s": SYMBOL,
            "t": 12345,
            "p": "0.01500000",
            "q": "100.00000000",
            "T": NOW_MS - 1,
            "m": True,
            "M": True,
        },
    )


def test_aggregate_trade() -> None:
    one = AggregateTrade(
        symbol=SYMBOL,
        aggregate_id=7,
        price_e8=1,
        quantity_e8=2,
        first_id=100,
        last_id=105,
        at_ms=NOW_MS - 1,
        buyer_is_maker=False,
    )

    check(
        payloads.aggregate_trade(one, NOW_MS),
        {
            "e": "aggTrade",
            "E": NOW_MS,
            "s": SYMBOL,
            "a": 7,
            "p": "0.00000001",
            "q": "0.00000002",
            "f": 100,
            "l": 105,
            "T": NOW_MS - 1,
            "m": False,
            "M": True,
        },
    )


@pytest.mark.parametrize("over", [True, False])
def test_kline(over: bool) -> None:
    candle = Candle(
        open_ms=60_000,
        close_ms=119_999,
        open_e8=1 * E8,
        high_e8=4 * E8,
        low_e8=5 * E8 // 10,
        close_e8=2 * E8,
        volume_e8=10 * E8,
        quote_e8=15 * E8,
        trades=3,
        taker_volume_e8=6 * E8,
        taker_quote_e8=7 * E8,
        first_id=100,
        last_id=102,
    )

    check(
        payloads.kline(SYMBOL, Interval.MINUTE_1, candle, over, NOW_MS),
        {
            "e": "kline",
            "E": NOW_MS,
            "s": SYMBOL,
            "k": {
                "t": 60_000,
                "T": 119_999,
                "s": SYMBOL,
                "i": "1m",
                "f": 100,
                "L": 102,
                "o": "1.00000000",
                "c": "2.00000000",
                "h": "4.00000000",
                "l": "0.50000000",
                "v": "10.00000000",
                "n": 3,
                "x": over,
                "q": "15.00000000",
                "V": "6.00000000",
                "Q": "7.00000000",
                "B": "0",
            },
        },
    )


def test_book_ticker() -> None:
    check(
        payloads.book_ticker(SYMBOL, 400900217, Best((2535190000, 3121000000), EMPTY)),
        {
            "u": 400900217,
            "s": SYMBOL,
            "b": "25.35190000",
            "B": "31.21000000",
            "a": "0.00000000",
            "A": "0.00000000",
        },
    )


def book() -> DepthBook:
    made = DepthBook(SYMBOL)
    bids, asks = ((100, 5), (99, 7), (98, 1)), ((101, 3), (103, 4))
    made.apply(BookUpdated(symbol=SYMBOL, book_seq=1, bids=bids, asks=asks), 0)
    made.apply(BookUpdated(symbol=SYMBOL, book_seq=2, bids=((99, 0),), asks=()), 1)
    return made


def test_depth_update_removes_a_level_with_a_zero_of_eight_decimals() -> None:
    check(
        payloads.depth_update(book(), 2, [99, 98], [103], NOW_MS),
        {
            "e": "depthUpdate",
            "E": NOW_MS,
            "s": SYMBOL,
            "U": 2,
            "u": 2,
            "b": [["0.00000099", "0.00000000"], ["0.00000098", "0.00000001"]],
            "a": [["0.00000103", "0.00000004"]],
        },
    )


def test_partial_depth_is_best_first() -> None:
    bids, asks = book().top(1)

    check(
        payloads.partial_depth(2, bids, asks),
        {
            "lastUpdateId": 2,
            "bids": [["0.00000100", "0.00000005"]],
            "asks": [["0.00000101", "0.00000003"]],
        },
    )


def figures(open_e8: int, last_e8: int) -> RollingFigures:
    return RollingFigures(
        symbol=SYMBOL,
        open_ms=1,
        close_ms=86_400_000,
        open_e8=open_e8,
        high_e8=9 * E8,
        low_e8=1 * E8,
        last_e8=last_e8,
        last_quantity_e8=10 * E8,
        previous_close_e8=3 * E8,
        volume_e8=3 * E8,
        quote_e8=10 * E8,
        first_id=5,
        last_id=8,
        trades=4,
        bid_e8=2 * E8,
        bid_quantity_e8=11,
        ask_e8=4 * E8,
        ask_quantity_e8=12,
    )


def test_mini_ticker() -> None:
    check(
        ticker_payloads.mini_ticker(figures(2 * E8, 4 * E8), NOW_MS),
        {
            "e": "24hrMiniTicker",
            "E": NOW_MS,
            "s": SYMBOL,
            "c": "4.00000000",
            "o": "2.00000000",
            "h": "9.00000000",
            "l": "1.00000000",
            "v": "3.00000000",
            "q": "10.00000000",
        },
    )


def test_ticker() -> None:
    check(
        ticker_payloads.ticker(figures(3 * E8, 2 * E8), NOW_MS),
        {
            "e": "24hrTicker",
            "E": NOW_MS,
            "s": SYMBOL,
            "p": "-1.00000000",
            "P": "-33.333",
            "w": "3.33333333",
            "x": "3.00000000",
            "c": "2.00000000",
            "Q": "10.00000000",
            "b": "2.00000000",
            "B": "0.00000011",
            "a": "4.00000000",
            "A": "0.00000012",
            "o": "3.00000000",
            "h": "9.00000000",
            "l": "1.00000000",
            "v": "3.00000000",
            "q": "10.00000000",
            "O": 1,
            "C": 86_400_000,
            "F": 5,
            "L": 8,
            "n": 4,
        },
    )


def test_ticker_of_a_window() -> None:
    check(
        ticker_payloads.window_ticker(figures(2 * E8, 4 * E8), "4h", NOW_MS),
        {
            "e": "4hTicker",
            "E": NOW_MS,
            "s": SYMBOL,
            "p": "2.00000000",
            "P": "100.000",
            "o": "2.00000000",
            "h": "9.00000000",
            "l": "1.00000000",
            "c": "4.00000000",
            "w": "3.33333333",
            "v": "3.00000000",
            "q": "10.00000000",
            "O": 1,
            "C": 86_400_000,
            "F": 5,
            "L": 8,
            "n": 4,
        },
    )


@pytest.mark.parametrize(
    ("open_e8", "last_e8", "percent"),
    [
        (3, 3, "0.000"),
        (200_000, 200_001, "0.001"),
        (1_000_000, 999_999, "0.000"),
        (3, 2, "-33.333"),
        (3, 5, "66.667"),
        (1, 1_000, "99900.000"),
        (0, 0, "0.000"),
    ],
)
def test_the_change_in_percent_has_three_decimals(open_e8: int, last_e8: int, percent: str) -> None:
    assert ticker_payloads.change_percent_text(figures(open_e8, last_e8)) == percent


def test_average_price() -> None:
    check(
        ticker_payloads.average_price(SYMBOL, 25_776_000_000, NOW_MS - 1, NOW_MS),
        {
            "e": "avgPrice",
            "E": NOW_MS,
            "s": SYMBOL,
            "i": "5m",
            "w": "257.76000000",
            "T": NOW_MS - 1,
        },
    )


def test_reference_price() -> None:
    check(
        ticker_payloads.reference_price(SYMBOL, 10 * E8, NOW_MS),
        {"e": "referencePrice", "s": SYMBOL, "r": "10.00000000", "t": NOW_MS},
    )
