"""SQL that brings rows up to what the engine has said. Callers bring the transaction.

All orders of one call are one statement, an UPDATE joined to its news as a table of literals:
statements cost more than rows. It is text in the driver's own format because its length depends
on the number of orders; values are still the driver's to quote.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.amounts import ZERO, Amount
from contracts.order_views import PreventedMatchView
from contracts.orders import (
    ExpiryReason,
    Fill,
    FinalizeOrder,
    OrderState,
    OrderStatus,
    Side,
)
from orders.tables import FillRow, OrderRow, OrderStatistics, PreventedMatchRow

AT_ONCE: Final = 100
FillOf = tuple[str, int, int, Side, Fill]
"""Symbol, order id, user id, side, and the fill."""

_orders: Final = OrderRow.__table__  # type: ignore[attr-defined]
_fills: Final = FillRow.__table__  # type: ignore[attr-defined]
_prevented: Final = PreventedMatchRow.__table__  # type: ignore[attr-defined]
_statistics: Final = OrderStatistics.__table__  # type: ignore[attr-defined]

_INSERT_FILLS: Final = mysql_insert(_fills).prefix_with("IGNORE")
_INSERT_PREVENTED: Final = mysql_insert(_prevented).prefix_with("IGNORE")
_COUNT: Final = mysql_insert(_statistics)
_COUNT_MORE: Final = _COUNT.on_duplicate_key_update(
    orders=_statistics.c.orders + _COUNT.inserted.orders,
    filled_quote=_statistics.c.filled_quote + _COUNT.inserted.filled_quote,
)
_ENDS_WHILE_WAITING: Final = frozenset(
    {ExpiryReason.OCO_TRIGGER, ExpiryReason.GOOD_TILL_DATE_REACHED}
)

_NEWS: Final = (
    "order_id",
    "sequence",
    "status",
    "filled_quantity",
    "filled_quote",
    "commission",
    "filled_lots",
    "at_ms",
    "quantity",
    "expiry",
    "refusal",
    "working",
    "surely_working",
)
_FIGURES: Final = """
    o.status = news.status,
    o.filled_quantity = news.filled_quantity,
    o.filled_quote = news.filled_quote,
    o.commission = news.commission,
    o.filled_lots = news.filled_lots,
    o.updated_at_ms = news.at_ms,
    o.expiry = news.expiry,
    o.quantity = IF(o.quote_quantity IS NULL,
        COALESCE(news.quantity, o.quantity), news.filled_quantity)"""
_APPLY: Final = f"""{_FIGURES},
    o.engine_sequence = news.sequence,
    o.working_at_ms = COALESCE(o.working_at_ms,
        IF(news.working AND (news.surely_working OR o.stop_price IS NULL), news.at_ms, NULL))"""
_FINALIZE: Final = f"{_FIGURES}, o.refusal = news.refusal, o.answered = 1, o.finalized = 1"


async def apply_states(
    connection: AsyncConnection, states: Iterable[OrderState], *, answered: bool = False
) -> None:
    """Bring orders' rows up to these states, each unless its row knows a newer one.

    `answered` is set whether or not the state is news: the saga has it either way.
    """
    newest: dict[int, OrderState] = {}
    for state in states:
        known = newest.get(state.order_id)
        if known is None or known.sequence <= state.sequence:
            newest[state.order_id] = state
    # In the order of their ids: two writers then wait for one another instead of deadlocking.
    ordered = [newest[order_id] for order_id in sorted(newest)]
    changes = f"{_APPLY}, o.answered = 1" if answered else _APPLY
    applied = await _update(connection, ordered, changes, "WHERE o.engine_sequence < news.sequence")
    if answered and applied < len(ordered):
        await connection.execute(
            update(_orders)
            .where(_orders.c.order_id.in_(sorted(newest)), _orders.c.answered.is_(False))
            .values(answered=True)
        )


async def finalize(
    connection: AsyncConnection, commands: Sequence[FinalizeOrder]
) -> list[FinalizeOrder]:
    """Make the rows terminal and count them; returns those that were not final before."""
    wanted = {command.order_id: command for command in commands}
    rows = await connection.execute(
        select(_orders.c.order_id, _orders.c.expiry)
        .where(_orders.c.order_id.in_(sorted(wanted)), _orders.c.finalized.is_(False))
        .order_by(_orders.c.order_id)
        .with_for_update()
    )
    expiries = {row.order_id: row.expiry for row in rows}
    fresh = [wanted[order_id] for order_id in expiries]
    if not fresh:
        return []
    states = [command.state for command in fresh]
    extras = [
        {
            "refusal": command.refusal,
            # A saga that was recorded before expiries were keeps the one that the row knows.
            "expiry": command.state.expiry or expiries[command.order_id],
        }
        for command in fresh
    ]
    await _update(connection, states, _FINALIZE, "", extras)
    await _count(connection, fresh)
    return fresh


async def insert_fills(connection: AsyncConnection, rows: Iterable[FillOf]) -> None:
    """Insert executions; those that are there stay."""
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
        await connection.execute(_INSERT_FILLS, values)


async def insert_prevented(
    connection: AsyncConnection, matches: Iterable[PreventedMatchView]
) -> None:
    """Insert prevented matches; those that are there stay."""
    values = [
        {
            "symbol": match.symbol,
            "prevented_match_id": match.prevented_match_id,
            "user_id": match.trade_group_id,
            "taker_order_id": match.taker_order_id,
            "maker_order_id": match.maker_order_id,
            "mode": match.mode,
            "price": match.price,
            "taker_prevented_quantity": match.taker_prevented_quantity,
            "maker_prevented_quantity": match.maker_prevented_quantity,
            "at_ms": match.at_ms,
        }
        for match in matches
    ]
    if values:
        await connection.execute(_INSERT_PREVENTED, values)


async def _count(connection: AsyncConnection, commands: Sequence[FinalizeOrder]) -> None:
    ended = Counter((c.symbol, c.state.status) for c in commands)
    quote: dict[tuple[str, OrderStatus], Amount] = {}
    for c in commands:
        key = (c.symbol, c.state.status)
        quote[key] = Amount(quote.get(key, ZERO) + c.state.filled_quote)
    values = [
        {
            "symbol": symbol,
            "status": status,
            "orders": number,
            "filled_quote": quote[symbol, status],
        }
        for (symbol, status), number in sorted(ended.items())
    ]
    await connection.execute(_COUNT_MORE, values)


async def _update(
    connection: AsyncConnection,
    states: Sequence[OrderState],
    changes: str,
    condition: str,
    extras: Sequence[dict[str, object]] | None = None,
) -> int:
    """Update the rows of these orders, no order twice; returns how many were found."""
    found = 0
    for start in range(0, len(states), AT_ONCE):
        values: list[Any] = []
        some = states[start : start + AT_ONCE]
        for number, state in enumerate(some, start):
            values += _news(state, extras[number] if extras else {})
        statement = _statement(len(some), changes, condition)
        found += (await connection.exec_driver_sql(statement, tuple(values))).rowcount
    return found


@cache
def _statement(rows: int, changes: str, condition: str) -> str:
    first = ", ".join(f"%s AS {name}" for name in _NEWS)
    other = ", ".join(["%s"] * len(_NEWS))
    news = " UNION ALL SELECT ".join([first, *[other] * (rows - 1)])
    # STRAIGHT_JOIN: look each order up by its key, whatever the optimizer thinks of the size of
    # the table, so that no other row is locked on the way.
    join = ") AS news STRAIGHT_JOIN orders AS o ON o.order_id = news.order_id SET"
    return " ".join(("UPDATE (SELECT", news, join, changes, condition))


def _news(state: OrderState, extra: dict[str, object]) -> list[object]:
    """One row of `_NEWS`. Without a word on it, a conditional order's end did not activate it."""
    ended_waiting = state.filled_lots == 0 and (
        state.status is OrderStatus.CANCELLED or state.expiry in _ENDS_WHILE_WAITING
    )
    news: dict[str, object] = {
        "order_id": state.order_id,
        "sequence": state.sequence,
        "status": state.status,
        "filled_quantity": state.filled_quantity,
        "filled_quote": state.filled_quote,
        "commission": state.commission,
        "filled_lots": state.filled_lots,
        "at_ms": state.at_ms,
        "quantity": state.quantity,
        "expiry": state.expiry,
        "refusal": None,
        "working": state.working,
        "surely_working": not ended_waiting,
    } | extra
    return list(news.values())
