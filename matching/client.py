"""How sagas speak with the engine: a command into the log, the engine's answer out of it."""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.instruments import Instrument
from contracts.matching import (
    AmendOrder,
    AmendRejected,
    CancelAllOrders,
    CancelOrder,
    CancelRejected,
    EngineCommand,
    OrderBatch,
    OrderEntry,
    SubmitIndeterminate,
    SubmitOrder,
    SubmitOrderList,
)
from contracts.message import MalformedMessage, decode, encode
from contracts.orders import OrderState
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING
from matching.answers import (
    Amended,
    Submitted,
    all_cancelled,
    amended,
    cancelled,
    list_submitted,
    submitted,
)
from matching.errors import MatchingUnavailable

log = structlog.get_logger()

PUBLISH_TIMEOUT_S: Final = 5.0
POLL_WAIT_MS: Final = 500
POLL_BACKOFF_S: Final = 0.5


class MatchingClient:
    """Publishes commands and awaits the entries that they cause on `orders.events`.

    It reads the partitions of its markets without a group, from the end that they have when it
    starts: an answer that it misses costs the asker a repetition, and the engine then tells the
    state.
    """

    def __init__(
        self,
        producer: AIOKafkaProducer,
        consumer: AIOKafkaConsumer,
        markets: Mapping[str, Instrument],
    ) -> None:
        self._producer = producer
        self._consumer = consumer
        self._markets = markets
        self._waiters: dict[UUID, set[asyncio.Future[OrderEntry]]] = {}
        self._reader: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Fix the place to read from, then start reading."""
        partitions = sorted({market.partition for market in self._markets.values()})
        places = [TopicPartition(ORDERS_EVENTS, number) for number in partitions]
        self._consumer.assign(places)
        for place, end in (await self._consumer.end_offsets(places)).items():
            self._consumer.seek(place, end)
        self._reader = asyncio.create_task(self._read(), name="matching-client")

    async def stop(self) -> None:
        """Stop reading; whoever still waits gets None at their own time."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def check(self) -> None:
        """Raises MatchingUnavailable where answers are not being read."""
        if self._reader is None or self._reader.done():
            raise MatchingUnavailable("answers are not being read")

    async def submit(
        self, command: SubmitOrder, timeout_s: float
    ) -> Submitted | SubmitIndeterminate | None:
        """Submit an order; returns its state after its own command and that command's fills.

        A repeated submit gives the present state and no fills. `SubmitIndeterminate`: it is
        older than the engine's memory; whether it traded is in the order row, or nowhere.
        None: silent for `timeout_s`.

        Raises:
            MatchingUnavailable: the log did not acknowledge; the command may still arrive.
        """
        entry = await self.send(command, timeout_s)
        if entry is None:
            return None
        return submitted(entry, command.order_id, self._markets[command.symbol])

    async def submit_list(
        self, command: SubmitOrderList, timeout_s: float
    ) -> tuple[Submitted, ...] | SubmitIndeterminate | None:
        """Submit two orders as one list; returns what `submit` does, for each leg in order.

        Where the list is refused both legs are `REJECTED`, with the reason. None: silent for
        `timeout_s`.

        Raises:
            MatchingUnavailable: the log did not acknowledge; the command may still arrive.
        """
        entry = await self.send(command, timeout_s)
        if entry is None:
            return None
        legs = tuple(leg.order_id for leg in command.legs)
        return list_submitted(entry, legs, self._markets[command.symbol])

    async def cancel(
        self, command: CancelOrder, timeout_s: float
    ) -> OrderState | CancelRejected | None:
        """Cancel an order; returns its final state, or that the engine never saw it.

        None: silent for `timeout_s`.

        Raises:
            MatchingUnavailable: the log did not acknowledge; the command may still arrive.
        """
        entry = await self.send(command, timeout_s)
        if entry is None:
            return None
        return cancelled(entry, command.order_id, self._markets[command.symbol])

    async def cancel_all(
        self, command: CancelAllOrders, timeout_s: float
    ) -> tuple[OrderState, ...] | None:
        """Cancel all of a user's orders in a market; returns the final states of those that
        this very command ended, so a repetition gives an empty tuple. None: silent for
        `timeout_s`.

        Raises:
            MatchingUnavailable: the log did not acknowledge; the command may still arrive.
        """
        entry = await self.send(command, timeout_s)
        return None if entry is None else all_cancelled(entry, self._markets[command.symbol])

    async def amend(self, command: AmendOrder, timeout_s: float) -> Amended | AmendRejected | None:
        """Reduce an order's quantity; returns its state and what the budget no longer needs.

        None: silent for `timeout_s`.

        Raises:
            MatchingUnavailable: the log did not acknowledge; the command may still arrive.
        """
        entry = await self.send(command, timeout_s)
        if entry is None:
            return None
        return amended(entry, command.order_id, self._markets[command.symbol])

    async def send(self, command: EngineCommand, timeout_s: float | None) -> OrderEntry | None:
        """Publish any command and await its entry; with `timeout_s` None only publish.

        Raises:
            MatchingUnavailable: the log did not acknowledge; the command may still arrive.
        """
        if timeout_s is None:
            await self._publish(command)
            return None
        answer: asyncio.Future[OrderEntry] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(command.command_id, set()).add(answer)
        try:
            try:
                await self._publish(command)
            except MatchingUnavailable:
                if not answer.done():  # an answer proves that only the acknowledgement is lost
                    raise
            async with asyncio.timeout(timeout_s):
                return await answer
        except TimeoutError:
            return None
        finally:
            waiting = self._waiters.get(command.command_id)
            if waiting is not None:
                waiting.discard(answer)
                if not waiting:
                    del self._waiters[command.command_id]

    async def _publish(self, command: EngineCommand) -> None:
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT_S):
                await self._producer.send_and_wait(
                    ORDERS_INCOMING,
                    value=encode(command),
                    key=command.symbol.encode(),
                    partition=self._markets[command.symbol].partition,
                )
        except (KafkaError, TimeoutError) as error:
            raise MatchingUnavailable(f"{ORDERS_INCOMING}: {error!r}") from error

    async def _read(self) -> None:
        while True:
            try:
                polled = await self._consumer.getmany(timeout_ms=POLL_WAIT_MS)
            except KafkaError as error:
                log.warning("matching_client.poll_failed", error=repr(error))
                await asyncio.sleep(POLL_BACKOFF_S)
                continue
            if self._waiters:  # whoever asks has registered before the command was published
                for records in polled.values():
                    for record in records:
                        self._answer(record.value)

    def _answer(self, message: bytes) -> None:
        try:
            batch: OrderBatch = decode(message, OrderBatch)
        except MalformedMessage as error:
            log.error("matching_client.malformed_batch", error=str(error))
            return
        for entry in batch.entries:
            for waiter in self._waiters.get(entry.command_id, ()):
                if not waiter.done():
                    waiter.set_result(entry)
