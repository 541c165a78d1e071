"""The outbox against the real database and broker: in order, at least once, never without."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters import kafka, mysql
from adapters import outbox as outbox_module
from adapters.outbox import OutboxPublisher, enqueue
from config.settings import Settings
from contracts.topology import ORDERS_AUDIT, ORDERS_DATABASE, PARTITIONS
from orders.tables import outbox
from tests.support.waits import ended

pytestmark = [pytest.mark.mysql, pytest.mark.kafka]

KEY = "outbox-test"


@pytest.fixture
async def engine(databases: Settings) -> AsyncIterator[AsyncEngine]:
    assert databases.mysql.orders is not None
    made = mysql.create_engine(databases.mysql, databases.mysql.orders, ORDERS_DATABASE)
    yield made
    await made.dispose()


@pytest.fixture
async def producer(topics: Settings) -> AsyncIterator[AIOKafkaProducer]:
    made = await kafka.create_producer(topics.kafka)
    yield made
    await made.stop()


@pytest.fixture
async def consumer(topics: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    made = await kafka.create_consumer(topics.kafka)
    places = [TopicPartition(ORDERS_AUDIT, p) for p in range(PARTITIONS)]
    made.assign(places)
    await made.seek_to_end(*places)
    for place in places:
        await made.position(place)
    yield made
    await made.stop()


async def read(consumer: AIOKafkaConsumer, count: int) -> list[bytes]:
    found: list[bytes] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            record = await consumer.getone()
            if record.key == KEY.encode():
                found.append(record.value)
    return found


async def waiting(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(
            (await connection.execute(select(func.count()).select_from(outbox))).scalar_one()
        )


def events(*payloads: bytes) -> list[tuple[str, str, bytes]]:
    return [(ORDERS_AUDIT, KEY, payload) for payload in payloads]


async def test_events_go_out_in_order_and_are_deleted(
    engine: AsyncEngine, producer: AIOKafkaProducer, consumer: AIOKafkaConsumer
) -> None:
    async with engine.begin() as connection:
        await enqueue(connection, outbox, events(b"1", b"2", b"3"))

    publisher = OutboxPublisher(engine, outbox, producer)
    moved = await mysql.in_transaction(engine, publisher.publish_batch)

    assert moved == 3
    assert await read(consumer, 3) == [b"1", b"2", b"3"]
    assert await waiting(engine) == 0


async def test_event_of_a_change_that_was_rolled_back_never_goes_out(
    engine: AsyncEngine, producer: AIOKafkaProducer
) -> None:
    class Undone(Exception):
        pass

    async def change(connection: AsyncConnection) -> None:
        await enqueue(connection, outbox, events(b"never"))
        raise Undone

    with pytest.raises(Undone):
        await mysql.in_transaction(engine, change)

    publisher = OutboxPublisher(engine, outbox, producer)
    assert await mysql.in_transaction(engine, publisher.publish_batch) == 0


async def test_publisher_that_dies_after_publishing_publishes_again(
    engine: AsyncEngine, producer: AIOKafkaProducer, consumer: AIOKafkaConsumer
) -> None:
    class Died(Exception):
        pass

    async with engine.begin() as connection:
        await enqueue(connection, outbox, events(b"twice"))
    publisher = OutboxPublisher(engine, outbox, producer)

    async def dies(connection: AsyncConnection) -> None:
        await publisher.publish_batch(connection)
        raise Died

    with pytest.raises(Died):
        await mysql.in_transaction(engine, dies)
    await mysql.in_transaction(engine, publisher.publish_batch)

    assert await read(consumer, 2) == [b"twice", b"twice"]
    assert await waiting(engine) == 0


async def test_publisher_that_is_woken_looks_before_its_pause_is_over(
    engine: AsyncEngine,
    producer: AIOKafkaProducer,
    consumer: AIOKafkaConsumer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox_module, "IDLE_PAUSE_S", 3_600.0)
    publisher = OutboxPublisher(engine, outbox, producer)
    running = asyncio.create_task(publisher.run())
    try:
        for payload in (b"1", b"2"):  # the second comes while it pauses for sure
            async with engine.begin() as connection:
                await enqueue(connection, outbox, events(payload))
            publisher.wake()
            assert await read(consumer, 1) == [payload]
    finally:
        await ended(running)
