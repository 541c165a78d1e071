"""An engine that computes something else on the same log: the market is halted through the log."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.kafka import create_consumer, create_producer
from config.markets import load_markets
from config.settings import Settings
from contracts.matching import AddSymbol, EngineCommand, HaltMarket, OrderFilled, content_hash
from contracts.message import decode, encode
from contracts.orders import OrderState
from contracts.repetitions import contradiction_halt
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING, PARTITIONS
from matching.engine import Engine
from matching.outcome import Outcome
from matching.output import encode_batches, order_entry
from orders.relay import Relay
from tests.support.engine_commands import buy, sell
from tests.support.waits import ended
from workers.provision import market_commands
from workers.relay import Halts, UserEvents, consume

pytestmark = [pytest.mark.mysql, pytest.mark.kafka]

MARKETS = load_markets()
BTCUSDT = MARKETS["BTCUSDT"]
PLACE = TopicPartition(ORDERS_INCOMING, BTCUSDT.partition)


class DriftingEngine(Engine):
    """Counts a commission that is too high by the smallest unit: as a float would have it."""

    __slots__ = ()

    def apply(self, command: EngineCommand, offset: int, at_ms: int) -> Outcome:
        outcome = super().apply(command, offset, at_ms)
        events = tuple(
            replace(e, commission_e8=e.commission_e8 + 1) if isinstance(e, OrderFilled) else e
            for e in outcome.events
        )
        return outcome._replace(events=events)


@pytest.fixture
async def producer(topics: Settings) -> AsyncIterator[AIOKafkaProducer]:
    made = await create_producer(topics.kafka)
    yield made
    await made.stop()


@pytest.fixture
async def events(topics: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    """Reads what the engines say from here on."""
    made = await create_consumer(topics.kafka, group="contradictions")
    places = [TopicPartition(ORDERS_EVENTS, number) for number in range(PARTITIONS)]
    made.assign(places)
    for place, end in (await made.end_offsets(places)).items():
        made.seek(place, end)
    yield made
    await made.stop()


async def say(producer: AIOKafkaProducer, engine: Engine, commands: list[EngineCommand]) -> None:
    """Let an engine publish what it makes of the commands."""
    entries = [
        order_entry(engine.apply(command, offset, 1_750_000_000_000 + offset))
        for offset, command in enumerate(commands)
    ]
    for message in encode_batches(ORDERS_EVENTS, BTCUSDT.partition, list(entries)):
        await producer.send_and_wait(ORDERS_EVENTS, message, partition=BTCUSDT.partition)


async def test_the_second_version_halts_the_market_and_changes_nothing(
    topics: Settings,
    orders_engine: AsyncEngine,
    producer: AIOKafkaProducer,
    events: AIOKafkaConsumer,
) -> None:
    log = await create_consumer(topics.kafka)
    log.assign([PLACE])
    log.seek(PLACE, (await log.end_offsets([PLACE]))[PLACE])
    told: list[OrderState] = []

    async def tell(workflow_id: str, state: OrderState) -> None:
        told.append(state)

    opening: AddSymbol = market_commands(BTCUSDT)[0]
    commands = [opening, sell(10**9 + 1, 10_000, 50), buy(10**9 + 2, 10_000, 50)]
    relay = Relay(orders_engine, MARKETS, tell, Halts(producer, MARKETS), UserEvents(producer))
    relaying = asyncio.create_task(consume(events, relay))
    try:
        await say(producer, Engine(), commands)
        await say(producer, Engine(), commands)  # the same again is nothing
        await say(producer, DriftingEngine(), commands)
        async with asyncio.timeout(30):
            record = await log.getone()
    finally:
        await ended(relaying)
        await log.stop()

    halt: EngineCommand = decode(record.value, EngineCommand)
    assert isinstance(halt, HaltMarket)
    assert halt == contradiction_halt(ORDERS_EVENTS, BTCUSDT.partition, 2, "BTCUSDT")
    assert told == []  # nobody has these orders


def test_the_drift_of_this_test_is_one_that_only_the_hash_shows() -> None:
    honest, drifting = Engine(), DriftingEngine()
    for offset, command in enumerate(
        [market_commands(BTCUSDT)[0], sell(1, 100, 5), buy(2, 100, 5)]
    ):
        one, other = honest.apply(command, offset, offset), drifting.apply(command, offset, offset)
    assert len(encode(one.events)) == len(encode(other.events))
    assert content_hash(one.events) != content_hash(other.events)
