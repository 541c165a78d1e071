"""The relay and `user.events` on real servers: after the rows, in order, and nothing lost."""

from collections.abc import AsyncIterator, Sequence

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.kafka import create_consumer, create_producer
from config.markets import load_markets
from config.settings import Settings
from contracts.message import decode
from contracts.orders import ExpiryReason, OrderState, OrderStatus, Side
from contracts.topology import PARTITIONS, USER_EVENTS
from contracts.user_events import ListReported, ListStatus, OrderReported, UserEvent
from orders.relay import Relay
from orders.service import OrderService
from tests.support.engine_events import PARTITION, accepted, batch, cancelled, expired, filled
from tests.support.orders import place_list, place_order
from tests.support.relays import no_halt
from workers.relay import UserEvents

pytestmark = [pytest.mark.mysql, pytest.mark.kafka]

MARKETS = load_markets()
TOLD_WITHIN_MS = 10_000


async def no_saga(_: str, __: OrderState) -> None:
    """Nobody's saga waits here."""


@pytest.fixture
async def producer(topics: Settings) -> AsyncIterator[AIOKafkaProducer]:
    made = await create_producer(topics.kafka)
    yield made
    await made.stop()


@pytest.fixture
async def log(topics: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    """What users are told from here on."""
    made = await create_consumer(topics.kafka)
    places = [TopicPartition(USER_EVENTS, number) for number in range(PARTITIONS)]
    made.assign(places)
    for place, end in (await made.end_offsets(places)).items():
        made.seek(place, end)
    yield made
    await made.stop()


async def told(log: AIOKafkaConsumer, number: int) -> list[tuple[bytes | None, UserEvent]]:
    """The next `number` events with their keys."""
    found: list[tuple[bytes | None, UserEvent]] = []
    while len(found) < number:
        polled = await log.getmany(timeout_ms=TOLD_WITHIN_MS)
        assert polled, f"{len(found)} of {number} events came"
        found += [(r.key, decode(r.value, UserEvent)) for rs in polled.values() for r in rs]
    return found


def changes(events: Sequence[tuple[bytes | None, UserEvent]], order_id: int) -> list[int]:
    return [
        e.sequence for _, e in events if isinstance(e, OrderReported) and e.order_id == order_id
    ]


async def test_both_sides_are_told_in_order_under_their_own_key(
    service: OrderService,
    orders_engine: AsyncEngine,
    producer: AIOKafkaProducer,
    log: AIOKafkaConsumer,
) -> None:
    maker, taker = place_order(user_id=1001, side=Side.SELL), place_order(user_id=1002)
    for order in (maker, taker):
        await service.register(order)
    relay = Relay(orders_engine, MARKETS, no_saga, no_halt, UserEvents(producer))
    met = (
        accepted(taker),
        filled(taker, 2, 1, 40_000, 40_000),
        filled(maker, 2, 1, 40_000, 40_000, caused_by=taker.order_id),
    )

    await relay.take(PARTITION, 0, 3, [batch((accepted(maker),), met, (cancelled(maker, 3),))])

    events = await told(log, 5)
    assert changes(events, maker.order_id) == [1, 2, 3]
    assert changes(events, taker.order_id) == [1, 2]
    assert {(key, e.user_id) for key, e in events} == {(b"1001", 1001), (b"1002", 1002)}


async def test_what_a_dead_relay_had_not_told_is_told_by_the_next_one(
    service: OrderService,
    orders_engine: AsyncEngine,
    producer: AIOKafkaProducer,
    log: AIOKafkaConsumer,
) -> None:
    order = place_order()
    await service.register(order)
    records = [batch((accepted(order),)), batch((cancelled(order, 2),), first_offset=1)]

    async def dies(_: Sequence[UserEvent]) -> None:
        raise ConnectionAbortedError

    with pytest.raises(ExceptionGroup):
        await Relay(orders_engine, MARKETS, no_saga, no_halt, dies).take(PARTITION, 0, 1, records)
    async with orders_engine.connect() as connection:
        status = await connection.scalar(text("SELECT status FROM orders"))
    assert status == OrderStatus.CANCELLED  # the rows were committed, nobody was told

    for _ in range(2):  # the second dies before it commits its place: all comes again
        relay = Relay(orders_engine, MARKETS, no_saga, no_halt, UserEvents(producer))
        await relay.take(PARTITION, 0, 1, records)

    assert changes(await told(log, 4), order.order_id) == [1, 2, 1, 2]


async def test_the_end_of_a_list_is_found_though_its_first_leg_ended_long_before(
    service: OrderService,
    orders_engine: AsyncEngine,
    producer: AIOKafkaProducer,
    log: AIOKafkaConsumer,
) -> None:
    orders = place_list()
    await service.register_list(orders)
    limit, stop = orders.legs
    relay = Relay(orders_engine, MARKETS, no_saga, no_halt, UserEvents(producer))
    part = (
        filled(limit, 2, 1, 40_000, 40_000, caused_by=1),
        expired(stop, 2, ExpiryReason.OCO_TRIGGER, caused_by=1),
    )

    await relay.take(PARTITION, 0, 1, [batch((accepted(limit), accepted(stop)), part)])
    rest = filled(limit, 3, 2, 60_000, 100_000, caused_by=1)
    await relay.take(PARTITION, 1, 2, [batch((rest,), first_offset=2)])

    lists = [e for _, e in await told(log, 7) if isinstance(e, ListReported)]
    assert [e.status for e in lists] == [ListStatus.EXECUTING, ListStatus.ALL_DONE]
    assert {leg.order_id for leg in lists[-1].orders} == {limit.order_id, stop.order_id}
