"""RabbitMQ: commands that are routed and confirmed, consumers that take bounded batches.

Every queue is a quorum queue with a delivery limit and a dead-letter exchange, so a poisonous
message is parked instead of circling. There is no alternate exchange: with one, a command that
no queue takes would count as routed.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final
from uuid import UUID, uuid4

import aio_pika
import structlog
from aio_pika.abc import (
    AbstractChannel,
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractRobustConnection,
)
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError

from config.settings import RabbitMQSettings
from contracts import topology

PUBLISH_TIMEOUT_S: Final = 5.0
CONNECT_TIMEOUT_S: Final = 10.0
REPLY_QUEUE_EXPIRES_MS: Final = 60_000

log = structlog.get_logger()


class CommandNotSent(RuntimeError):
    """The broker did not confirm the command; it may or may not have arrived."""


class NoReply(RuntimeError):
    """No reply within the time given: the command's outcome is unknown."""


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


class CommandClient:
    """Sends commands, and awaits the replies of those that have one.

    Replies come to a queue of this process's own. A reply that is lost is no loss: the caller
    sends the same command id again and gets the stored reply.
    """

    def __init__(self, connection: AbstractRobustConnection) -> None:
        self._connection = connection
        self._reply_to = f"tradeflow.replies.{uuid4()}"
        self._waiters: dict[str, list[asyncio.Future[bytes]]] = {}
        self._exchange: AbstractExchange
        self._channel: AbstractChannel

    async def start(self) -> None:
        """Open the channel and the reply queue. Call before the first command."""
        self._channel = await self._connection.channel(
            publisher_confirms=True, on_return_raises=True
        )
        self._exchange = await self._channel.get_exchange(topology.COMMANDS_EXCHANGE, ensure=False)
        replies = await self._channel.declare_queue(
            self._reply_to,
            durable=False,
            auto_delete=True,
            arguments={"x-expires": REPLY_QUEUE_EXPIRES_MS},
        )
        await replies.consume(self._on_reply, no_ack=True)

    async def send(self, routing_key: str, body: bytes, command_id: UUID) -> None:
        """Publish a command, and return when a queue has it.

        Raises:
            CommandNotSent: not routed, or not confirmed in time.
        """
        message = aio_pika.Message(
            body,
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(command_id),
            correlation_id=str(command_id),
            reply_to=self._reply_to,
        )
        try:
            await self._exchange.publish(
                message, routing_key, mandatory=True, timeout=PUBLISH_TIMEOUT_S
            )
        except (AMQPError, ChannelInvalidStateError, ConnectionError, TimeoutError) as error:
            raise CommandNotSent(f"{routing_key}: {error!r}") from error

    async def call(
        self, routing_key: str, body: bytes, command_id: UUID, timeout_s: float
    ) -> bytes:
        """Publish a command and await its reply.

        Raises:
            CommandNotSent: not routed, or not confirmed in time.
            NoReply: silence for `timeout_s`; the outcome is unknown.
        """
        key = str(command_id)
        waiter: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(key, []).append(waiter)
        try:
            async with asyncio.timeout(timeout_s):
                await self.send(routing_key, body, command_id)
                return await waiter
        except TimeoutError as error:
            raise NoReply(f"{routing_key} {key}: nothing for {timeout_s} s") from error
        finally:
            self._waiters[key].remove(waiter)
            if not self._waiters[key]:
                del self._waiters[key]

    async def _on_reply(self, message: AbstractIncomingMessage) -> None:
        for waiter in self._waiters.get(message.correlation_id or "", ()):
            if not waiter.done():
                waiter.set_result(message.body)

    async def close(self) -> None:
        await self._channel.close()


class Delivery:
    """One command as it came, and what may be done with it."""

    def __init__(self, message: AbstractIncomingMessage) -> None:
        self._message = message
        self.body = message.body
        self.routing_key = message.routing_key or ""
        self.message_id = message.message_id
        self.correlation_id = message.correlation_id
        self.reply_to = message.reply_to
        self.redelivered = bool(message.redelivered)

    async def ack(self) -> None:
        """The effect is committed. A lost ack only means that it comes again."""
        await self._settle(self._message.ack())

    async def requeue(self) -> None:
        """Not now; counts against the delivery limit."""
        await self._settle(self._message.nack(requeue=True))

    async def dead_letter(self) -> None:
        """Never: park it in the dead-letter queue."""
        await self._settle(self._message.reject(requeue=False))

    @staticmethod
    async def _settle(action: "asyncio.Future[None] | object") -> None:
        try:
            await action  # type: ignore[misc]
        except (AMQPError, ChannelInvalidStateError, ConnectionError) as error:
            log.warning("command.not_settled", error=repr(error))


class CommandConsumer:
    """Takes commands from one queue in batches of whatever waits, at most `prefetch`."""

    def __init__(
        self, connection: AbstractRobustConnection, queue: str, *, prefetch: int = 64
    ) -> None:
        self._connection = connection
        self._queue_name = queue
        self._prefetch = prefetch
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue(maxsize=prefetch * 2)
        self._replies: AbstractChannel

    async def start(self) -> None:
        """Begin to consume."""
        self._replies = await self._connection.channel(publisher_confirms=False)
        channel = await self._connection.channel(publisher_confirms=False)
        await channel.set_qos(prefetch_count=self._prefetch)
        self._channel = channel
        queue = await channel.get_queue(self._queue_name)
        self._consumed = queue
        self._tag = await queue.consume(self._on_message)

    async def _on_message(self, message: AbstractIncomingMessage) -> None:
        await self._waiting.put(Delivery(message))

    async def batches(self, max_size: int) -> AsyncIterator[list[Delivery]]:
        """Yield whatever has come, one command at least, without waiting for more."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < max_size and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            yield batch

    async def reply(self, delivery: Delivery, body: bytes) -> None:
        """Answer whoever asked, if they still listen."""
        if delivery.reply_to is None:
            return
        try:
            await self._replies.default_exchange.publish(
                aio_pika.Message(
                    body,
                    content_type="application/json",
                    correlation_id=delivery.correlation_id,
                ),
                delivery.reply_to,
                mandatory=False,
                timeout=PUBLISH_TIMEOUT_S,
            )
        except (AMQPError, ChannelInvalidStateError, ConnectionError, TimeoutError) as error:
            log.warning("reply.not_sent", error=repr(error))

    async def stop(self) -> None:
        """Take no more; what was taken and not settled goes back to the queue on close."""
        await self._consumed.cancel(self._tag)

    async def close(self) -> None:
        await self._channel.close()
        await self._replies.close()
