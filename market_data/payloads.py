"""Binance's payloads, field by field, as JSON text. Times in ms, amounts with eight decimals.

Source of the fields: Binance's web-socket-streams.md. `E` is when the event was made.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from contracts.amounts import e8_text as text
from market_data.depth import Best, DepthBook
from market_data.records import AggregateTrade, Trade

_encode = msgspec.json.Encoder().encode


def _json(payload: dict[str, Any]) -> str:
    return _encode(payload).decode()


def trade(one: Trade, now_ms: int) -> str:
    """`m`: whether the buyer is the maker. `M` says nothing any more and is always true."""
    return _json(
        {
            "e": "trade",
            "E": now_ms,
            "s": one.symbol,
            "t": one.trade_id,
            "p": text(one.price_e8),
            "q": text(one.quantity_e8),
            "T": one.at_ms,
            "m": one.buyer_is_maker,
            "M": True,
        }
    )


def aggregate_trade(one: AggregateTrade, now_ms: int) -> str:
    """`f` and `l`: the first and last trade in it."""
    return _json(
        {
            "e": "aggTrade",
            "E": now_ms,
            "s": one.symbol,
            "a": one.aggregate_id,
            "p": text(one.price_e8),
            "q": text(one.quantity_e8),
            "f": one.first_id,
            "l": one.last_id,
            "T": one.at_ms,
            "m": one.buyer_is_maker,
            "M": True,
        }
    )


def book_ticker(symbol: str, book_seq: int, best: Best) -> str:
    """The best prices after update `u`, zeros where a side is empty."""
    return _json(
        {
            "u": book_seq,
            "s": symbol,
            "b": text(best.bid[0]),
            "B": text(best.bid[1]),
            "a": text(best.ask[0]),
            "A": text(best.ask[1]),
        }
    )


def depth_update(
    book: DepthBook, first: int, bids: Iterable[int], asks: Iterable[int], now_ms: int
) -> str:
    """The present quantities at these prices, which updates `first` to the book's changed."""
    return _json(
        {
            "e": "depthUpdate",
            "E": now_ms,
            "s": book.symbol,
            "U": first,
            "u": book.book_seq,
            "b": [[text(price), text(book.bids.get(price, 0))] for price in bids],
            "a": [[text(price), text(book.asks.get(price, 0))] for price in asks],
        }
    )


def partial_depth(book_seq: int, bids: list[list[str]], asks: list[list[str]]) -> str:
    return _json({"lastUpdateId": book_seq, "bids": bids, "asks": asks})
