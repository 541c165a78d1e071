"""From the queue to the ledger and back: commit, then reply, then ack, in this order.

A crash after the commit brings the command again, and the stored reply with it. What cannot be
read goes to the dead-letter queue at once. While the database is away the batch is held.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, Protocol

import structlog

from adapters.rabbitmq import Delivery
from contracts.message import MalformedMessage, decode, encode
from contracts.wallet import WalletCommand, WalletReply
from wallet.failures import until_done
from wallet.metrics import COMMAND_BATCH_S, REPLIES
from wallet.service import WalletService

MAX_BATCH: Final = 64
FINISH_TIMEOUT_S: Final = 5.0

log = structlog.get_logger()


class Consumer(Protocol):
    """Where commands come from and replies go to."""

    def batches(self, max_size: int) -> AsyncIterator[list[Delivery]]: ...

    async def reply(self, delivery: Delivery, body: bytes) -> None: ...


Decide = Callable[[Sequence[WalletCommand]], Awaitable[list[WalletReply | None]]]
Order = tuple[Delivery, WalletCommand]


class CommandLoop:
    """Takes commands in batches for as long as it runs."""

    def __init__(self, consumer: Consumer, service: WalletService) -> None:
        self._consumer = consumer
        self._service = service
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Work until cancelled; what has begun is then finished, for at most 5 s."""
        try:
            async for batch in self._consumer.batches(MAX_BATCH):
                await asyncio.shield(self._begin(self.handle(batch)))
        finally:
            if self._running:
                await asyncio.wait(self._running, timeout=FINISH_TIMEOUT_S)

    async def handle(self, batch: Sequence[Delivery]) -> None:
        """Decide one batch, reply and ack. Those that lack funds are decided on the side."""
        with COMMAND_BATCH_S.time():
            orders = await self._readable(batch)
            late = await self._work(orders, self._service.decide)
        if late:
            # Must not hold up the others: it waits for settlement.
            self._begin(self._decide_late(late))

    async def _decide_late(self, orders: list[Order]) -> None:
        for delivery, command in await self._work(orders, self._service.decide_after_settlement):
            # Unknown. Whoever asked repeats the command; requeueing would burn its deliveries.
            log.warning("wallet.outcome_unknown", command_id=str(command.command_id))
            await delivery.ack()

    async def _work(self, orders: list[Order], decide: Decide) -> list[Order]:
        """Decide, reply and ack; returns those that have no answer yet."""
        if not orders:
            return []
        commands = [command for _, command in orders]
        try:
            replies = await until_done("commands", lambda: decide(commands))
        except Exception:
            if len(orders) > 1:
                late: list[Order] = []
                for order in orders:
                    late += await self._work([order], decide)
                return late
            # The broker counts its deliveries, and parks it at the limit.
            log.exception("wallet.command_failed", command_id=str(commands[0].command_id))
            await orders[0][0].requeue()
            return []
        for (delivery, _), reply in zip(orders, replies, strict=True):
            if reply is not None:
                await self._consumer.reply(delivery, encode(reply))
                await delivery.ack()
                REPLIES.labels(type(reply).__name__).inc()
        return [order for order, reply in zip(orders, replies, strict=True) if reply is None]

    async def _readable(self, batch: Sequence[Delivery]) -> list[Order]:
        orders: list[Order] = []
        for delivery in batch:
            try:
                command: WalletCommand = decode(delivery.body, WalletCommand)
            except MalformedMessage as error:
                log.error("wallet.poison", message_id=delivery.message_id, error=str(error))
                await delivery.dead_letter()
            else:
                orders.append((delivery, command))
        return orders

    def _begin(self, work: Awaitable[None]) -> asyncio.Future[None]:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task
