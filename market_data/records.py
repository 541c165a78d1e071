"""What market data are made of: trades, aggregate trades, candles, rolling figures.

Prices and amounts are integers in units of 0.00000001 (`_e8`), times are the log's in ms.
"""

from collections.abc import Sequence

import msgspec


class Trade(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One execution. `quote_e8` is price × quantity, exact."""

    symbol: str
    trade_id: int
    price_e8: int
    quantity_e8: int
    quote_e8: int
    at_ms: int
    buyer_is_maker: bool


class AggregateTrade(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one order took at one price at one moment. `aggregate_id` counts without a gap."""

    symbol: str
    aggregate_id: int
    price_e8: int
    quantity_e8: int
    first_id: int
    last_id: int
    at_ms: int
    buyer_is_maker: bool


class Candle(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The trades of one market in one span of time. `close_ms` is its last millisecond.

    A candle without trades repeats the price before it, with `first_id` and `last_id` -1.
    """

    open_ms: int
    close_ms: int
    open_e8: int
    high_e8: int
    low_e8: int
    close_e8: int
    volume_e8: int
    quote_e8: int
    trades: int
    taker_volume_e8: int  # of it, what buyers took
    taker_quote_e8: int
    first_id: int
    last_id: int


def candle_of(trades: Sequence[Trade], open_ms: int, close_ms: int) -> Candle:
    """The candle of these trades, which are in order and at least one."""
    prices = [trade.price_e8 for trade in trades]
    taken = [trade for trade in trades if not trade.buyer_is_maker]
    return Candle(
        open_ms=open_ms,
        close_ms=close_ms,
        open_e8=prices[0],
        high_e8=max(prices),
        low_e8=min(prices),
        close_e8=prices[-1],
        volume_e8=sum(trade.quantity_e8 for trade in trades),
        quote_e8=sum(trade.quote_e8 for trade in trades),
        trades=len(trades),
        taker_volume_e8=sum(trade.quantity_e8 for trade in taken),
        taker_quote_e8=sum(trade.quote_e8 for trade in taken),
        first_id=trades[0].trade_id,
        last_id=trades[-1].trade_id,
    )


def flat_candle(price_e8: int, open_ms: int, close_ms: int) -> Candle:
    """A candle in which nothing was traded, after a last trade at `price_e8`."""
    return Candle(
        open_ms=open_ms,
        close_ms=close_ms,
        open_e8=price_e8,
        high_e8=price_e8,
        low_e8=price_e8,
        close_e8=price_e8,
        volume_e8=0,
        quote_e8=0,
        trades=0,
        taker_volume_e8=0,
        taker_quote_e8=0,
        first_id=-1,
        last_id=-1,
    )


def joined(candles: Sequence[Candle], open_ms: int, close_ms: int) -> Candle:
    """One candle over several in order, at least one. Flat ones among others change nothing."""
    traded = [candle for candle in candles if candle.trades] or list(candles[:1])
    return Candle(
        open_ms=open_ms,
        close_ms=close_ms,
        open_e8=traded[0].open_e8,
        high_e8=max(candle.high_e8 for candle in traded),
        low_e8=min(candle.low_e8 for candle in traded),
        close_e8=traded[-1].close_e8,
        volume_e8=sum(candle.volume_e8 for candle in traded),
        quote_e8=sum(candle.quote_e8 for candle in traded),
        trades=sum(candle.trades for candle in traded),
        taker_volume_e8=sum(candle.taker_volume_e8 for candle in traded),
        taker_quote_e8=sum(candle.taker_quote_e8 for candle in traded),
        first_id=traded[0].first_id,
        last_id=traded[-1].last_id,
    )


class AveragePrice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was paid in the last minutes, by volume, and when the last trade was."""

    price_e8: int
    last_trade_ms: int


class RollingFigures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A market's trades over a window that ends now, and its best prices at this moment.

    Zero where there was no trade, or that side of the book is empty. `previous_close_e8` is the
    price of the last trade before the window, `first_id` and `last_id` are -1 without a trade.
    """

    symbol: str
    open_ms: int
    close_ms: int
    open_e8: int
    high_e8: int
    low_e8: int
    last_e8: int
    last_quantity_e8: int
    previous_close_e8: int
    volume_e8: int
    quote_e8: int
    first_id: int
    last_id: int
    trades: int
    bid_e8: int
    bid_quantity_e8: int
    ask_e8: int
    ask_quantity_e8: int
