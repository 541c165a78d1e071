"""A topic of trades in memory, and a history that remembers what it is told."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aiokafka import TopicPartition

from contracts.matching import TradeBatch, TradeEntry, TradeExecuted
from contracts.message import encode
from contracts.streams import Interval
from contracts.topology import TRADES_EXECUTED
from market_data.history_pending import Position
from market_data.records import AggregateTrade, Candle, Trade

PLACE = TopicPartition(TRADES_EXECUTED, 0)


class Record(NamedTuple):
    offset: int
    value: bytes
    timestamp: int = 0


def executed(trade_id: int, **changes: object) -> TradeExecuted:
    values: dict[str, object] = dict.fromkeys(TradeExecuted.__struct_fields__, 1) | {
        "symbol": "BTCUSDT",
        "base": "BTC",
        "quote": "USDT",
        "trade_id": trade_id,
        "buyer_is_maker": False,
        "buyer_order_id": trade_id,
    }
    return TradeExecuted(**(values | changes))  # type: ignore[arg-type]


def message(trade_id: int, at_ms: int) -> bytes:
    """One trade, as the engine writes it."""
    entry = TradeEntry(offset=trade_id, at_ms=at_ms, hash="", trades=(executed(trade_id),))
    return encode(TradeBatch(partition=0, entries=(entry,)))


class FakeConsumer:
    """Hands out what is in the log from where it was sought to, `polled_max` records a poll."""

    def __init__(self, log: list[bytes]) -> None:
        self.log = log
        self.begins_at = 0
        self.polled_max = 2
        self.polls = 0
        self.sought: list[int] = []
        self.silent_since_ms: int | None = None
        self._assigned: list[TopicPartition] = []
        self._next = 0

    def assign(self, places: Sequence[TopicPartition]) -> None:
        self._assigned = list(places)

    def assignment(self) -> set[TopicPartition]:
        return set(self._assigned)

    async def beginning_offsets(self, places: Sequence[TopicPartition]) -> dict[object, int]:
        return dict.fromkeys(places, 0) | {PLACE: self.begins_at}

    async def end_offsets(self, places: Sequence[TopicPartition]) -> dict[object, int]:
        return {place: self.highwater(place) for place in places}

    def seek(self, place: TopicPartition, offset: int) -> None:
        if place == PLACE:
            self._next = offset
            self.sought.append(offset)

    def highwater(self, place: TopicPartition) -> int:
        return len(self.log) if place == PLACE else 0

    def last_poll_timestamp(self, place: TopicPartition) -> int:
        return self.silent_since_ms or time.time_ns() // 1_000_000

    async def getmany(
        self, *places: TopicPartition, timeout_ms: int
    ) -> Mapping[TopicPartition, list[Record]]:
        await asyncio.sleep(0)
        self.polls += 1
        first, self._next = self._next, min(self._next + self.polled_max, len(self.log))
        records = [Record(n, self.log[n]) for n in range(first, self._next)]
        return {PLACE: records} if records else {}


class FakeHistory:
    """Remembers the ids of what it is given, and when readers are shown it.

    `written` is what it holds when the process starts, None where it is no whole one.
    """

    def __init__(self, written: Position | None = None) -> None:
        self.written = written
        self.taken: list[int] = []
        self.aggregates: list[int] = []
        self.closed: list[tuple[str, Interval, Candle]] = []
        self.open: dict[str, tuple[Candle | None, Candle | None]] = {}
        self.flushed: list[int] = []
        self.shown_at: list[int] = []  # how many trades were written each time
        self.is_whole = False

    def take(self, trades: Sequence[Trade], aggregates: Sequence[AggregateTrade]) -> None:
        self.taken += [trade.trade_id for trade in trades]
        self.aggregates += [aggregate.aggregate_id for aggregate in aggregates]

    def close(self, symbol: str, interval: Interval, candle: Candle) -> None:
        self.closed.append((symbol, interval, candle))

    def form(self, symbol: str, candle_1m: Candle | None, candle_1s: Candle | None) -> None:
        self.open[symbol] = (candle_1m, candle_1s)

    async def begin(self) -> bool:
        self.is_whole = False
        return self.written is not None

    async def go_on_from(self, written: Mapping[str, Position]) -> bool:
        assert self.written is not None
        return all(self.written.reaches(position) for position in written.values())

    async def complete(self) -> None:
        await self.flush()
        self.is_whole = True

    async def flush(self) -> None:
        self.flushed = list(self.taken)

    async def keep_fresh(self, for_ms: int) -> None:
        assert self.is_whole
        self.shown_at.append(len(self.flushed))

    async def intact(self) -> bool:
        return self.is_whole
