"""Takes commands in bounded batches, and replies to them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Final

import aio_pika
import structlog
from aio_pika.abc import (
    AbstractChannel,
    AbstractIncomingMessage,
    AbstractQueue,
    AbstractRobustConnection,
)

from adapters.rabbitmq.connection import AWAY, PUBLISH_TIMEOUT_S, close_quietly

QUIET_S: Final = 5.0  # without a command; then the broker is asked whether it knows us still

log = structlog.get_logger()


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
    async def _settle(action: Awaitable[object]) -> None:
        try:
            await action
        except AWAY as error:
            log.warning("command.not_settled", error=repr(error))


class CommandConsumer:
    """Takes commands from one queue in batches of whatever waits, at most `prefetch`.

    When nothing comes for a while it asks the broker whether it still has a consumer here, and
    consumes anew where it has not: a reconnect can lose one without a word.
    """

    def __init__(
        self, connection: AbstractRobustConnection, queue: str, *, prefetch: int = 64
    ) -> None:
        self._connection = connection
        self._queue_name = queue
        self._prefetch = prefetch
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue(maxsize=prefetch * 2)
        self._replies: AbstractChannel
        self._channel: AbstractChannel
        self._consumed: AbstractQueue
        self._tag: str

    async def start(self) -> None:
        """Begin to consume."""
        replies = await self._connection.channel(publisher_confirms=False)
        channel = await self._connection.channel(publisher_confirms=False)
        await channel.set_qos(prefetch_count=self._prefetch)
        queue = await channel.get_queue(self._queue_name)
        self._tag = await queue.consume(self._on_message)
        self._replies, self._channel, self._consumed = replies, channel, queue

    async def _on_message(self, message: AbstractIncomingMessage) -> None:
        await self._waiting.put(Delivery(message))

    async def batches(self, max_size: int) -> AsyncIterator[list[Delivery]]:
        """Yield whatever has come, one command at least, without waiting for more."""
        while True:
            try:
                async with asyncio.timeout(QUIET_S):
                    batch = [await self._waiting.get()]
            except TimeoutError:
                await self._consume_anew_if_lost()
                continue
            while len(batch) < max_size and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            yield batch

    async def _consume_anew_if_lost(self) -> None:
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                async with self._connection.channel() as channel:
                    queue = await channel.get_queue(self._queue_name)
                    consumers = queue.declaration_result.consumer_count or 0
                if consumers > 0:
                    return
                old = (self._channel, self._replies)
                await self.start()
        except AWAY as error:
            log.warning("consumer.broker_away", queue=self._queue_name, error=repr(error))
            return
        log.warning("consumer.restarted", queue=self._queue_name)
        for gone in old:
            await close_quietly(gone)

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
        except AWAY as error:
            log.warning("reply.not_sent", error=repr(error))

    async def stop(self) -> None:
        """Take no more; what was taken and not settled goes back to the queue on close."""
        await self._consumed.cancel(self._tag)

    async def close(self) -> None:
        await close_quietly(self._channel)
        await close_quietly(self._replies)
