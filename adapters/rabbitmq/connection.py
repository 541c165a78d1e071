"""The connection, the topology, and what the broker's absence looks like.

Every queue is a quorum queue with a delivery limit and a dead-letter exchange, so a poisonous
message is parked instead of circling. There is no alternate exchange: with one, a command that
no queue takes would count as routed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractRobustConnection
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError

from config.settings import RabbitMQSettings
from contracts import topology

PUBLISH_TIMEOUT_S: Final = 5.0
CONNECT_TIMEOUT_S: Final = 10.0
AWAY: Final = (AMQPError, ChannelInvalidStateError, ConnectionError, TimeoutError, RuntimeError)
"""What aio-pika raises while the broker or a channel is gone."""

log = structlog.get_logger()


async def connect(settings: RabbitMQSettings) -> AbstractRobustConnection:
    """A connection that comes back by itself, with its channels and consumers."""
    return await aio_pika.connect_robust(
        host=settings.host,
        port=settings.port,
        login=settings.user,
        password=settings.password.get_secret_value(),
        virtualhost=settings.vhost,
        timeout=CONNECT_TIMEOUT_S,
        reconnect_interval=1,
    )


async def assert_topology(
    connection: AbstractRobustConnection,
    queues: Mapping[str, Sequence[str]] = topology.COMMAND_QUEUES,
) -> None:
    """Declare exchanges, queues and bindings; fails where one exists with other properties."""
    async with connection.channel() as channel:
        dead = await channel.declare_exchange(
            topology.DEAD_LETTER_EXCHANGE, aio_pika.ExchangeType.FANOUT, durable=True
        )
        parked = await channel.declare_queue(
            topology.DEAD_LETTER_QUEUE, durable=True, arguments={"x-queue-type": "quorum"}
        )
        await parked.bind(dead)
        commands = await channel.declare_exchange(
            topology.COMMANDS_EXCHANGE, aio_pika.ExchangeType.DIRECT, durable=True
        )
        tap = await channel.declare_exchange(
            topology.AUDIT_TAP_EXCHANGE, aio_pika.ExchangeType.FANOUT, durable=True
        )
        tapped = await channel.declare_queue(
            topology.AUDIT_TAP_QUEUE,
            durable=True,
            arguments={
                "x-max-length": topology.AUDIT_TAP_MAX_LENGTH,
                "x-overflow": "drop-head",
            },
        )
        await tapped.bind(tap)
        for name, routing_keys in queues.items():
            queue = await channel.declare_queue(
                name,
                durable=True,
                arguments={
                    "x-queue-type": "quorum",
                    "x-delivery-limit": topology.DELIVERY_LIMIT,
                    "x-dead-letter-exchange": topology.DEAD_LETTER_EXCHANGE,
                },
            )
            for key in routing_keys:
                await queue.bind(commands, key)
                await tap.bind(commands, key)


async def close_quietly(channel: AbstractChannel) -> None:
    """Close what may be closed or broken already."""
    try:
        async with asyncio.timeout(PUBLISH_TIMEOUT_S):
            await channel.close()
    except AWAY as error:
        log.info("channel.closed_badly", error=repr(error))
