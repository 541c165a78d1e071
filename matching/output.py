"""What leaves the engine, and what must not leave twice.

An entry's identity is (topic, partition, input offset). After a restart the engine says
everything again; the tail of each output topic tells what the world has heard already.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from contracts.matching import (
    BookBatch,
    BookEntry,
    OrderBatch,
    OrderEntry,
    TradeBatch,
    TradeEntry,
    content_hash,
)
from contracts.message import MAX_MESSAGE_BYTES, MalformedMessage, decode, encode
from contracts.topology import ORDERBOOK_UPDATES, ORDERS_EVENTS, TRADES_EXECUTED
from matching.errors import EntryTooLarge, OutputDiverged
from matching.outcome import Outcome

MAX_BATCH_BYTES: Final = MAX_MESSAGE_BYTES * 9 // 10  # room for Kafka's own framing

Entry = OrderEntry | TradeEntry | BookEntry
Batch = OrderBatch | TradeBatch | BookBatch


def order_entry(outcome: Outcome) -> OrderEntry:
    """What the command did to orders and markets; every command has one."""
    return OrderEntry(
        offset=outcome.offset,
        command_id=outcome.command_id,
        at_ms=outcome.at_ms,
        hash=content_hash(outcome.events),
        events=outcome.events,
    )


def trade_entry(outcome: Outcome) -> TradeEntry | None:
    """The command's executions, None where it made none."""
    if not outcome.trades:
        return None
    return TradeEntry(
        offset=outcome.offset,
        at_ms=outcome.at_ms,
        hash=content_hash(outcome.trades),
        trades=outcome.trades,
    )


def book_entry(outcome: Outcome) -> BookEntry | None:
    """The change of the book, None where there was none."""
    if outcome.update is None:
        return None
    return BookEntry(
        offset=outcome.offset,
        at_ms=outcome.at_ms,
        hash=content_hash(outcome.update),
        update=outcome.update,
    )


class Output(NamedTuple):
    """One output topic: how a command's entry is made, and the batch that carries entries."""

    entry: Callable[[Outcome], Entry | None]
    batch: Callable[..., Batch]
    kind: type[Batch]


OUTPUTS: Final[dict[str, Output]] = {
    TRADES_EXECUTED: Output(trade_entry, TradeBatch, TradeBatch),
    ORDERS_EVENTS: Output(order_entry, OrderBatch, OrderBatch),
    ORDERBOOK_UPDATES: Output(book_entry, BookBatch, BookBatch),
}


def encode_batches(topic: str, partition: int, entries: list[Entry]) -> list[bytes]:
    """The entries as messages of their topic, halved until each fits.

    Raises:
        EntryTooLarge: a single entry does not fit.
    """
    data = encode(OUTPUTS[topic].batch(partition=partition, entries=tuple(entries)))
    if len(data) <= MAX_BATCH_BYTES:
        return [data]
    if len(entries) == 1:
        raise EntryTooLarge(f"{topic}/{partition}, offset {entries[0].offset}: {len(data)} bytes")
    middle = len(entries) // 2
    return [
        *encode_batches(topic, partition, entries[:middle]),
        *encode_batches(topic, partition, entries[middle:]),
    ]


class PublishedTail:
    """What the end of one output partition holds: the last offset, and some entries' hashes.

    Each engine publishes in order, so whatever lies at or below `last` is published.
    """

    def __init__(self, topic: str, partition: int, messages: Iterable[bytes] = ()) -> None:
        self._place = f"{topic}/{partition}"
        self._hashes: dict[int, str] = {}
        self.last = -1
        for message in messages:
            self._remember(message, OUTPUTS[topic].kind)

    def _remember(self, message: bytes, kind: type[Batch]) -> None:
        try:
            batch: Batch = decode(message, kind)
        except MalformedMessage as error:
            raise OutputDiverged(f"{self._place} holds what no engine wrote: {error}") from error
        for entry in batch.entries:
            if self._hashes.setdefault(entry.offset, entry.hash) != entry.hash:
                raise OutputDiverged(f"{self._place} holds two outputs of offset {entry.offset}")
            self.last = max(self.last, entry.offset)

    def compare(self, offset: int, content_hash: str) -> None:
        """Check an entry that need not be made again against what was published.

        Raises:
            OutputDiverged: the same offset was published with another content.
        """
        published = self._hashes.get(offset)
        if published is not None and published != content_hash:
            raise OutputDiverged(
                f"{self._place}, offset {offset}: published {published}, then {content_hash}"
            )

    def last_entry(self) -> tuple[int, str]:
        """The greatest offset that was published and its entry's hash; (-1, "") before any."""
        return self.last, self._hashes.get(self.last, "")

    def wants(self, offset: int) -> bool:
        """Whether the entry of this offset must be made: to be published, or compared."""
        return offset > self.last or offset in self._hashes

    def admits(self, offset: int, entry: Entry | None) -> bool:
        """Whether the entry is new. What is not new is compared with what was published.

        Raises:
            OutputDiverged: the same offset was published with another content.
        """
        if offset > self.last:
            return entry is not None
        published = self._hashes.pop(offset, None)
        produced = None if entry is None else entry.hash
        if published is not None and published != produced:
            raise OutputDiverged(
                f"{self._place}, offset {offset}: published {published}, now {produced}"
            )
        return False
