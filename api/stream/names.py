"""What a stream's name says: whether it is offered, whose market it is of, what its frames are."""

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from contracts.streams import OF_ALL_MARKETS, market_streams, tells_state, trade_stream
from contracts.topology import ALL_MARKETS, frames_key

TRADES: Final = trade_stream("")  # how the name of each market's ends
_CANDLES: Final = "@kline_"
_OVER: Final = '"x":true'  # as market_data.payloads writes it, without a space
_SLOW: Final = "@1000ms"  # older names of what comes once a second anyway


class StreamNames:
    """The streams of these markets, as clients may write them."""

    def __init__(self, symbols: Collection[str]) -> None:
        self._offered = frozenset(OF_ALL_MARKETS).union(
            *(market_streams(symbol) for symbol in symbols)
        )
        self._keys = {symbol: frames_key(symbol) for symbol in symbols}

    def resolve(self, asked: str) -> str | None:
        """The stream's own name; None where there is no such stream.

        `@1000ms` behind a depth stream or an array of tickers is what older clients write
        (python-binance: `!miniTicker@arr@1000ms`).
        """
        name = asked
        if asked.endswith(_SLOW) and ("@depth" in asked or asked.startswith("!")):
            name = asked.removesuffix(_SLOW)
        return name if name in self._offered else None

    def key_of(self, name: str) -> str | None:
        """The Redis stream whose frames hold this stream; None: it does not come from there."""
        if name in OF_ALL_MARKETS:
            return frames_key(ALL_MARKETS)
        symbol = self.symbol_of(name)
        return None if symbol is None else self._keys[symbol]

    def symbol_of(self, name: str) -> str | None:
        """The market whose stream it is; None: not one market's."""
        symbol, at, _ = name.partition("@")
        return symbol.upper() if at and symbol.upper() in self._keys else None


@lru_cache(maxsize=8)
def names_of(symbols: tuple[str, ...]) -> StreamNames:
    """The names of these markets' streams, made once."""
    return StreamNames(symbols)


def is_fact(name: str, payload: str) -> bool:
    """Whether no later frame stands for this one. A candle that is over is told only once."""
    return not tells_state(name) or (_CANDLES in name and _OVER in payload)


def has_facts(name: str) -> bool:
    """Whether frames of this stream cannot be missed without harm."""
    return not tells_state(name) or _CANDLES in name
