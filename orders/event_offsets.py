"""How far each partition of a topic has been applied: advanced in the transaction that applies."""

from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from orders.tables import EventOffset

_offsets: Final = EventOffset.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_HERE: Final = (
    _offsets.c.topic == bindparam("this_topic"),
    _offsets.c.partition_id == bindparam("this_partition"),
)
_LOCK: Final = select(_offsets.c.next_offset).where(*_HERE).with_for_update()
_CREATE: Final = mysql_insert(_offsets).prefix_with("IGNORE")
_ADVANCE: Final = update(_offsets).where(*_HERE).values(next_offset=bindparam("reached"))


async def lock_offset(connection: AsyncConnection, topic: str, partition: int) -> int:
    """The next record to apply, locked: a second reader waits, then finds itself behind."""
    here = {"this_topic": topic, "this_partition": partition}
    reached = await connection.scalar(_LOCK, here)
    if reached is not None:
        return int(reached)
    new = {"topic": topic, "partition_id": partition, "next_offset": 0}
    await connection.execute(_CREATE, new)
    return 0


async def advance_offset(
    connection: AsyncConnection, topic: str, partition: int, next_offset: int
) -> None:
    """Everything before `next_offset` is applied once this transaction commits."""
    here = {"this_topic": topic, "this_partition": partition, "reached": next_offset}
    await connection.execute(_ADVANCE, here)


async def offsets(connection: AsyncConnection, topic: str) -> dict[int, int]:
    """Partition → next record to apply."""
    rows = await connection.execute(
        select(_offsets.c.partition_id, _offsets.c.next_offset).where(_offsets.c.topic == topic)
    )
    return {row.partition_id: row.next_offset for row in rows}
