"""What the market's streams tell, as far as the screen reads it. Times in ms.

Source of the letters: Binance's web-socket-streams.md.
"""

from typing import Literal

from msgspec import field

from contracts.amounts import Amount
from contracts.payloads import Payload
from contracts.streams import Interval

Level = tuple[Amount, Amount]
"""A price, and what stands there in all."""


class DepthSnapshot(Payload, frozen=True, kw_only=True):
    """A book's best levels, best first. Its changes go on at `lastUpdateId` + 1."""

    last_update_id: int = field(name="lastUpdateId")
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class DepthUpdate(Payload, frozen=True, kw_only=True):
    """The present quantities at prices that the updates `U` to `u` changed; 0 means none."""

    event: Literal["depthUpdate"] = field(name="e")
    event_ms: int = field(name="E")
    symbol: str = field(name="s")
    first_update_id: int = field(name="U")
    last_update_id: int = field(name="u")
    bids: tuple[Level, ...] = field(name="b")
    asks: tuple[Level, ...] = field(name="a")


class TradeEvent(Payload, frozen=True, kw_only=True):
    """One trade."""

    event: Literal["trade"] = field(name="e")
    event_ms: int = field(name="E")
    symbol: str = field(name="s")
    trade_id: int = field(name="t")
    price: Amount = field(name="p")
    quantity: Amount = field(name="q")
    trade_ms: int = field(name="T")
    buyer_is_maker: bool = field(name="m")
    always_true: bool = field(name="M")


class Kline(Payload, frozen=True, kw_only=True):
    """A candle as it is now."""

    open_ms: int = field(name="t")
    close_ms: int = field(name="T")
    symbol: str = field(name="s")
    interval: Interval = field(name="i")
    first_trade_id: int = field(name="f")
    last_trade_id: int = field(name="L")
    open: Amount = field(name="o")
    close: Amount = field(name="c")
    high: Amount = field(name="h")
    low: Amount = field(name="l")
    volume: Amount = field(name="v")
    trades: int = field(name="n")
    is_over: bool = field(name="x")
    quote_volume: Amount = field(name="q")
    taker_volume: Amount = field(name="V")
    taker_quote_volume: Amount = field(name="Q")
    unused: str = field(name="B")


class KlineEvent(Payload, frozen=True, kw_only=True):
    """The newest candle of an interval."""

    event: Literal["kline"] = field(name="e")
    event_ms: int = field(name="E")
    symbol: str = field(name="s")
    candle: Kline = field(name="k")


class MiniTicker(Payload, frozen=True, kw_only=True):
    """A market's last 24 hours in short."""

    event: Literal["24hrMiniTicker"] = field(name="e")
    event_ms: int = field(name="E")
    symbol: str = field(name="s")
    last_price: Amount = field(name="c")
    open_price: Amount = field(name="o")
    high_price: Amount = field(name="h")
    low_price: Amount = field(name="l")
    volume: Amount = field(name="v")
    quote_volume: Amount = field(name="q")
