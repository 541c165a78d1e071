"""What a checkpoint holds: all that the log has added up to by certain places in it.

How far readers have been told, and what Redis has, is no part of it: both are asked of Redis.
"""

import msgspec

from market_data.depth import Level
from market_data.records import Candle, Trade


class LogPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one partition was read, and what proves that it still is that log.

    `last_record` is a hash of the record before `next_offset`, empty where there is none.
    """

    topic: str
    partition: int
    first_offset: int
    next_offset: int
    last_record: str


class TimelineState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last candle that was over, and the one that forms after it."""

    closed: Candle | None
    forming: Candle | None


class WindowState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of the newest seconds are in a window, and the price before them."""

    seconds: int
    previous_e8: int


class MarketState(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="market"
):
    """One market. `timelines` and `windows` go by their names; `seconds` are the longest
    window's candles, whose last ones are the others'."""

    symbol: str
    book_seq: int
    offset: int
    bids: list[Level]
    asks: list[Level]
    last: Trade | None
    aggregates: int
    timelines: dict[str, TimelineState]
    windows: dict[str, WindowState]
    seconds: list[Candle]


class Checkpoint(msgspec.Struct, frozen=True):
    """The markets by symbol, after the records before these places.

    `symbols` are the markets that the process was told to show. `cut_ms` is the latest moment
    that figures were cut for: the windows hold nothing that was out of them by then.
    """

    symbols: tuple[str, ...]
    places: tuple[LogPlace, ...]
    cut_ms: int
    markets: dict[str, MarketState]
