"""What a stream's name says: which market it is of, and whether its frames are states or facts."""

import re
from typing import Final

from contracts.streams import ALL_MINI_TICKERS, ALL_TICKERS

_STATE: Final = re.compile(
    r".+@(kline_.+|miniTicker|ticker(_\w+)?|bookTicker|avgPrice|referencePrice|depth\d+(@100ms)?)"
)
_OF_ALL_MARKETS: Final = frozenset((ALL_MINI_TICKERS, ALL_TICKERS))


def merges(name: str) -> bool:
    """Whether the newest frame of a stream says all: tickers, candles, best levels.

    Trades and changes of the book are facts, each of which counts.
    """
    return name in _OF_ALL_MARKETS or _STATE.fullmatch(name) is not None


def market_of(name: str) -> str | None:
    """The symbol in upper case; None where the stream is not of one market."""
    symbol, at, _ = name.partition("@")
    return symbol.upper() if at and symbol and not symbol.startswith("!") else None
