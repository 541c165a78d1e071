"""From Kafka to users' sockets: what the relay and the wallet tell, to those who are connected.

Every gateway reads both topics whole, without a group, from the end that they have when it
starts. A message may come twice; an order's changes and a list's statuses go out once. One that
cannot be read is a gap, which is not hidden: whom it concerns is told to come again.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from api.stream.hub import Hub, is_user_channel, user_channel
from api.stream.user_feed_balances import UserBalances
from api.stream.user_payloads import user_event
from contracts.message import MalformedMessage, decode
from contracts.topology import PARTITIONS, USER_EVENTS, WALLET_EVENTS
from contracts.user_events import ListStatus, OrderReported, UserEvent
from contracts.wallet import TransferRecorded

POLL_MS: Final = 500
FAILURE_PAUSE_S: Final = 0.5
REMEMBERED: Final = 10_000  # orders and lists, of users who are connected

Record: TypeAlias = ConsumerRecord[bytes, bytes]

log = structlog.get_logger()


class UserFeed:
    """One a gateway: publishes to the hub's user channels, where anybody wants them."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        hub: Hub,
        balances: UserBalances,
        clock_ms: Callable[[], int],
    ) -> None:
        self._consumer = consumer
        self._hub = hub
        self._balances = balances
        self._clock_ms = clock_ms
        self._told: dict[tuple[str, int], int] = {}

    async def start(self) -> None:
        """Fix the place to read from. What happens from here on is told."""
        places = [
            TopicPartition(topic, number)
            for topic in (USER_EVENTS, WALLET_EVENTS)
            for number in range(PARTITIONS)
        ]
        self._consumer.assign(places)
        for place, end in (await self._consumer.end_offsets(places)).items():
            self._consumer.seek(place, end)

    async def run(self) -> None:
        """Read until cancelled; while Kafka is away, wait for it."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._balances.run(), name="user-balances")
            group.create_task(self._read(), name="user-feed")

    async def _read(self) -> None:
        while True:
            try:
                polled = await self._consumer.getmany(timeout_ms=POLL_MS)
            except KafkaError as error:
                log.warning("user_feed.kafka_away", error=repr(error))
                await asyncio.sleep(FAILURE_PAUSE_S)
                continue
            for place, records in polled.items():
                if place.topic == USER_EVENTS:
                    self._take(place, records, self._take_event)
                elif self._balances.wanted():
                    self._take(place, records, self._take_transfer)

    def _take(
        self, place: TopicPartition, records: Sequence[Record], take: Callable[[Record], None]
    ) -> None:
        for record in records:
            try:
                take(record)
            except MalformedMessage as error:
                log.error("user_feed.unreadable", place=str(place), error=str(error))
                self._lose(place, record)

    def _lose(self, place: TopicPartition, record: Record) -> None:
        """An event's key names its user; a transfer's names one of those whose money moved, so
        that it may have been anybody's."""
        user_id = _user_of(record) if place.topic == USER_EVENTS else None
        everybody = [name for name in self._hub.names() if is_user_channel(name)]
        for channel in everybody if user_id is None else [user_channel(user_id)]:
            self._hub.lose(channel)

    def _take_event(self, record: Record) -> None:
        """The key says whose it is, so that nobody's events are not even read."""
        user_id = _user_of(record)
        if user_id is None:
            raise MalformedMessage(f"the key {record.key!r} names no user")
        channel = user_channel(user_id)
        if not self._hub.wanted(channel):
            return
        event: UserEvent = decode(record.value or b"", UserEvent)
        if self._is_new(event):
            self._hub.publish(channel, user_event(event, self._clock_ms()))

    def _take_transfer(self, record: Record) -> None:
        transfer: TransferRecorded = decode(record.value or b"", TransferRecorded)
        self._balances.take(transfer)

    def _is_new(self, event: UserEvent) -> bool:
        """False for what was told before: by its number for an order, by its end for a list."""
        if isinstance(event, OrderReported):
            key, number = ("order", event.order_id), event.sequence
        else:
            key, number = ("list", event.list_id), int(event.status is ListStatus.ALL_DONE) + 1
        if self._told.get(key, 0) >= number:
            return False
        self._told.pop(key, None)
        self._told[key] = number  # the newest last
        if len(self._told) > REMEMBERED:
            del self._told[next(iter(self._told))]
        return True


def _user_of(record: Record) -> int | None:
    try:
        return int(record.key or b"")
    except ValueError:
        return None
