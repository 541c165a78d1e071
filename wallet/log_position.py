"""SQL of settlement's own rows: how far it has come, and which trades were set aside."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.topology import TRADES_EXECUTED
from wallet.errors import OffsetMoved
from wallet.repository import utc
from wallet.tables import consumer_offset, parked_trade
from wallet.trade_log import LogBatch, ParkedItem

REASON_LENGTH: Final = 500


async def create_positions(connection: AsyncConnection, partitions: Iterable[int]) -> None:
    """Make the rows that are missing; settlement begins at the first record ever."""
    rows = [{"topic": TRADES_EXECUTED, "partition": p, "next_offset": 0} for p in partitions]
    await connection.execute(
        insert(consumer_offset).on_duplicate_key_update(topic=consumer_offset.c.topic), rows
    )


async def read_positions(connection: AsyncConnection) -> dict[int, int]:
    """Partition → the offset of the first message that is not settled."""
    rows = await connection.execute(
        select(consumer_offset.c.partition, consumer_offset.c.next_offset).where(
            consumer_offset.c.topic == TRADES_EXECUTED
        )
    )
    return {row.partition: row.next_offset for row in rows}


async def lock_position(connection: AsyncConnection, batch: LogBatch) -> None:
    """First statement of a settlement: whoever is not exactly here settles nothing.

    Raises:
        OffsetMoved: another settlement has moved it since this batch was fetched.
    """
    found = await connection.scalar(
        select(consumer_offset.c.next_offset)
        .where(
            consumer_offset.c.topic == TRADES_EXECUTED,
            consumer_offset.c.partition == batch.partition,
        )
        .with_for_update()
    )
    if found != batch.start_offset:
        raise OffsetMoved(f"partition {batch.partition}: at {found}, not {batch.start_offset}")


async def move_position(connection: AsyncConnection, batch: LogBatch) -> None:
    """Past the batch, in the transaction of its postings."""
    await connection.execute(
        update(consumer_offset)
        .where(
            consumer_offset.c.topic == TRADES_EXECUTED,
            consumer_offset.c.partition == batch.partition,
        )
        .values(next_offset=batch.next_offset)
    )


async def park(
    connection: AsyncConnection, partition: int, items: Sequence[ParkedItem], now_ms: int
) -> None:
    """Set items aside; one that is there already stays as it is."""
    if items:
        await connection.execute(
            insert(parked_trade).on_duplicate_key_update(symbol=parked_trade.c.symbol),
            [
                {
                    "symbol": item.symbol,
                    "reference_id": item.reference_id,
                    "content_hash": item.content_hash,
                    "log_partition": partition,
                    "log_offset": item.offset,
                    "payload": item.payload,
                    "reason": item.reason[:REASON_LENGTH],
                    "halt_sent": False,
                    "created_at": utc(now_ms),
                }
                for item in items
            ],
        )


async def halts_due(connection: AsyncConnection) -> list[tuple[int, str, str, str]]:
    """(id, symbol, content hash, reason) of what was parked and has halted nothing yet."""
    table = parked_trade.c
    rows = await connection.execute(
        select(table.parked_id, table.symbol, table.content_hash, table.reason)
        .where(table.halt_sent.is_(False))
        .order_by(table.parked_id)
    )
    return [(row.parked_id, row.symbol, row.content_hash, row.reason) for row in rows]


async def mark_halted(connection: AsyncConnection, parked_ids: Sequence[int]) -> None:
    """The engine's log has the halts of these."""
    await connection.execute(
        update(parked_trade).where(parked_trade.c.parked_id.in_(parked_ids)).values(halt_sent=True)
    )
