"""The engine's side of Kafka: reads `orders.incoming` from a given place, publishes the output."""

import asyncio
from collections.abc import Collection
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from adapters.kafka import create_consumer, create_producer
from config.settings import KafkaSettings
from contracts.topology import ORDERS_INCOMING
from matching.output import OUTPUTS
from matching.partition import Record

log = structlog.get_logger()

POLL_WAIT_MS: Final = 200
MAX_POLL_RECORDS: Final = 500
TAIL_MESSAGES: Final = 50
FIRST_BACKOFF_S: Final = 0.1
LAST_BACKOFF_S: Final = 5.0


class KafkaCommandLog:
    """A `CommandLog` on Kafka, for the partitions that configuration assigns to this process."""

    def __init__(self, settings: KafkaSettings, partitions: Collection[int]) -> None:
        self._settings = settings
        self._inputs = [TopicPartition(ORDERS_INCOMING, p) for p in sorted(partitions)]
        self._consumer: AIOKafkaConsumer | None = None
        self._producer: AIOKafkaProducer | None = None

    async def close(self) -> None:
        """Stop reading, then writing. What is unpublished is published by the next start."""
        if self._consumer is not None:
            await self._consumer.stop()
        if self._producer is not None:
            await self._producer.stop()

    async def bounds(self) -> dict[int, tuple[int, int]]:
        consumer = await self._reader()
        first = await consumer.beginning_offsets(self._inputs)
        end = await consumer.end_offsets(self._inputs)
        return {place.partition: (first[place], end[place]) for place in self._inputs}

    async def tails(self) -> dict[str, dict[int, list[bytes]]]:
        consumer = await create_consumer(self._settings)
        try:
            return await self._read_tails(consumer)
        finally:
            await consumer.stop()

    async def _read_tails(self, consumer: AIOKafkaConsumer) -> dict[str, dict[int, list[bytes]]]:
        places = [TopicPartition(t, p.partition) for t in OUTPUTS for p in self._inputs]
        consumer.assign(places)
        first = await consumer.beginning_offsets(places)
        end = await consumer.end_offsets(places)
        for place in places:
            consumer.seek(place, max(first[place], end[place] - TAIL_MESSAGES))
        found: dict[str, dict[int, list[bytes]]] = {
            topic: {place.partition: [] for place in self._inputs} for topic in OUTPUTS
        }
        unread = {place for place in places if end[place] > first[place]}
        while unread:
            for place, records in (await consumer.getmany(timeout_ms=POLL_WAIT_MS)).items():
                held = [record.value for record in records if record.offset < end[place]]
                found[place.topic][place.partition].extend(held)
                if records[-1].offset >= end[place] - 1:
                    unread.discard(place)
        return found

    async def poll(self) -> dict[int, list[Record]]:
        consumer = await self._reader()
        try:
            polled = await consumer.getmany(timeout_ms=POLL_WAIT_MS, max_records=MAX_POLL_RECORDS)
        except KafkaError as error:
            log.warning("matching.poll_failed", error=repr(error))
            await asyncio.sleep(FIRST_BACKOFF_S)
            return {}
        return {
            place.partition: [Record(r.offset, r.timestamp, r.value or b"") for r in records]
            for place, records in polled.items()
        }

    async def begin(self, positions: dict[int, int]) -> None:
        consumer = await self._reader()
        for place in self._inputs:
            consumer.seek(place, positions[place.partition])

    async def _reader(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            self._consumer = await create_consumer(self._settings)
            self._consumer.assign(self._inputs)
        return self._consumer

    async def publish(self, messages: list[tuple[str, int, bytes]]) -> None:
        """Write in order and await the acknowledgements, for as long as Kafka is away.

        A repetition after a failure may leave a message twice: its entries have the same
        identity, and readers drop what they have seen.
        """
        await self._persist(messages)

    async def append(self, partition: int, message: bytes) -> int:
        """Write a command of the engine's own, for as long as Kafka is away; its offset.

        After a failure the log may hold it twice; the offset is the later one's.
        """
        while True:
            (offset,) = await self._persist([(ORDERS_INCOMING, partition, message)])
            if offset >= 0:  # else the broker had it already, and no longer knows where
                return offset

    async def _persist(self, messages: list[tuple[str, int, bytes]]) -> list[int]:
        backoff_s = FIRST_BACKOFF_S
        while True:
            try:
                return await self._send(messages)
            except KafkaError as error:
                log.error("matching.publish_failed", error=repr(error), retry_in_s=backoff_s)
                await self._drop_producer()
                await asyncio.sleep(backoff_s)
                backoff_s = min(LAST_BACKOFF_S, backoff_s * 2)

    async def _send(self, messages: list[tuple[str, int, bytes]]) -> list[int]:
        if self._producer is None:
            self._producer = await create_producer(self._settings)
        acknowledgements = [
            await self._producer.send(topic, value=message, partition=partition)
            for topic, partition, message in messages
        ]
        offsets: list[int] = []
        for result in await asyncio.gather(*acknowledgements, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
            offsets.append(result.offset)
        return offsets

    async def _drop_producer(self) -> None:
        # After a failure its sequence numbers can no longer be trusted.
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), LAST_BACKOFF_S)
            except (KafkaError, TimeoutError) as error:
                log.warning("matching.producer_stop_failed", error=repr(error))
