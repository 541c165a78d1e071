"""Sends commands that are routed and confirmed, and awaits replies."""

import asyncio
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

from adapters.rabbitmq.connection import AWAY, PUBLISH_TIMEOUT_S, close_quietly
from contracts import topology

REPLY_QUEUE_EXPIRES_MS: Final = 60_000
SILENCES_TOLERATED: Final = 3

log = structlog.get_logger()


class CommandNotSent(RuntimeError):
    """The broker did not confirm the command; it may or may not have arrived."""


class NoReply(RuntimeError):
    """No reply within the time given: the command's outcome is unknown."""


class CommandClient:
    """Sends commands, and awaits the replies of those that have one.

    Replies come to a queue of this process's own. A reply that is lost is no loss: the caller
    sends the same command id again and gets the stored reply. After several silences in a row
    the channel is opened anew: a reconnect can leave one that looks open and carries nothing.
    """

    def __init__(self, connection: AbstractRobustConnection) -> None:
        self._connection = connection
        self._waiters: dict[str, list[asyncio.Future[bytes]]] = {}
        self._silences = 0
        self._opening = asyncio.Lock()
        self.reply_to: str
        self._exchange: AbstractExchange
        self._channel: AbstractChannel

    async def start(self) -> None:
        """Open the channel and the reply queue. Call before the first command."""
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(topology.COMMANDS_EXCHANGE, ensure=False)
        replies = await channel.declare_queue(
            f"tradeflow.replies.{uuid4()}",
            durable=False,
            auto_delete=True,
            arguments={"x-expires": REPLY_QUEUE_EXPIRES_MS},
        )
        await replies.consume(self._on_reply, no_ack=True)
        self._channel, self._exchange, self.reply_to = channel, exchange, replies.name
        self._silences = 0

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
            reply_to=self.reply_to,
        )
        try:
            await self._exchange.publish(
                message, routing_key, mandatory=True, timeout=PUBLISH_TIMEOUT_S
            )
        except AWAY as error:
            await self._after_silence()
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
            await self._after_silence()
            raise NoReply(f"{routing_key} {key}: nothing for {timeout_s} s") from error
        finally:
            self._waiters[key].remove(waiter)
            if not self._waiters[key]:
                del self._waiters[key]

    async def _after_silence(self) -> None:
        self._silences += 1
        if self._silences < SILENCES_TOLERATED or self._opening.locked():
            return
        async with self._opening:
            old = self._channel
            try:
                async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                    await self.start()
            except AWAY as error:
                log.warning("commands.not_reopened", error=repr(error))
                return
            log.warning("commands.reopened", reply_to=self.reply_to)
            await close_quietly(old)

    async def _on_reply(self, message: AbstractIncomingMessage) -> None:
        self._silences = 0
        for waiter in self._waiters.get(message.correlation_id or "", ()):
            if not waiter.done():
                waiter.set_result(message.body)

    async def close(self) -> None:
        await close_quietly(self._channel)
