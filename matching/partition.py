"""One partition's engine, from records of the input log to messages for the output topics.

It knows no broker: what comes out depends only on the records, on the snapshot it began with,
and on what was published before.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

import structlog

from contracts.matching import ClaimPartition, EngineCommand
from contracts.message import MalformedMessage, decode
from matching.claim import Claim
from matching.engine import Engine
from matching.errors import LogBroken
from matching.output import OUTPUTS, Entry, PublishedTail, encode_batches
from matching.snapshot import FORMAT, Header, Restored, Snapshot
from matching.state import capture

log = structlog.get_logger()


class Record(NamedTuple):
    """One record of `orders.incoming`; `at_ms` is its log append time."""

    offset: int
    at_ms: int
    value: bytes


class PartitionMatcher:
    """Feeds one engine and leaves out what its partition's output topics hold already.

    Raises:
        OutputDiverged: the topics hold something else than the snapshot was taken after.
    """

    def __init__(
        self,
        partition: int,
        tails: dict[str, PublishedTail],
        claim: Claim,
        restored: Restored | None = None,
    ) -> None:
        self.partition = partition
        self.engine = Engine() if restored is None else restored.engine
        self.malformed = 0
        self._tails = tails
        self._claim = claim
        self._published = {topic: tail.last_entry() for topic, tail in tails.items()}
        self._expected = None if restored is None else restored.header.last_record
        if restored is not None:
            for topic, last in restored.header.published.items():
                tails[topic].compare(*last)
        self._last_record: Record | None = None

    @property
    def position(self) -> int:
        """Where to read from: the record before the engine's next one proves which log it is."""
        return self.engine.next_offset - (self._expected is not None)

    def begin(self, first: int) -> int:
        """Where to read from in a log that begins at `first`."""
        if first > self.position:
            self._expected = None  # retention took that record: it can prove nothing any more
        return self.position

    def feed(self, records: Iterable[Record]) -> dict[str, list[bytes]]:
        """Carry out the records' commands; returns topic → messages to publish, in order.

        Raises:
            LogBroken: a record does not follow the one before, or is not the snapshot's.
            OutputDiverged: a command's output differs from what was published.
            Fenced: another engine has claimed the partition; nothing may be published.
        """
        fresh: dict[str, list[Entry]] = {topic: [] for topic in OUTPUTS}
        for record in records:
            if self._expected is None:
                self._carry_out(record, fresh)
            else:
                self._recognise(record, self._expected)
            self._last_record = record
        for topic, entries in fresh.items():
            if entries:
                self._published[topic] = entries[-1].offset, entries[-1].hash
        return {
            topic: encode_batches(topic, self.partition, entries)
            for topic, entries in fresh.items()
            if entries
        }

    def snapshot(self) -> Snapshot:
        """The engine as it is; to be kept only once everything that it said is acknowledged.

        Raises:
            ValueError: no record has been read yet, so nothing can be said of the log.
        """
        if self._last_record is None:
            raise ValueError("nothing was read")
        header = Header(
            format=FORMAT,
            partition=self.partition,
            next_offset=self.engine.next_offset,
            last_record=fingerprint(self._last_record),
            published=dict(self._published),
        )
        return Snapshot(header, capture(self.engine))

    def _recognise(self, record: Record, expected: str) -> None:
        if record.offset != self.position or fingerprint(record) != expected:
            raise LogBroken(
                f"partition {self.partition}: the record at {record.offset} is not the one at "
                f"{self.position} that the snapshot was taken after: this is another log"
            )
        self._expected = None

    def _carry_out(self, record: Record, fresh: dict[str, list[Entry]]) -> None:
        offset = record.offset
        if offset != self.engine.next_offset:
            raise LogBroken(
                f"partition {self.partition}: offset {offset} came instead of "
                f"{self.engine.next_offset}"
            )
        try:
            command: EngineCommand = decode(record.value, EngineCommand)
        except MalformedMessage as error:
            # Every replay skips it in the same way: no state depends on it.
            self.malformed += 1
            self.engine.skip(offset)
            log.error(
                "matching.malformed_command",
                partition=self.partition,
                offset=offset,
                error=str(error),
            )
            return
        if isinstance(command, ClaimPartition):
            self._claim.meet(self.partition, offset, command.engine_id)
        outcome = self.engine.apply(command, offset, record.at_ms)
        for topic, output in OUTPUTS.items():
            tail = self._tails[topic]
            if tail.wants(offset):
                entry = output.entry(outcome)
                if tail.admits(offset, entry) and entry is not None:
                    fresh[topic].append(entry)


def fingerprint(record: Record) -> str:
    """32 hex digits over a record, its place and its time."""
    stamp = f"{record.offset}:{record.at_ms}:".encode()
    return blake2b(stamp + record.value, digest_size=16).hexdigest()
