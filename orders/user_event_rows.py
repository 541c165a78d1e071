"""The order rows that reports to users need, read where they were just brought up to date."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.matching import OrderBatch
from contracts.order_views import OrderView
from orders.rows import order_view
from orders.tables import OrderListRow, OrderRow
from orders.user_events import Rows, reported

_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]
_lists: Final = OrderListRow.__table__  # type: ignore[attr-defined]


async def read_rows(connection: AsyncConnection, batches: Sequence[OrderBatch]) -> Rows:
    """The rows of the orders that these batches report on, with the other legs of their lists."""
    rows = await _by_id(connection, {e.order_id for e in reported(batches)})
    lists = {row.list_id for row in rows.values() if row.list_id}
    if not lists:
        return rows
    legs = await connection.execute(
        select(_lists.c.first_leg_id, _lists.c.second_leg_id).where(_lists.c.list_id.in_(lists))
    )
    others: set[int] = {order_id for pair in legs for order_id in _pair(pair)} - rows.keys()
    return {**rows, **await _by_id(connection, others)}


async def _by_id(connection: AsyncConnection, order_ids: set[int]) -> dict[int, OrderView]:
    if not order_ids:
        return {}
    found = await connection.execute(select(_orders).where(_orders.c.order_id.in_(order_ids)))
    return {row["order_id"]: order_view(row) for row in found.mappings()}


def _pair(row: Row[tuple[int, int]]) -> tuple[int, int]:
    return row.first_leg_id, row.second_leg_id
