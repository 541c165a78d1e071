"""One partition's engine, from records of the input log to messages for the output topics.

It knows no broker: what comes out depends only on the records and on what was published before.
"""

from collections.abc import Iterable
from typing import NamedTuple

import structlog

from contracts.matching import EngineCommand
from contracts.message import MalformedMessage, decode
from matching.engine import Engine
from matching.errors import LogBroken
from matching.output import OUTPUTS, Entry, PublishedTail, encode_batches

log = structlog.get_logger()


class Record(NamedTuple):
    """One record of `orders.incoming`; `at_ms` is its log append time."""

    offset: int
    at_ms: int
    value: bytes


class PartitionMatcher:
    """Feeds one engine and leaves out what its partition's output topics hold already."""

    def __init__(self, partition: int, tails: dict[str, PublishedTail]) -> None:
        self.partition = partition
        self.engine = Engine()
        self.malformed = 0
        self._tails = tails

    def feed(self, records: Iterable[Record]) -> dict[str, list[bytes]]:
        """Carry out the records' commands; returns topic → messages to publish, in order.

        Raises:
            LogBroken: a record does not follow the one before.
            OutputDiverged: a command's output differs from what was published.
        """
        fresh: dict[str, list[Entry]] = {topic: [] for topic in OUTPUTS}
        for record in records:
            self._carry_out(record, fresh)
        return {
            topic: encode_batches(topic, self.partition, entries)
            for topic, entries in fresh.items()
            if entries
        }

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
        outcome = self.engine.apply(command, offset, record.at_ms)
        for topic, output in OUTPUTS.items():
            tail = self._tails[topic]
            if tail.wants(offset):
                entry = output.entry(outcome)
                if tail.admits(offset, entry) and entry is not None:
                    fresh[topic].append(entry)
