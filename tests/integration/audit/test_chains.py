"""The hash chains in MongoDB: across restarts, redelivery and two writers; and who tampers."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import BulkWriteError

from adapters import mongo
from audit.chain import Break, Head
from audit.document import AuditLog
from audit.line import Actor, AuditLine, Metadata, Outcome, Resource
from audit.store import TrailWriter, head_of, open_trail
from audit.verification import verify_page, without_hash
from config.settings import Settings

pytestmark = [pytest.mark.mongo, pytest.mark.usefixtures("client")]

ORDERS, LOGINS = "orders.events:3", "identity.events:0"


@pytest.fixture
async def client(mongo_settings: Settings) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    """An empty collection with its indexes."""
    made = mongo.connect(mongo_settings.mongo)
    try:
        await open_trail(made, mongo_settings.mongo.database)
        await AuditLog.get_pymongo_collection().delete_many({})
        yield made
    finally:
        await made.close()


def lines(source: str, *offsets: int) -> list[AuditLine]:
    return [
        AuditLine(
            id=f"{source}:{offset}:0",
            timestamp=datetime(2027, 1, 15, 8, 0, 0, 123_456, tzinfo=UTC),
            actor=Actor(user_id="7"),
            action="ORDER_ACCEPTED",
            resource=Resource(type="ORDER", id="41"),
            payload={"quantity": "0.50000000", "order_id": 2**53 + offset, "none": None},
            outcome=Outcome.SUCCESS,
            metadata=Metadata(latency_ms=3, node_id=source.replace(":", "-")),
        )
        for offset in offsets
    ]


async def verified(limit: int = 3) -> tuple[int, dict[str, int], Break | None]:
    """Records, each chain's length, and the first break: what a client does with the pages."""
    records, ended, after = 0, {}, None
    while True:
        page = await verify_page(after, limit)
        records += page.records
        if page.ended is not None:
            ended[page.ended.source] = page.ended.position
        if page.broken is not None or page.next is None:
            return records, ended, page.broken
        after = page.next


async def test_an_empty_trail_is_intact() -> None:
    assert await verified() == (0, {}, None)


async def test_each_source_has_a_chain_of_its_own() -> None:
    await TrailWriter().append([*lines(ORDERS, 8, 9, 10, 11), *lines(LOGINS, 1, 2, 3)])
    assert await verified() == (7, {ORDERS: 4, LOGINS: 3}, None)
    assert await verified(limit=100) == (7, {ORDERS: 4, LOGINS: 3}, None)


async def test_a_restarted_worker_goes_on_at_the_head_and_writes_nothing_twice() -> None:
    await TrailWriter().append(lines(ORDERS, 8, 9))
    writer = TrailWriter()
    await writer.append(lines(ORDERS, 8, 9, 10))
    await writer.append(lines(ORDERS, 9, 10, 11))
    await writer.append(lines(ORDERS, 8))
    assert await verified() == (4, {ORDERS: 4}, None)


async def test_two_writers_cannot_fork_a_chain() -> None:
    """A worker that was thought dead holds an old head: it is refused, and learns."""
    old, new = TrailWriter(), TrailWriter()
    await old.append(lines(ORDERS, 8))
    await new.append(lines(ORDERS, 8, 9))
    with pytest.raises(BulkWriteError):
        await old.append(lines(ORDERS, 10))
    await old.append(lines(ORDERS, 9, 10))
    assert await verified() == (3, {ORDERS: 3}, None)
    assert (await head_of(ORDERS)).position == 3


async def test_the_chain_begins_after_documents_from_before_it() -> None:
    trail = AuditLog.get_pymongo_collection()
    await trail.insert_many([line.as_stored() for line in lines(ORDERS, 1, 2, 3)])
    await TrailWriter().append(lines(ORDERS, 2, 3, 4, 5))
    assert await verified() == (2, {ORDERS: 2}, None)
    assert await without_hash() == 3


@pytest.mark.parametrize(
    ("change", "position", "what"),
    [
        ({"$set": {"actor.user_id": "8"}}, 2, "hash"),
        ({"$set": {"comment": "fine"}}, 2, "hash"),
        ({"$unset": {"payload": ""}}, 2, "hash"),
        ({"$set": {"hash": "0" * 64}}, 2, "hash"),
        ({"$set": {"position": 9}}, 2, "position"),
        ({"$set": {"source": LOGINS}}, 2, "position"),
        (None, 2, "position"),
    ],
    ids=["changed", "added", "taken out", "hash", "moved", "other chain", "removed"],
)
async def test_who_tampers_is_found(
    change: dict[str, Any] | None, position: int, what: str
) -> None:
    await TrailWriter().append(lines(ORDERS, 8, 9, 10))
    trail, victim = AuditLog.get_pymongo_collection(), {"_id": f"{ORDERS}:9:0"}
    await (trail.delete_one(victim) if change is None else trail.update_one(victim, change))
    after: Head | None = Head.before(ORDERS)
    broken = (await verify_page(after, 100)).broken
    assert broken is not None
    assert (broken.source, broken.position, broken.what) == (ORDERS, position, what)
    assert (await verified())[2] is not None
