"""STOMP's destinations, and which of the exchange's streams each stands for."""

from collections.abc import Collection
from typing import Final

import msgspec

from contracts.streams import (
    ALL_MINI_TICKERS,
    PULSE,
    Interval,
    candle_stream,
    depth_stream,
    ticker_stream,
    trade_stream,
)

OF_NO_SYMBOL: Final = {"/topic/miniTickers": ALL_MINI_TICKERS, "/topic/pulse": PULSE}
USER_QUEUES: Final = {
    "/user/queue/orders": frozenset({"executionReport", "listStatus"}),
    "/user/queue/balances": frozenset({"outboundAccountPosition", "balanceUpdate"}),
}
"""Destination → the events of Binance's user data stream that it carries."""
LEGAL: Final = (
    "/topic/ticker/{symbol}",
    "/topic/orderbook/{symbol}",
    "/topic/trades/{symbol}",
    "/topic/kline/{symbol}/{interval}",
    *OF_NO_SYMBOL,
    *USER_QUEUES,
)


class Market(msgspec.Struct, frozen=True):
    """Everybody's: a market stream by Binance's name."""

    stream: str


class Book(msgspec.Struct, frozen=True):
    """Everybody's: a snapshot of the order book, then its changes."""

    symbol: str
    stream: str


class UserQueue(msgspec.Struct, frozen=True):
    """The caller's own: these events of theirs."""

    events: frozenset[str]


Destination = Market | Book | UserQueue


class UnknownDestination(ValueError):
    """Nothing is published there; the text says what is."""


def parse_destination(text: str, symbols: Collection[str]) -> Destination:
    """What a destination stands for, where `symbols` are the markets that there are.

    Raises:
        UnknownDestination: with the legal destinations, symbols or intervals.
    """
    if events := USER_QUEUES.get(text):
        return UserQueue(events)
    if stream := OF_NO_SYMBOL.get(text):
        return Market(stream)
    match text.split("/"):
        case ["", "topic", "ticker", symbol]:
            return Market(ticker_stream(_known(symbol, symbols)))
        case ["", "topic", "orderbook", symbol]:
            return Book(symbol, depth_stream(_known(symbol, symbols), fast=True))
        case ["", "topic", "trades", symbol]:
            return Market(trade_stream(_known(symbol, symbols)))
        case ["", "topic", "kline", symbol, interval]:
            return Market(candle_stream(_known(symbol, symbols), _interval(interval)))
        case _:
            raise UnknownDestination(f"Destinations are {', '.join(LEGAL)}.")


def _known(symbol: str, symbols: Collection[str]) -> str:
    if symbol not in symbols:
        raise UnknownDestination(f"Symbols are {', '.join(symbols)}, in capitals.")
    return symbol


def _interval(text: str) -> Interval:
    try:
        return Interval(text)
    except ValueError:
        raise UnknownDestination(f"Intervals are {', '.join(Interval)}.") from None
