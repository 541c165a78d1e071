"""The relay: reads `orders.events`, keeps order rows current, tells sagas and users of changes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from adapters import health, kafka, lifecycle, mysql, temporal
from config.logs import configure_logging
from config.markets import load_markets
from config.settings import Settings
from contracts import topology
from contracts.instruments import Instrument, money_partitions
from contracts.matching import HaltMarket, OrderBatch
from contracts.message import decode, encode
from contracts.orders import OrderState
from contracts.user_events import UserEvent
from orders.event_offsets import offsets
from orders.relay import Relay

POLL_MS: Final = 200
RETRY_PAUSE_S: Final = 0.5

log = structlog.get_logger()


class SagaSignals:
    """Signals workflows, and goes on trying while Temporal is away."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def __call__(self, workflow_id: str, state: OrderState) -> None:
        """Tell one saga; one that has ended needs no telling."""
        while True:
            try:
                await self._client.get_workflow_handle(workflow_id).signal("engine_reported", state)
                return
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    return
                log.warning("relay.waiting_for_temporal", error=str(error))
                await asyncio.sleep(RETRY_PAUSE_S)


class Halts:
    """Puts halts into the engine's log, and goes on trying while Kafka is away."""

    def __init__(self, producer: AIOKafkaProducer, markets: dict[str, Instrument]) -> None:
        self._producer = producer
        self._markets = markets

    async def __call__(self, command: HaltMarket) -> None:
        while True:
            try:
                await self._producer.send_and_wait(
                    topology.ORDERS_INCOMING,
                    encode(command),
                    key=command.symbol.encode(),
                    partition=self._markets[command.symbol].partition,
                )
            except KafkaError as error:
                log.warning("relay.waiting_for_kafka", error=repr(error))
                await asyncio.sleep(RETRY_PAUSE_S)
            else:
                log.critical("relay.market_halted", symbol=command.symbol, reason=command.reason)
                return


class UserEvents:
    """Publishes what users are told, and goes on trying while Kafka is away."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def __call__(self, events: Sequence[UserEvent]) -> None:
        while events:
            try:
                sent = [
                    await self._producer.send(
                        topology.USER_EVENTS, encode(event), key=str(event.user_id).encode()
                    )
                    for event in events
                ]
                await asyncio.gather(*sent)
            except KafkaError as error:  # all of them again: a report may come twice
                log.warning("relay.waiting_for_kafka", error=repr(error))
                await asyncio.sleep(RETRY_PAUSE_S)
            else:
                return


async def consume(consumer: AIOKafkaConsumer, relay: Relay) -> None:
    """Take records in order, for ever; a database that is away is waited for."""
    while True:
        records = await consumer.getmany(timeout_ms=POLL_MS)
        for partition, messages in records.items():
            batches: list[OrderBatch] = [decode(m.value, OrderBatch) for m in messages]
            first, following = messages[0].offset, messages[-1].offset + 1
            await _until_done(partial(relay.take, partition.partition, first, following, batches))
        await _until_done(relay.tell_unanswered)
        await _commit(consumer, relay, list(records))


async def _until_done(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except (SQLAlchemyError, OSError) as error:
            log.warning("relay.waiting_for_database", error=repr(error))
            await asyncio.sleep(RETRY_PAUSE_S)
        else:
            return


async def _commit(
    consumer: AIOKafkaConsumer, relay: Relay, partitions: list[TopicPartition]
) -> None:
    """Commit after signalling. A lost commit only repeats signals, which count once."""
    if not partitions:
        return
    try:
        await consumer.commit(
            {p: relay.safe_offset(p.partition, await consumer.position(p)) for p in partitions}
        )
    except KafkaError as error:
        log.warning("relay.commit_failed", error=repr(error))


async def main() -> None:
    settings = Settings()
    configure_logging("relay", settings.log_level)
    stop = lifecycle.stop_event()
    markets = load_markets(bench=True)

    login = mysql.require_login(settings.mysql.orders, "orders")
    engine = mysql.create_engine(settings.mysql, login, topology.ORDERS_DATABASE)
    client = await temporal.connect(settings.temporal)
    consumer = await kafka.create_consumer(settings.kafka, group=topology.RELAY_GROUP)
    producer = await kafka.create_producer(settings.kafka)

    partitions = [TopicPartition(topology.ORDERS_EVENTS, p) for p in money_partitions(markets)]
    consumer.assign(partitions)
    async with engine.connect() as connection:
        projected = await offsets(connection, topology.ORDERS_EVENTS)
    for partition in partitions:
        signalled = await consumer.committed(partition) or 0
        consumer.seek(partition, min(signalled, projected.get(partition.partition, 0)))

    async def database() -> None:
        async with engine.connect() as connection:
            await offsets(connection, topology.ORDERS_EVENTS)

    relay = Relay(
        engine, markets, SagaSignals(client), Halts(producer, markets), UserEvents(producer)
    )
    checks = {"mysql": database}
    server = health.HealthServer(settings.health_port, checks, host=settings.health_host)
    log.info("relay.started")
    try:
        await lifecycle.run_until_stopped(
            stop, {"health": server.run(), "relay": consume(consumer, relay)}
        )
    finally:
        await producer.stop()
        await consumer.stop()
        await engine.dispose()


if __name__ == "__main__":
    lifecycle.run(main())
