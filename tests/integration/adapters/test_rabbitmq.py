"""The RabbitMQ adapter against the real broker: routed, confirmed, answered, parked."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aio_pika.abc import AbstractRobustConnection

from adapters import rabbitmq
from adapters.rabbitmq import consumer as consuming
from adapters.rabbitmq.client import SILENCES_TOLERATED
from config.settings import Settings
from contracts import topology

pytestmark = pytest.mark.rabbitmq

QUEUE = "adapter.commands"
KEY = "adapter.test"
SHORT_S = 0.3


@pytest.fixture
async def connection(rabbitmq_settings: Settings) -> AsyncIterator[AbstractRobustConnection]:
    made = await rabbitmq.connect(rabbitmq_settings.rabbitmq)
    await rabbitmq.assert_topology(made, {QUEUE: (KEY,)})
    async with made.channel() as channel:
        for name in (QUEUE, topology.DEAD_LETTER_QUEUE, topology.AUDIT_TAP_QUEUE):
            await (await channel.get_queue(name)).purge()
    yield made
    await made.close()


@pytest.fixture
async def client(connection: AbstractRobustConnection) -> AsyncIterator[rabbitmq.CommandClient]:
    made = rabbitmq.CommandClient(connection)
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def consumer(
    connection: AbstractRobustConnection,
) -> AsyncIterator[rabbitmq.CommandConsumer]:
    made = rabbitmq.CommandConsumer(connection, QUEUE, prefetch=4)
    await made.start()
    yield made
    await made.stop()
    await made.close()


async def first(consumer: rabbitmq.CommandConsumer) -> rabbitmq.Delivery:
    async with asyncio.timeout(10):
        return (await anext(consumer.batches(1)))[0]


async def test_command_without_a_queue_is_an_error(client: rabbitmq.CommandClient) -> None:
    with pytest.raises(rabbitmq.CommandNotSent):
        await client.send("no.such.key", b"{}", uuid4())


async def test_call_returns_the_reply(
    client: rabbitmq.CommandClient, consumer: rabbitmq.CommandConsumer
) -> None:
    calling = asyncio.create_task(client.call(KEY, b"ask", uuid4(), 10))
    delivery = await first(consumer)
    await consumer.reply(delivery, delivery.body[::-1])
    await delivery.ack()

    assert await calling == b"ksa"


async def test_silence_is_no_reply_and_not_a_refusal(client: rabbitmq.CommandClient) -> None:
    with pytest.raises(rabbitmq.NoReply):
        await client.call(KEY, b"ask", uuid4(), SHORT_S)


async def test_reply_to_an_earlier_attempt_answers_the_later_one(
    client: rabbitmq.CommandClient, consumer: rabbitmq.CommandConsumer
) -> None:
    command_id = uuid4()
    with pytest.raises(rabbitmq.NoReply):
        await client.call(KEY, b"ask", command_id, SHORT_S)
    late = await first(consumer)
    again = asyncio.create_task(client.call(KEY, b"ask", command_id, 10))
    await first(consumer)
    await consumer.reply(late, b"done")

    assert await again == b"done"


async def test_command_that_keeps_failing_is_parked(
    client: rabbitmq.CommandClient,
    consumer: rabbitmq.CommandConsumer,
    connection: AbstractRobustConnection,
) -> None:
    await client.send(KEY, b"poison", uuid4())
    tries = 0
    async with connection.channel() as channel:
        parked = await channel.get_queue(topology.DEAD_LETTER_QUEUE)
        while (message := await parked.get(fail=False)) is None:
            try:
                async with asyncio.timeout(1):
                    delivery = (await anext(consumer.batches(1)))[0]
            except TimeoutError:
                continue
            tries += 1
            await delivery.requeue()
        await message.ack()

    assert message.body == b"poison"
    assert tries == topology.DELIVERY_LIMIT + 1


async def test_unread_command_survives_its_consumer(
    client: rabbitmq.CommandClient, connection: AbstractRobustConnection
) -> None:
    dying = rabbitmq.CommandConsumer(connection, QUEUE, prefetch=1)
    await dying.start()
    await client.send(KEY, b"once", uuid4())
    assert not (await first(dying)).redelivered
    await dying.close()

    heir = rabbitmq.CommandConsumer(connection, QUEUE, prefetch=1)
    await heir.start()
    delivery = await first(heir)
    await delivery.ack()
    await heir.close()

    assert (delivery.body, delivery.redelivered) == (b"once", True)


async def test_tap_gets_a_copy_of_every_command(
    client: rabbitmq.CommandClient, connection: AbstractRobustConnection
) -> None:
    await client.send(KEY, b"seen", uuid4())
    async with connection.channel() as channel:
        tapped = await channel.get_queue(topology.AUDIT_TAP_QUEUE)
        message = await tapped.get(timeout=5)
        assert message is not None
        await message.ack()

    assert message.body == b"seen"


async def test_consumer_that_the_broker_has_lost_consumes_anew(
    client: rabbitmq.CommandClient,
    consumer: rabbitmq.CommandConsumer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(consuming, "QUIET_S", SHORT_S)
    await consumer.stop()
    await client.send(KEY, b"still here", uuid4())

    assert (await first(consumer)).body == b"still here"


async def test_client_whose_reply_queue_is_gone_opens_another(
    client: rabbitmq.CommandClient,
    consumer: rabbitmq.CommandConsumer,
    connection: AbstractRobustConnection,
) -> None:
    async with connection.channel() as channel:
        await channel.queue_delete(client.reply_to)
    command_id = uuid4()
    for _ in range(SILENCES_TOLERATED):
        with pytest.raises(rabbitmq.NoReply):
            await client.call(KEY, b"ask", command_id, SHORT_S)
        await (await first(consumer)).ack()

    calling = asyncio.create_task(client.call(KEY, b"ask", command_id, 10))
    delivery = await first(consumer)
    await consumer.reply(delivery, b"heard")

    assert await calling == b"heard"
