"""The outbox: events written in the transaction of the change, published afterwards.

Rows are published in the order of their ids, then deleted, so an event goes out at least once
and never without its change. One publisher works at a time: it holds the rows it publishes.
"""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.mysql import in_transaction

BATCH: Final = 200
IDLE_PAUSE_S: Final = 0.5  # between looks where nobody says that there is something
GATHERING_S: Final = 0.05  # between looks where somebody does: one look for a burst of commits
FAILURE_PAUSE_S: Final = 1.0

log = structlog.get_logger()


def outbox_table(metadata: MetaData) -> Table:
    """The `outbox` table of one database."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("topic", String(64), nullable=False),
        Column("message_key", String(64), nullable=False),
        Column("payload", LargeBinary(1 << 20), nullable=False),
    )


async def enqueue(
    connection: AsyncConnection, table: Table, events: list[tuple[str, str, bytes]]
) -> None:
    """Write (topic, key, payload) rows in the caller's transaction."""
    if events:
        await connection.execute(
            insert(table),
            [{"topic": t, "message_key": k, "payload": p} for t, k, p in events],
        )


def nobody_waits() -> None:
    """What to call after a commit where no publisher is to be woken."""


class OutboxPublisher:
    """Moves rows of one outbox to Kafka, for as long as it runs."""

    def __init__(self, engine: AsyncEngine, table: Table, producer: AIOKafkaProducer) -> None:
        self._engine = engine
        self._table = table
        self._producer = producer
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Rows have been committed: look for them soon, not only when the pause is over."""
        self._woken.set()

    async def run(self) -> None:
        """Publish until cancelled. Database and broker may go away and come back."""
        while True:
            self._woken.clear()
            try:
                moved = await in_transaction(self._engine, self.publish_batch)
            except (SQLAlchemyError, KafkaError, OSError) as error:
                log.warning("outbox.waiting", error=repr(error))
                await asyncio.sleep(FAILURE_PAUSE_S)
                continue
            if moved < BATCH:
                await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(GATHERING_S)
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_PAUSE_S - GATHERING_S):
                await self._woken.wait()

    async def publish_batch(self, connection: AsyncConnection) -> int:
        """Publish and delete at most one batch; returns how many rows went out."""
        rows = (
            await connection.execute(
                select(self._table).order_by(self._table.c.id).limit(BATCH).with_for_update()
            )
        ).all()
        if not rows:
            return 0
        acknowledged = [
            await self._producer.send(row.topic, row.payload, key=row.message_key.encode())
            for row in rows
        ]
        await asyncio.gather(*acknowledged)
        await connection.execute(
            delete(self._table).where(self._table.c.id.in_([row.id for row in rows]))
        )
        return len(rows)
