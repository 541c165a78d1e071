"""Reads the engine's topics from their beginning, and on from there at each further look."""

from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.matching import (
    AnyOrderEvent,
    BookBatch,
    BookEntry,
    OrderBatch,
    OrderEntry,
    OrderStatusReported,
    TradeBatch,
    TradeEntry,
)
from contracts.message import decode
from contracts.topology import (
    ORDERBOOK_UPDATES,
    ORDERS_EVENTS,
    ORDERS_INCOMING,
    PARTITIONS,
    TRADES_EXECUTED,
)
from reconciliation.facts import LastWord, LogFacts

POLL_MS: Final = 200
_KINDS: Final = {
    TRADES_EXECUTED: TradeBatch,
    ORDERS_EVENTS: OrderBatch,
    ORDERBOOK_UPDATES: BookBatch,
}


class EventLogs:
    """Folds the output topics; `consumer` has no group and commits nothing."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._places = [TopicPartition(t, p) for t in _KINDS for p in range(PARTITIONS)]
        self._inputs = [TopicPartition(ORDERS_INCOMING, p) for p in range(PARTITIONS)]
        self._read: dict[TopicPartition, int] = {}
        self._hashes: dict[tuple[str, int, int], str] = {}
        self._facts = LogFacts()

    async def read(self) -> LogFacts:
        """Everything up to the ends that the topics have now."""
        if not self._read:
            self._consumer.assign(self._places)
            self._read = await self._consumer.beginning_offsets(self._places)
            for place, first in self._read.items():
                self._consumer.seek(place, first)
        ends = await self._consumer.end_offsets([*self._places, *self._inputs])
        while any(self._read[place] < ends[place] for place in self._places):
            for place, records in (await self._consumer.getmany(timeout_ms=POLL_MS)).items():
                for record in records:
                    self._fold(place, record.value)
                self._read[place] = records[-1].offset + 1
        self._facts.ends = {}
        for place, end in ends.items():
            self._facts.ends.setdefault(place.topic, {})[place.partition] = end
        return self._facts

    def _fold(self, place: TopicPartition, message: bytes) -> None:
        batch: TradeBatch | OrderBatch | BookBatch = decode(message, _KINDS[place.topic])
        for entry in batch.entries:
            key = (place.topic, place.partition, entry.offset)
            if key in self._hashes:  # an engine that was restarted may say it again
                if self._hashes[key] != entry.hash:
                    where = f"{place.topic}/{place.partition} offset {entry.offset}"
                    self._facts.diverged.append(f"{where}: two outputs of one command")
                continue
            self._hashes[key] = entry.hash
            match entry:
                case TradeEntry():
                    self._take_trades(entry)
                case OrderEntry():
                    self._facts.decided[place.partition] = entry.offset + 1
                    self._take_events(entry)
                case BookEntry():
                    seqs = self._facts.book_seqs.setdefault(entry.update.symbol, [])
                    seqs.append(entry.update.book_seq)

    def _take_trades(self, entry: TradeEntry) -> None:
        for trade in entry.trades:
            self._facts.trades[f"{trade.symbol}:{trade.trade_id}"] = trade
            self._facts.trade_ids.setdefault(trade.symbol, []).append(trade.trade_id)

    def _take_events(self, entry: OrderEntry) -> None:
        for event in entry.events:
            if isinstance(event, AnyOrderEvent) and not isinstance(event, OrderStatusReported):
                self._take_event(event)

    def _take_event(self, event: AnyOrderEvent) -> None:
        known = self._facts.last_words.get(event.order_id)
        before = 0 if known is None else known.sequence
        if event.sequence != before + 1:
            gap = f"event {event.sequence} follows {before}"
            self._facts.sequence_gaps.append(f"order {event.order_id}: {gap}")
        self._facts.last_words[event.order_id] = LastWord(
            symbol=event.symbol,
            sequence=event.sequence,
            status=event.status,
            filled_lots=event.filled_lots,
            quantity_lots=event.quantity_lots,
        )
