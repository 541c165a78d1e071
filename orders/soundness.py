"""What must hold among order rows at any moment, for reconciliation. SELECT only."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.amounts import ZERO, Amount
from contracts.orders import OrderStatus, Side
from orders.list_queries import OPEN
from orders.tables import FillRow, OrderListRow, OrderRow, outbox

_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_lists: Final = OrderListRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_fills: Final = FillRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order row as far as others must agree with it.

    `reservation_id` is the order under whose id its money is held, and its saga found: its own,
    or that of the first leg of its list.
    """

    order_id: int
    user_id: int
    symbol: str
    side: Side
    price: Amount
    quantity: Amount
    filled_quantity: Amount
    filled_quote: Amount
    status: OrderStatus
    engine_sequence: int
    finalized: bool
    reservation_id: int
    price_ticks: int = 0  # 0: a row of before the other order types, whose price says it
    quote_quantity: Amount | None = None
    reserve_amount: Amount = ZERO


@dataclass(frozen=True, slots=True)
class FillFacts:
    """One side of one execution, as `order_fill` holds it."""

    symbol: str
    trade_id: int
    order_id: int
    user_id: int
    is_buyer: bool
    price: Amount
    quantity: Amount
    quote_quantity: Amount
    commission: Amount


async def all_orders(connection: AsyncConnection) -> list[OrderFacts]:
    """Every order row, by order id."""
    table = _orders.c
    rows = await connection.execute(
        select(
            table.order_id,
            table.user_id,
            table.symbol,
            table.side,
            table.price,
            table.quantity,
            table.filled_quantity,
            table.filled_quote,
            table.status,
            table.engine_sequence,
            table.finalized,
            table.price_ticks,
            table.quote_quantity,
            table.reserve_amount,
            func.coalesce(_lists.c.first_leg_id, table.order_id).label("reservation_id"),
        )
        .outerjoin(_lists, _lists.c.list_id == table.list_id)
        .order_by(table.order_id)
    )
    return [
        OrderFacts(
            order_id=row.order_id,
            user_id=row.user_id,
            symbol=row.symbol,
            side=Side(row.side),
            price=Amount(row.price),
            quantity=Amount(row.quantity),
            filled_quantity=Amount(row.filled_quantity),
            filled_quote=Amount(row.filled_quote),
            status=OrderStatus(row.status),
            engine_sequence=row.engine_sequence,
            finalized=bool(row.finalized),
            reservation_id=row.reservation_id,
            price_ticks=row.price_ticks,
            quote_quantity=None if row.quote_quantity is None else Amount(row.quote_quantity),
            reserve_amount=Amount(row.reserve_amount),
        )
        for row in rows
    ]


async def all_fills(connection: AsyncConnection) -> list[FillFacts]:
    """Every execution of every order."""
    rows = await connection.execute(select(_fills).order_by(_fills.c.symbol, _fills.c.trade_id))
    return [
        FillFacts(
            symbol=row.symbol,
            trade_id=row.trade_id,
            order_id=row.order_id,
            user_id=row.user_id,
            is_buyer=bool(row.is_buyer),
            price=Amount(row.price),
            quantity=Amount(row.quantity),
            quote_quantity=Amount(row.quote_quantity),
            commission=Amount(row.commission),
        )
        for row in rows
    ]


async def contested_client_ids(connection: AsyncConnection) -> list[str]:
    """Client order ids with more than one order that may still trade."""
    table = _orders.c
    rows = await connection.execute(
        select(table.user_id, table.client_order_id)
        .where(and_(table.status.in_(OPEN)))
        .group_by(table.user_id, table.client_order_id)
        .having(func.count() > 1)
    )
    return [f"user {row.user_id}: {row.client_order_id}" for row in rows]


async def unpublished_events(connection: AsyncConnection) -> int:
    """How many rows wait in the outbox."""
    return int(await connection.scalar(select(func.count()).select_from(outbox)) or 0)
