"""The Kafka adapter: every safety setting is stated, and a record makes the round trip."""

import asyncio
from uuid import uuid4

import pytest
from aiokafka import TopicPartition

from adapters import kafka
from config.settings import Settings
from contracts.topology import ORDERS_AUDIT

pytestmark = pytest.mark.kafka


async def test_record_written_is_read_with_the_log_s_time(topics: Settings) -> None:
    producer = await kafka.create_producer(topics.kafka)
    consumer = await kafka.create_consumer(topics.kafka)
    place = TopicPartition(ORDERS_AUDIT, 7)
    consumer.assign([place])
    await consumer.seek_to_end(place)
    await consumer.position(place)
    value = uuid4().bytes

    written = await producer.send_and_wait(ORDERS_AUDIT, value, partition=7, timestamp_ms=1)
    async with asyncio.timeout(10):
        record = await consumer.getone()
    await producer.stop()
    await consumer.stop()

    assert (record.value, record.offset) == (value, written.offset)
    assert record.timestamp_type == 1  # LogAppendTime: a client's clock decides nothing
    assert record.timestamp > 1


async def test_safety_does_not_rest_on_the_library_s_defaults(topics: Settings) -> None:
    producer = await kafka.create_producer(topics.kafka)
    consumer = await kafka.create_consumer(topics.kafka, group="adapter-test", large_fetches=True)
    try:
        assert producer._sender._acks == -1
        assert producer._txn_manager is not None
        assert consumer._enable_auto_commit is False
        assert consumer._auto_offset_reset == "earliest"
        assert consumer._isolation_level == "read_committed"
        assert consumer._fetch_min_bytes == kafka.LARGE_FETCH_BYTES
        assert consumer._max_poll_records == kafka.MAX_POLL_RECORDS
    finally:
        await producer.stop()
        await consumer.stop()
