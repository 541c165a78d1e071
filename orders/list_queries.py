"""What may be asked of order lists and prevented matches; `OrderQueries` has these as its own."""

from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.amounts import Amount
from contracts.order_views import OrderListView, PreventedMatchView
from contracts.orders import OrderStatus, SelfTradePrevention
from orders.rows import order_view
from orders.tables import OrderListRow, OrderRow, PreventedMatchRow

OPEN: Final = (
    OrderStatus.PENDING_VALIDATION,
    OrderStatus.OPEN,
    OrderStatus.PARTIALLY_FILLED,
)
"""The statuses of orders that may still trade."""

_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_lists: Final = OrderListRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_prevented: Final = PreventedMatchRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_first: Final = _orders.alias("first_leg")
_second: Final = _orders.alias("second_leg")


class ListQueries:
    """Reads of one user's order lists and prevented matches."""

    _engine: AsyncEngine

    async def order_list(
        self,
        user_id: int,
        *,
        list_id: int | None = None,
        list_client_order_id: str | None = None,
    ) -> OrderListView | None:
        """One list by its id or, newest use first, by its client id."""
        conditions = [_lists.c.user_id == user_id]
        if list_id is not None:
            conditions.append(_lists.c.list_id == list_id)
        if list_client_order_id is not None:
            conditions.append(_lists.c.list_client_order_id == list_client_order_id)
        found = await self._lists(conditions, newest=True, limit=1)
        return found[0] if found else None

    async def order_lists(
        self,
        user_id: int,
        *,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
        open_only: bool = False,
    ) -> list[OrderListView]:
        """Lists from `from_id` on, or within a time; without either, the newest `limit`."""
        conditions = [_lists.c.user_id == user_id]
        if from_id is not None:
            conditions.append(_lists.c.list_id >= from_id)
        if start_ms is not None:
            conditions.append(_lists.c.accepted_at_ms >= start_ms)
        if end_ms is not None:
            conditions.append(_lists.c.accepted_at_ms <= end_ms)
        if open_only:
            conditions.append(or_(_first.c.status.in_(OPEN), _second.c.status.in_(OPEN)))
        newest = from_id is None and start_ms is None
        found = await self._lists(conditions, newest=newest, limit=limit)
        return found[::-1] if newest else found

    async def prevented_matches(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        prevented_match_id: int | None = None,
        from_id: int | None = None,
        limit: int = 500,
    ) -> list[PreventedMatchView]:
        """The first `limit` from `from_id` on, of one order on either side where it is named."""
        columns = _prevented.c
        conditions = [columns.user_id == user_id, columns.symbol == symbol]
        if order_id is not None:
            conditions.append(
                or_(columns.taker_order_id == order_id, columns.maker_order_id == order_id)
            )
        if prevented_match_id is not None:
            conditions.append(columns.prevented_match_id == prevented_match_id)
        if from_id is not None:
            conditions.append(columns.prevented_match_id >= from_id)
        statement = (
            select(_prevented).where(*conditions).order_by(columns.prevented_match_id).limit(limit)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [_prevented_match(row) for row in rows]

    async def _lists(
        self, conditions: list[ColumnElement[bool]], *, newest: bool, limit: int
    ) -> list[OrderListView]:
        statement = (
            select(_lists, *_columns(_first, "first"), *_columns(_second, "second"))
            .join(_first, _first.c.order_id == _lists.c.first_leg_id)
            .join(_second, _second.c.order_id == _lists.c.second_leg_id)
            .where(*conditions, not_refused(_first.c), not_refused(_second.c))
            .order_by(_lists.c.list_id.desc() if newest else _lists.c.list_id)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [_list_view(row) for row in rows]


def not_refused(columns: Any) -> ColumnElement[bool]:
    """Refused before the engine took it: known to ops, never an order on Binance's surface."""
    return or_(columns.refusal.is_(None), columns.engine_sequence > 0)


def _columns(table: Any, prefix: str) -> list[Any]:
    return [column.label(f"{prefix}:{column.name}") for column in table.c]


def _list_view(row: RowMapping) -> OrderListView:
    return OrderListView(
        list_id=row["list_id"],
        list_client_order_id=row["list_client_order_id"],
        user_id=row["user_id"],
        symbol=row["symbol"],
        legs=tuple(
            order_view({c.name: row[f"{prefix}:{c.name}"] for c in _orders.c})
            for prefix in ("first", "second")
        ),
        created_at_ms=row["accepted_at_ms"],
    )


def _prevented_match(row: RowMapping) -> PreventedMatchView:
    return PreventedMatchView(
        symbol=row["symbol"],
        prevented_match_id=row["prevented_match_id"],
        taker_order_id=row["taker_order_id"],
        maker_order_id=row["maker_order_id"],
        trade_group_id=row["user_id"],
        mode=SelfTradePrevention(row["mode"]),
        price=Amount(row["price"]),
        taker_prevented_quantity=Amount(row["taker_prevented_quantity"]),
        maker_prevented_quantity=Amount(row["maker_prevented_quantity"]),
        at_ms=row["at_ms"],
    )
