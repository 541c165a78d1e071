"""All SQL that writes `tradeflow_orders`. Callers bring the transaction."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.orders import Fill, FinalizeOrder, OrderState, OrderStatus, PlaceOrder, Side
from orders.tables import EventOffset, FillRow, OrderRow, OrderStatistics

_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]
_fills: Final = FillRow.__table__  # type: ignore[attr-defined]
_statistics: Final = OrderStatistics.__table__  # type: ignore[attr-defined]
_offsets: Final = EventOffset.__table__  # type: ignore[attr-defined]


async def newest_of_client_id(
    connection: AsyncConnection, user_id: int, client_order_id: str
) -> OrderRow | None:
    """The last use of a client order id, locked until the transaction ends."""
    row = (
        await connection.execute(
            select(_orders)
            .where(_orders.c.user_id == user_id, _orders.c.client_order_id == client_order_id)
            .order_by(_orders.c.reuse.desc())
            .limit(1)
            .with_for_update()
        )
    ).first()
    return None if row is None else OrderRow.model_validate(row._mapping)


async def insert_order(connection: AsyncConnection, order: PlaceOrder, reuse: int) -> None:
    """Insert the row of a new order. IntegrityError where the same use exists already."""
    await connection.execute(
        insert(_orders).values(
            order_id=order.order_id,
            user_id=order.user_id,
            client_order_id=order.client_order_id,
            reuse=reuse,
            body_hash=order.body_hash,
            symbol=order.symbol,
            side=order.side,
            order_type=order.order_type,
            time_in_force=order.time_in_force,
            price=order.price,
            quantity=order.quantity,
            filled_quantity=0,
            filled_quote=0,
            commission=0,
            status=OrderStatus.PENDING_VALIDATION,
            engine_sequence=0,
            answered=False,
            finalized=False,
            accepted_at_ms=order.accepted_at_ms,
            updated_at_ms=order.accepted_at_ms,
            correlation_id=order.correlation_id,
        )
    )


async def apply_state(
    connection: AsyncConnection, state: OrderState, *, answered: bool = False
) -> None:
    """Bring an order's row up to a state, unless it knows a newer one.

    `answered` is set whether or not the state is news: the saga has it either way.
    """
    heard = {"answered": True} if answered else {}
    this = _orders.c.order_id == state.order_id
    applied = await connection.execute(
        update(_orders)
        .where(this, _orders.c.engine_sequence < state.sequence)
        .values(
            status=state.status,
            filled_quantity=state.filled_quantity,
            filled_quote=state.filled_quote,
            commission=state.commission,
            engine_sequence=state.sequence,
            updated_at_ms=state.at_ms,
            working_at_ms=func.coalesce(_orders.c.working_at_ms, state.at_ms),
            **heard,
        )
    )
    if answered and applied.rowcount == 0:
        await connection.execute(update(_orders).where(this).values(**heard))


async def insert_fills(
    connection: AsyncConnection,
    rows: Iterable[tuple[str, int, int, Side, Fill]],
) -> None:
    """Insert (symbol, order id, user id, side, fill) rows; those that are there stay."""
    values = [
        {
            "symbol": symbol,
            "trade_id": fill.trade_id,
            "order_id": order_id,
            "user_id": user_id,
            "is_buyer": side is Side.BUY,
            "is_maker": fill.is_maker,
            "price": fill.price,
            "quantity": fill.quantity,
            "quote_quantity": fill.quote_quantity,
            "commission": fill.commission,
            "commission_asset": fill.commission_asset,
            "executed_at_ms": fill.executed_at_ms,
        }
        for symbol, order_id, user_id, side, fill in rows
    ]
    if values:
        await connection.execute(mysql_insert(_fills).prefix_with("IGNORE"), values)


async def finalize(connection: AsyncConnection, command: FinalizeOrder) -> bool:
    """Make the row terminal; False where it was final already."""
    state = command.state
    changed = await connection.execute(
        update(_orders)
        .where(_orders.c.order_id == command.order_id, _orders.c.finalized.is_(False))
        .values(
            finalized=True,
            answered=True,
            status=state.status,
            refusal=command.refusal,
            filled_quantity=state.filled_quantity,
            filled_quote=state.filled_quote,
            commission=state.commission,
            updated_at_ms=state.at_ms,
        )
    )
    if changed.rowcount == 0:
        return False
    await connection.execute(
        mysql_insert(_statistics)
        .values(
            symbol=command.symbol,
            status=state.status,
            orders=1,
            filled_quote=state.filled_quote,
        )
        .on_duplicate_key_update(
            orders=_statistics.c.orders + 1,
            filled_quote=_statistics.c.filled_quote + state.filled_quote,
        )
    )
    return True


async def owners(
    connection: AsyncConnection, order_ids: Sequence[int]
) -> dict[int, tuple[int, str]]:
    """Order id → (user id, client order id), for those that have a row."""
    if not order_ids:
        return {}
    rows = await connection.execute(
        select(_orders.c.order_id, _orders.c.user_id, _orders.c.client_order_id).where(
            _orders.c.order_id.in_(order_ids)
        )
    )
    return {row.order_id: (row.user_id, row.client_order_id) for row in rows}


async def unanswered(
    connection: AsyncConnection, order_ids: Sequence[int]
) -> dict[int, tuple[int, str]]:
    """Of these orders, those whose saga has not heard of its own submit."""
    if not order_ids:
        return {}
    rows = await connection.execute(
        select(_orders.c.order_id, _orders.c.user_id, _orders.c.client_order_id).where(
            _orders.c.order_id.in_(order_ids),
            _orders.c.answered.is_(False),
            _orders.c.finalized.is_(False),
        )
    )
    return {row.order_id: (row.user_id, row.client_order_id) for row in rows}


async def lock_offset(connection: AsyncConnection, topic: str, partition: int) -> int:
    """The next record to apply, locked: a second reader waits, then finds itself behind."""
    row = (
        await connection.execute(
            select(_offsets.c.next_offset)
            .where(_offsets.c.topic == topic, _offsets.c.partition_id == partition)
            .with_for_update()
        )
    ).first()
    if row is not None:
        return int(row.next_offset)
    await connection.execute(
        mysql_insert(_offsets)
        .prefix_with("IGNORE")
        .values(topic=topic, partition_id=partition, next_offset=0)
    )
    return 0


async def advance_offset(
    connection: AsyncConnection, topic: str, partition: int, next_offset: int
) -> None:
    await connection.execute(
        update(_offsets)
        .where(_offsets.c.topic == topic, _offsets.c.partition_id == partition)
        .values(next_offset=next_offset)
    )


async def offsets(connection: AsyncConnection, topic: str) -> dict[int, int]:
    """Partition → next record to apply."""
    rows = await connection.execute(
        select(_offsets.c.partition_id, _offsets.c.next_offset).where(_offsets.c.topic == topic)
    )
    return {row.partition_id: row.next_offset for row in rows}
