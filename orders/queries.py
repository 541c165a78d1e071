"""What may be asked of orders: read-only, always in the name of a user."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.amounts import Amount
from contracts.order_views import OpenCounts, OrderView, TradeView
from contracts.orders import Fill, OrderStatus
from orders.list_queries import OPEN, ListQueries, not_refused
from orders.rows import order_view
from orders.tables import FillRow, OrderRow

_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_fills: Final = FillRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_NOT_REFUSED: Final = not_refused(_orders.c)


# Asked for every new order, so built once.
_OPEN_COUNTS: Final = select(
    func.count(),
    func.count(_orders.c.stop_price),
    func.count(_orders.c.iceberg_quantity),
    func.count(func.nullif(_orders.c.list_id, 0).distinct()),
).where(
    _orders.c.user_id == bindparam("of_user"),
    _orders.c.symbol == bindparam("in_market"),
    _orders.c.status.in_(OPEN),
)


class OrderQueries(ListQueries):
    """Reads `tradeflow_orders` with a login that can only read."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def order(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        client_order_id: str | None = None,
    ) -> OrderView | None:
        """One order by its id or, newest use first, by its client id."""
        conditions = [_orders.c.user_id == user_id, _orders.c.symbol == symbol, _NOT_REFUSED]
        if order_id is not None:
            conditions.append(_orders.c.order_id == order_id)
        if client_order_id is not None:
            conditions.append(_orders.c.client_order_id == client_order_id)
        found = await self._orders(conditions, descending=True, limit=1)
        return found[0] if found else None

    async def any_order(self, user_id: int, order_id: int) -> OrderView | None:
        """One order of the user, refused ones too."""
        found = await self._orders(
            [_orders.c.user_id == user_id, _orders.c.order_id == order_id], limit=1
        )
        return found[0] if found else None

    async def any_orders(
        self, user_id: int, symbol: str, *, before_id: int | None = None, limit: int = 100
    ) -> list[OrderView]:
        """Orders of the user in one market, the newest first: refused and undecided ones too."""
        conditions = [_orders.c.user_id == user_id, _orders.c.symbol == symbol]
        if before_id is not None:
            conditions.append(_orders.c.order_id < before_id)
        return await self._orders(conditions, descending=True, limit=limit)

    async def open_orders(self, user_id: int, symbol: str | None = None) -> list[OrderView]:
        """Orders that may still trade, oldest first."""
        conditions = [_orders.c.user_id == user_id, _orders.c.status.in_(OPEN)]
        if symbol is not None:
            conditions.append(_orders.c.symbol == symbol)
        return await self._orders(conditions)

    async def all_orders(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
    ) -> list[OrderView]:
        """Orders from `order_id` on, or within a time; without either, the newest `limit`.

        One that is not decided is none of them: it may be refused yet.
        """
        conditions = [
            _orders.c.user_id == user_id,
            _orders.c.symbol == symbol,
            _NOT_REFUSED,
            _orders.c.status != OrderStatus.PENDING_VALIDATION,
        ]
        if order_id is not None:
            conditions.append(_orders.c.order_id >= order_id)
        if start_ms is not None:
            conditions.append(_orders.c.accepted_at_ms >= start_ms)
        if end_ms is not None:
            conditions.append(_orders.c.accepted_at_ms <= end_ms)
        newest = order_id is None and start_ms is None
        found = await self._orders(conditions, descending=newest, limit=limit)
        return found[::-1] if newest else found

    async def trades(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        from_id: int | None = None,
        limit: int = 500,
    ) -> list[TradeView]:
        """Executions of the user's orders in the order of their ids; the newest `limit`."""
        conditions = [_fills.c.user_id == user_id, _fills.c.symbol == symbol]
        if order_id is not None:
            conditions.append(_fills.c.order_id == order_id)
        if start_ms is not None:
            conditions.append(_fills.c.executed_at_ms >= start_ms)
        if end_ms is not None:
            conditions.append(_fills.c.executed_at_ms <= end_ms)
        if from_id is not None:
            conditions.append(_fills.c.trade_id >= from_id)
        newest = from_id is None and start_ms is None
        key = _fills.c.trade_id.desc() if newest else _fills.c.trade_id
        statement = (
            select(_fills, _orders.c.list_id)
            .outerjoin(_orders, _orders.c.order_id == _fills.c.order_id)
            .where(and_(*conditions))
            .order_by(key)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        views = [_trade_view(row) for row in rows]
        return views[::-1] if newest else views

    async def count_open(self, user_id: int, symbol: str) -> int:
        """How many orders of a user may still trade in one market."""
        return (await self.open_counts(user_id, symbol)).orders

    async def open_counts(self, user_id: int, symbol: str) -> OpenCounts:
        """The same by kind, as the filters on numbers of orders ask for it."""
        of = {"of_user": user_id, "in_market": symbol}
        async with self._engine.connect() as connection:
            orders, conditional, iceberg, lists = (await connection.execute(_OPEN_COUNTS, of)).one()
        return OpenCounts(orders=orders, conditional=conditional, iceberg=iceberg, lists=lists)

    async def unfinalized(self, order_ids: Sequence[int]) -> int:
        """How many of these orders have a saga that has not given all their money back yet."""
        if not order_ids:
            return 0
        statement = (
            select(func.count())
            .select_from(_orders)
            .where(_orders.c.order_id.in_(order_ids), _orders.c.finalized.is_(False))
        )
        async with self._engine.connect() as connection:
            return int(await connection.scalar(statement) or 0)

    async def fills_of(self, order_id: int) -> list[Fill]:
        """The executions of one order, in the order of their ids."""
        async with self._engine.connect() as connection:
            rows = (
                (
                    await connection.execute(
                        select(_fills)
                        .where(_fills.c.order_id == order_id)
                        .order_by(_fills.c.trade_id)
                    )
                )
                .mappings()
                .all()
            )
        return [_fill(row) for row in rows]

    async def _orders(
        self,
        conditions: list[Any],
        *,
        descending: bool = False,
        limit: int | None = None,
    ) -> list[OrderView]:
        key = _orders.c.order_id.desc() if descending else _orders.c.order_id
        async with self._engine.connect() as connection:
            rows = (
                (
                    await connection.execute(
                        select(_orders).where(and_(*conditions)).order_by(key).limit(limit)
                    )
                )
                .mappings()
                .all()
            )
        return [order_view(row) for row in rows]


def _trade_view(row: RowMapping) -> TradeView:
    return TradeView(
        trade_id=row["trade_id"],
        order_id=row["order_id"],
        symbol=row["symbol"],
        price=Amount(row["price"]),
        quantity=Amount(row["quantity"]),
        quote_quantity=Amount(row["quote_quantity"]),
        commission=Amount(row["commission"]),
        commission_asset=row["commission_asset"],
        at_ms=row["executed_at_ms"],
        is_buyer=bool(row["is_buyer"]),
        is_maker=bool(row["is_maker"]),
        list_id=row["list_id"] or 0,
    )


def _fill(row: RowMapping) -> Fill:
    return Fill(
        trade_id=row["trade_id"],
        price=Amount(row["price"]),
        quantity=Amount(row["quantity"]),
        quote_quantity=Amount(row["quote_quantity"]),
        commission=Amount(row["commission"]),
        commission_asset=row["commission_asset"],
        is_maker=bool(row["is_maker"]),
        executed_at_ms=row["executed_at_ms"],
    )
