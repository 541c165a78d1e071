"""From topics to documents: once each, also when read twice, also across an outage."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

import api.audit_trail
from adapters import mongo
from adapters.kafka import create_consumer, create_producer
from audit import queries
from audit.document import AuditLog
from audit.recorder import Record, lines
from audit.store import TrailWriter, open_trail
from audit.trail import AuditTrail
from config.settings import Settings
from contracts.amounts import ZERO
from contracts.identity import LoginFailed
from contracts.message import encode
from contracts.orders import OrderFinalized, OrderStatus, Refusal
from contracts.topology import AUDIT_GROUP, IDENTITY_EVENTS, ORDERS_AUDIT
from tests.support.waits import ended

pytestmark = [pytest.mark.kafka, pytest.mark.mongo]

DEADLINE_S = 30
NOW = datetime.now(UTC)
NOW_MS = int(NOW.timestamp() * 1000)
HOUR = timedelta(hours=1)
CHAIN = {"source", "position", "previous", "hash"}


@pytest.fixture
async def trail(mongo_settings: Settings) -> AsyncIterator[None]:
    """An empty collection with its indexes."""
    client = mongo.connect(mongo_settings.mongo)
    try:
        await open_trail(client, mongo_settings.mongo.database)
        await AuditLog.get_pymongo_collection().delete_many({})
        yield
    finally:
        await client.close()


@pytest.fixture
async def producer(topics: Settings) -> AsyncIterator[AIOKafkaProducer]:
    made = await create_producer(topics.kafka)
    yield made
    await made.stop()


def failed_login(user_id: int) -> bytes:
    return encode(
        LoginFailed(
            message_id=uuid4(), user_id=user_id, username="ada", at_ms=NOW_MS, ip="192.0.2.1"
        )
    )


def rejected(symbol: str) -> bytes:
    return encode(
        OrderFinalized(
            message_id=uuid4(),
            order_id=41,
            user_id=7,
            symbol=symbol,
            status=OrderStatus.REJECTED,
            filled_quantity=ZERO,
            filled_quote=ZERO,
            refusal=Refusal.INSUFFICIENT_FUNDS,
            at_ms=NOW_MS,
            correlation_id="c",
        )
    )


async def test_the_same_lines_again_change_nothing(trail: None) -> None:
    first = lines(Record(IDENTITY_EVENTS, 0, 1, failed_login(7)), NOW_MS)
    second = lines(Record(IDENTITY_EVENTS, 0, 2, failed_login(7)), NOW_MS)
    writer = TrailWriter()
    await writer.append(first)
    await writer.append([*first, *second])
    await writer.append([*first, *second])
    assert await AuditLog.count() == 2
    stored = await AuditLog.get("identity.events:0:1:0")
    assert stored is not None
    assert stored.model_dump(exclude={"timestamp", *CHAIN}) == {
        **first[0].model_dump(exclude={"timestamp"})
    }


async def test_compliance_finds_a_users_actions_and_a_symbols_failures(trail: None) -> None:
    await TrailWriter().append(
        [
            *lines(Record(IDENTITY_EVENTS, 0, 1, failed_login(7)), NOW_MS),
            *lines(Record(IDENTITY_EVENTS, 0, 2, failed_login(8)), NOW_MS),
            *lines(Record(ORDERS_AUDIT, 0, 1, rejected("BTCUSDT")), NOW_MS),
            *lines(Record(ORDERS_AUDIT, 0, 2, rejected("ETHUSDT")), NOW_MS),
        ]
    )
    of_user = await queries.actions_of(7, NOW - HOUR, NOW + HOUR)
    assert sorted(line.action for line in of_user) == [
        "LOGIN_FAILED",
        "ORDER_FINALIZED",
        "ORDER_FINALIZED",
    ]
    assert await queries.actions_of(7, NOW + HOUR, NOW + 2 * HOUR) == []
    failed = await queries.failures_in("BTCUSDT", NOW - HOUR, NOW + HOUR)
    assert [line.id for line in failed] == ["orders.audit:0:1:0"]
    assert len(await queries.actions_of(7, NOW - HOUR, NOW + HOUR, limit=1)) == 1


async def test_what_is_published_is_recorded_once_across_a_restart(
    trail: None, topics: Settings, producer: AIOKafkaProducer
) -> None:
    for round_number in (1, 2):
        for user_id in range(1, 21):
            await producer.send_and_wait(
                IDENTITY_EVENTS, failed_login(user_id), key=str(user_id).encode()
            )
        consumer = await create_consumer(topics.kafka, group=AUDIT_GROUP, large_fetches=True)
        running = asyncio.create_task(AuditTrail(consumer).run())
        try:
            async with asyncio.timeout(DEADLINE_S):
                while await recorded_logins() < 20 * round_number:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        finally:
            await ended(running)
            await consumer.stop()
    assert await recorded_logins() == 40


async def recorded_logins() -> int:
    """The other audited topics may hold what other tests have published."""
    return await AuditLog.find(AuditLog.action == "LOGIN_FAILED").count()


async def test_the_gateway_reads_and_makes_nothing(mongo_settings: Settings) -> None:
    client = mongo.connect(mongo_settings.mongo)
    database = client[mongo_settings.mongo.database]
    try:
        await database.drop_collection("audit_logs")
        reader = api.audit_trail.AuditTrail(client, database.name)
        assert await reader.actions_of(7, 0, NOW_MS + 1, skip=0, limit=10) == []
        assert await database.list_collection_names() == []
        await open_trail(client, database.name)
        indexes = await database["audit_logs"].index_information()
        assert [("actor.user_id", 1), ("timestamp", 1)] in [i["key"] for i in indexes.values()]
    finally:
        await client.close()
