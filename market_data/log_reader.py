"""Reads topics of the engine's log, from their beginning or from where a checkpoint was taken."""

import asyncio
from collections.abc import Collection, Iterable
from hashlib import blake2b
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord
from prometheus_client import Counter

from contracts.topology import PARTITIONS
from market_data.checkpoint import LogPlace
from market_data.freshness import LogEnd

READ: Final = Counter("market_data_log_messages", "Messages of the log that were read", ["reader"])

log = structlog.get_logger()

BACKOFF_S: Final = 0.5
PROOF_WAIT_MS: Final = 500


class LogReader:
    """Knows how far it has come, and what it still lacks of the log as it was at `begin`."""

    def __init__(self, name: str, consumer: AIOKafkaConsumer, topics: Collection[str]) -> None:
        self.name = name
        self._count = READ.labels(name)
        self._consumer = consumer
        self._topics = topics
        self._all = [TopicPartition(topic, n) for topic in topics for n in range(PARTITIONS)]
        self._first: dict[TopicPartition, int] = {}
        self._next: dict[TopicPartition, int] = {}
        self._last: dict[TopicPartition, ConsumerRecord] = {}
        self._known: dict[TopicPartition, str] = {}  # the last records' hashes, before any is read
        self._unread: dict[TopicPartition, int] = {}
        self._end = LogEnd(consumer, {})

    @property
    def unread(self) -> int:
        """How many partitions have not been read to where they ended at `begin`."""
        return len(self._unread)

    async def begin(self, places: Iterable[LogPlace] = ()) -> None:
        """Go to these places of its topics, elsewhere to the beginning."""
        self._assign()
        known = self._of_topics(places)
        end = await self._consumer.end_offsets(self._all)
        self._first = await self._consumer.beginning_offsets(self._all)
        self._next = self._first | {partition: one.next_offset for partition, one in known.items()}
        self._known = {partition: one.last_record for partition, one in known.items()}
        self._last = {}
        self._end = LogEnd(self._consumer, self._next)
        for partition in self._all:
            self._consumer.seek(partition, self._next[partition])
        self._unread = {
            partition: end[partition]
            for partition in self._all
            if end[partition] > self._next[partition]
        }

    async def contradiction(self, places: Iterable[LogPlace]) -> str | None:
        """Why this log is not the one that was read to these places; None where it proves to be.

        `begin` must follow: records have been read for the proof.
        """
        self._assign()
        wanted = self._of_topics(places)
        if wanted.keys() != set(self._all):
            return "it is of other partitions"
        first = await self._consumer.beginning_offsets(self._all)
        end = await self._consumer.end_offsets(self._all)
        for partition, one in wanted.items():
            if one.first_offset != first[partition]:
                return f"{partition.topic}/{partition.partition} begins at another offset"
            if one.next_offset > end[partition]:
                return f"{partition.topic}/{partition.partition} ends before it"
        return await self._other_record({p: one for p, one in wanted.items() if one.last_record})

    async def _other_record(self, wanted: dict[TopicPartition, LogPlace]) -> str | None:
        for partition, one in wanted.items():
            self._consumer.seek(partition, one.next_offset - 1)
        while wanted:
            polled = await self._poll(PROOF_WAIT_MS, *wanted)
            for partition, records in polled.items():
                if _digest(records[0]) != wanted.pop(partition).last_record:
                    return f"{partition.topic}/{partition.partition} holds another record before it"
        return None

    async def read(self, wait_ms: int) -> list[tuple[str, bytes]]:
        """The next messages, each with its topic; none where none came or Kafka is away."""
        messages: list[tuple[str, bytes]] = []
        for partition, records in (await self._poll(wait_ms)).items():
            self._count.inc(len(records))
            messages += [(partition.topic, record.value) for record in records]
            self._last[partition] = records[-1]
            self._next[partition] = records[-1].offset + 1
            self._end.passed(partition, records[-1].offset)
            if self._next[partition] >= self._unread.get(partition, 0):
                self._unread.pop(partition, None)
        return messages

    async def _poll(
        self, wait_ms: int, *partitions: TopicPartition
    ) -> dict[TopicPartition, list[ConsumerRecord]]:
        try:
            polled = await self._consumer.getmany(*partitions, timeout_ms=wait_ms)
        except KafkaError as error:
            log.warning("market_data.poll_failed", error=repr(error))
            await asyncio.sleep(BACKOFF_S)
            return {}
        return dict(polled)

    def fresh_ms(self, now_ms: int) -> int:
        """For how long from now on what was read may be shown as all that there is."""
        return self._end.fresh_ms(now_ms)

    def places(self) -> tuple[LogPlace, ...]:
        """How far it has come."""
        return tuple(
            LogPlace(
                topic=partition.topic,
                partition=partition.partition,
                first_offset=self._first[partition],
                next_offset=self._next[partition],
                last_record=self._last_record(partition),
            )
            for partition in self._all
        )

    def _last_record(self, partition: TopicPartition) -> str:
        last = self._last.get(partition)
        return self._known.get(partition, "") if last is None else _digest(last)

    def _of_topics(self, places: Iterable[LogPlace]) -> dict[TopicPartition, LogPlace]:
        return {
            TopicPartition(one.topic, one.partition): one
            for one in places
            if one.topic in self._topics
        }

    def _assign(self) -> None:
        if not self._consumer.assignment():
            self._consumer.assign(self._all)


def _digest(record: ConsumerRecord) -> str:
    digest = blake2b(f"{record.offset} {record.timestamp} ".encode(), digest_size=16)
    digest.update(record.value or b"")
    return digest.hexdigest()
