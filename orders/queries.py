"""What may be asked of orders: read-only, always in the name of a user."""

from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.amounts import Amount
from contracts.order_views import OrderView, TradeView
from contracts.orders import Fill, OrderStatus, OrderType, Refusal, Side, TimeInForce
from orders.tables import FillRow, OrderRow

_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]
_fills: Final = FillRow.__table__  # type: ignore[attr-defined]
_OPEN: Final = (
    OrderStatus.PENDING_VALIDATION,
    OrderStatus.OPEN,
    OrderStatus.PARTIALLY_FILLED,
)
# Refused before the engine took it: known to ops, never an order on Binance's surface.
_NOT_REFUSED: Final[ColumnElement[bool]] = or_(
    _orders.c.refusal.is_(None), _orders.c.engine_sequence > 0
)


class OrderQueries:
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

    async def open_orders(self, user_id: int, symbol: str | None = None) -> list[OrderView]:
        """Orders that may still trade, oldest first."""
        conditions = [_orders.c.user_id == user_id, _orders.c.status.in_(_OPEN)]
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
        """Orders from `order_id` on, or within a time; without either, the newest `limit`."""
        conditions = [_orders.c.user_id == user_id, _orders.c.symbol == symbol, _NOT_REFUSED]
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
        async with self._engine.connect() as connection:
            rows = (
                (
                    await connection.execute(
                        select(_fills).where(and_(*conditions)).order_by(key).limit(limit)
                    )
                )
                .mappings()
                .all()
            )
        views = [_trade_view(row) for row in rows]
        return views[::-1] if newest else views

    async def count_open(self, user_id: int, symbol: str) -> int:
        """How many orders of a user may still trade in one market."""
        async with self._engine.connect() as connection:
            return int(
                (
                    await connection.execute(
                        select(func.count())
                        .select_from(_orders)
                        .where(
                            _orders.c.user_id == user_id,
                            _orders.c.status.in_(_OPEN),
                            _orders.c.symbol == symbol,
                        )
                    )
                ).scalar_one()
            )

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

    async def non_terminal(self) -> list[OrderView]:
        """Every order that may still trade, of all users: for reconciliation."""
        return await self._orders([_orders.c.status.in_(_OPEN)])

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
        return [_order_view(row) for row in rows]


def _order_view(row: RowMapping) -> OrderView:
    return OrderView(
        order_id=row["order_id"],
        user_id=row["user_id"],
        symbol=row["symbol"],
        client_order_id=row["client_order_id"],
        side=Side(row["side"]),
        order_type=OrderType(row["order_type"]),
        time_in_force=TimeInForce(row["time_in_force"]),
        price=Amount(row["price"]),
        quantity=Amount(row["quantity"]),
        filled_quantity=Amount(row["filled_quantity"]),
        filled_quote=Amount(row["filled_quote"]),
        status=OrderStatus(row["status"]),
        refusal=None if row["refusal"] is None else Refusal(row["refusal"]),
        created_at_ms=row["accepted_at_ms"],
        updated_at_ms=row["updated_at_ms"],
        working_at_ms=row["working_at_ms"] or 0,
    )


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
