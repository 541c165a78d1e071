"""SQL of order and list rows: inserted once, found by client id, and whose saga to tell.

Callers bring the transaction. How rows change afterwards is in `orders/states.py`.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.orders import OrderStatus, PlaceOrder, PlaceOrderList
from contracts.topology import saga_workflow_id
from orders.tables import OrderListRow, OrderRow

_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_lists: Final = OrderListRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it

_INSERT_ORDER: Final = insert(_orders)
_INSERT_LIST: Final = insert(_lists)


async def insert_orders(
    connection: AsyncConnection, orders: Sequence[tuple[PlaceOrder, int]]
) -> None:
    """Insert (order, use of its client id) rows in one statement.

    Raises:
        IntegrityError: one of them is there already; none has been inserted.
    """
    await connection.execute(_INSERT_ORDER, [_new_row(order, reuse) for order, reuse in orders])


async def insert_list(connection: AsyncConnection, orders: PlaceOrderList, reuse: int) -> None:
    """Insert the row of a list. IntegrityError where the same use exists already."""
    first, second = orders.legs
    await connection.execute(
        _INSERT_LIST,
        {
            "list_id": orders.list_id,
            "user_id": orders.user_id,
            "list_client_order_id": orders.list_client_order_id,
            "reuse": reuse,
            "body_hash": orders.body_hash,
            "symbol": orders.symbol,
            "first_leg_id": first.order_id,
            "second_leg_id": second.order_id,
            "reserve_amount": orders.reserve_amount,
            "accepted_at_ms": orders.accepted_at_ms,
            "correlation_id": orders.correlation_id,
        },
    )


async def newest_of_client_id(
    connection: AsyncConnection, user_id: int, client_order_id: str
) -> OrderRow | None:
    """The last use of a client order id, locked until the transaction ends."""
    row = await _first(
        connection,
        select(_orders)
        .where(_orders.c.user_id == user_id, _orders.c.client_order_id == client_order_id)
        .order_by(_orders.c.reuse.desc())
        .limit(1)
        .with_for_update(),
    )
    return None if row is None else OrderRow.model_validate(row._mapping)


async def newest_list_of_client_id(
    connection: AsyncConnection, user_id: int, list_client_order_id: str
) -> tuple[OrderListRow, tuple[OrderRow, ...]] | None:
    """The last use of a list's client id, locked, with its legs in their order."""
    row = await _first(
        connection,
        select(_lists)
        .where(_lists.c.user_id == user_id, _lists.c.list_client_order_id == list_client_order_id)
        .order_by(_lists.c.reuse.desc())
        .limit(1)
        .with_for_update(),
    )
    if row is None:
        return None
    found = OrderListRow.model_validate(row._mapping)
    legs = [await order_row(connection, i) for i in (found.first_leg_id, found.second_leg_id)]
    return found, tuple(leg for leg in legs if leg is not None)


async def order_row(connection: AsyncConnection, order_id: int) -> OrderRow | None:
    """One order as it stands."""
    row = await _first(connection, select(_orders).where(_orders.c.order_id == order_id))
    return None if row is None else OrderRow.model_validate(row._mapping)


async def owners(connection: AsyncConnection, order_ids: Sequence[int]) -> dict[int, str]:
    """Order id → id of its saga's workflow, for those that have a row."""
    return await _workflow_ids(connection, order_ids)


async def unanswered(connection: AsyncConnection, order_ids: Sequence[int]) -> dict[int, str]:
    """Of these orders, those whose saga has not heard of its own submit."""
    return await _workflow_ids(
        connection, order_ids, _orders.c.answered.is_(False), _orders.c.finalized.is_(False)
    )


async def _workflow_ids(
    connection: AsyncConnection, order_ids: Sequence[int], *conditions: ColumnElement[bool]
) -> dict[int, str]:
    if not order_ids:
        return {}
    columns = _orders.c
    rows = await connection.execute(
        select(
            columns.order_id,
            columns.user_id,
            columns.client_order_id,
            columns.list_client_order_id,
        ).where(columns.order_id.in_(order_ids), *conditions)
    )
    return {
        row.order_id: saga_workflow_id(row.user_id, row.client_order_id, row.list_client_order_id)
        for row in rows
    }


async def _first(connection: AsyncConnection, statement: Select[Any]) -> Row[Any] | None:
    found: Row[Any] | None = (await connection.execute(statement)).first()
    return found


def _new_row(order: PlaceOrder, reuse: int) -> dict[str, object]:
    return {
        "order_id": order.order_id,
        "user_id": order.user_id,
        "client_order_id": order.client_order_id,
        "reuse": reuse,
        "body_hash": order.body_hash,
        "symbol": order.symbol,
        "side": order.side,
        "order_type": order.order_type,
        "time_in_force": order.time_in_force,
        "price": order.price,
        "quantity": order.quantity,
        "filled_quantity": 0,
        "filled_quote": 0,
        "commission": 0,
        "filled_lots": 0,
        "status": OrderStatus.PENDING_VALIDATION,
        "engine_sequence": 0,
        "answered": False,
        "finalized": False,
        "accepted_at_ms": order.accepted_at_ms,
        "updated_at_ms": order.accepted_at_ms,
        "correlation_id": order.correlation_id,
        "self_trade_prevention": order.self_trade_prevention,
        "quote_quantity": order.quote_quantity,
        "stop_price": order.stop_price,
        "iceberg_quantity": order.iceberg_quantity,
        "price_ticks": order.price_ticks,
        "reserve_amount": order.reserve_amount,
        "expires_at_ms": order.expires_at_ms,
        "list_id": order.list_id,
        "list_client_order_id": order.list_client_order_id,
    }
