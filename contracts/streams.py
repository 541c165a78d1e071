"""The names of Binance's market streams: what the projector publishes and the gateway offers.

A name is written in lower case, as clients subscribe to it: `btcusdt@depth@100ms`. Source of the
names and speeds: Binance's web-socket-streams.md.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Interval(StrEnum):
    """The lengths of candles."""

    SECOND_1 = "1s"
    MINUTE_1 = "1m"
    MINUTE_3 = "3m"
    MINUTE_5 = "5m"
    MINUTE_15 = "15m"
    MINUTE_30 = "30m"
    HOUR_1 = "1h"
    HOUR_2 = "2h"
    HOUR_4 = "4h"
    HOUR_6 = "6h"
    HOUR_8 = "8h"
    HOUR_12 = "12h"
    DAY_1 = "1d"
    DAY_3 = "3d"
    WEEK_1 = "1w"
    MONTH_1 = "1M"


DEPTH_LEVELS: Final = (5, 10, 20)
UTC_PLUS_8: Final = "+08:00"  # the one time zone beside UTC that candle streams are cut in
UTC_PLUS_8_MS: Final = 8 * 3_600_000
ROLLING_WINDOWS: Final = ("1h", "4h", "1d")
ALL_MINI_TICKERS: Final = "!miniTicker@arr"
ALL_TICKERS: Final = "!ticker@arr"
OF_ALL_MARKETS: Final = (
    ALL_MINI_TICKERS,
    ALL_TICKERS,
    *(f"!ticker_{window}@arr" for window in ROLLING_WINDOWS),
)
"""What one frame tells of several markets: of those that have changed."""
_STATE: Final = re.compile(
    r"[^!].*@(kline_.+|miniTicker|ticker(_\w+)?|bookTicker|avgPrice|referencePrice|depth\d+(@100ms)?)"
)


def trade_stream(symbol: str) -> str:
    return f"{symbol.lower()}@trade"


def aggregate_trade_stream(symbol: str) -> str:
    return f"{symbol.lower()}@aggTrade"


def candle_stream(symbol: str, interval: Interval, *, utc_plus_8: bool = False) -> str:
    return f"{symbol.lower()}@kline_{interval}{'@' + UTC_PLUS_8 if utc_plus_8 else ''}"


def mini_ticker_stream(symbol: str) -> str:
    return f"{symbol.lower()}@miniTicker"


def ticker_stream(symbol: str, window: str = "") -> str:
    """Of the last 24 hours, or of one of ROLLING_WINDOWS."""
    return f"{symbol.lower()}@ticker{'_' + window if window else ''}"


def all_tickers_stream(window: str = "") -> str:
    """The tickers of all markets that changed, of the last 24 hours or of a window."""
    return f"!ticker{'_' + window if window else ''}@arr"


def book_ticker_stream(symbol: str) -> str:
    return f"{symbol.lower()}@bookTicker"


def average_price_stream(symbol: str) -> str:
    return f"{symbol.lower()}@avgPrice"


def reference_price_stream(symbol: str) -> str:
    return f"{symbol.lower()}@referencePrice"


def depth_stream(symbol: str, *, fast: bool) -> str:
    """Changes of the book, every 100 ms or every second."""
    return f"{symbol.lower()}@depth{'@100ms' if fast else ''}"


def partial_depth_stream(symbol: str, levels: int, *, fast: bool) -> str:
    """The best levels, whole, every 100 ms or every second."""
    return f"{symbol.lower()}@depth{levels}{'@100ms' if fast else ''}"


def market_streams(symbol: str) -> frozenset[str]:
    """Every stream of one market."""
    return frozenset(
        (
            trade_stream(symbol),
            aggregate_trade_stream(symbol),
            *(candle_stream(symbol, i, utc_plus_8=b) for i in Interval for b in (False, True)),
            mini_ticker_stream(symbol),
            *(ticker_stream(symbol, window) for window in ("", *ROLLING_WINDOWS)),
            book_ticker_stream(symbol),
            average_price_stream(symbol),
            reference_price_stream(symbol),
            *(depth_stream(symbol, fast=fast) for fast in (False, True)),
            *(
                partial_depth_stream(symbol, levels, fast=fast)
                for levels in DEPTH_LEVELS
                for fast in (False, True)
            ),
        )
    )


@lru_cache(maxsize=4_096)
def tells_state(name: str) -> bool:
    """Whether a frame of this stream makes the older ones of it worthless: candles as they form,
    a market's tickers, best levels.

    Trades and changes of the book are facts, each of which counts. So is what tells of several
    markets: it tells only of those that have changed since the frame before.
    """
    return _STATE.fullmatch(name) is not None
