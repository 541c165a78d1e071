"""Binance's payloads, field by field, as JSON text. Times in ms, amounts with eight decimals.

Source of the fields: Binance's web-socket-streams.md. `E` is when the event was made.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from contracts.amounts import e8_text as text
from contracts.streams import Interval
from market_data.depth import Best, DepthBook
from market_data.records import AggregateTrade, Candle, Trade

_encode = msgspec.json.Encoder().encode


def json_text(payload: dict[str, Any]) -> str:
    return _encode(payload).decode()


def trade(one: Trade, now_ms: int) -> str:
    """`m`: whether the buyer is the maker. `M` says nothing any more and is always true."""
    return json_text(
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
    return json_text(
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


def kline(symbol: str, interval: Interval, candle: Candle, over: bool, now_ms: int) -> str:
    """`k.x`: whether the candle is over. `V` and `Q` are what takers bought."""
    return json_text(
        {
            "e": "kline",
            "E": now_ms,
            "s": symbol,
            "k": {
                "t": candle.open_ms,
                "T": candle.close_ms,
                "s": symbol,
                "i": interval,
                "f": candle.first_id,
                "L": candle.last_id,
                "o": text(candle.open_e8),
                "c": text(candle.close_e8),
                "h": text(candle.high_e8),
                "l": text(candle.low_e8),
                "v": text(candle.volume_e8),
                "n": candle.trades,
                "x": over,
                "q": text(candle.quote_e8),
                "V": text(candle.taker_volume_e8),
                "Q": text(candle.taker_quote_e8),
                "B": "0",
            },
        }
    )


def book_ticker(symbol: str, book_seq: int, best: Best) -> str:
    """The best prices after update `u`, zeros where a side is empty."""
    return json_text(
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
    return json_text(
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
    return json_text({"lastUpdateId": book_seq, "bids": bids, "asks": asks})
