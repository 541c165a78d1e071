"""The sums that must hold in the ledger at any moment. Read-only; each lists what breaks.

All of them read one snapshot: take the connection from `snapshot`, or the sums are of
different moments and prove nothing.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.amounts import Amount, to_e8

MAX_LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class OpenReservation:
    """An order that still holds money, or may: `remaining` of `currency`."""

    order_id: int
    user_id: int
    currency: str
    remaining: Amount
    filled_lots: int
    pending_release: int | None


class TradeLine(NamedTuple):
    """One posting of a settled trade, in units of 0.00000001."""

    user_id: int
    currency: str
    account: str
    amount_e8: int


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection on which every read sees the database as it is now."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        async with connection.begin():
            yield connection


async def currency_sums(connection: AsyncConnection) -> dict[str, Decimal]:
    """Currency → sum over all postings. Each must be zero (R1)."""
    rows = await connection.execute(
        text(
            "SELECT w.currency, SUM(t.amount) AS total FROM wallet_transaction t"
            " JOIN wallet w ON w.wallet_id = t.wallet_id GROUP BY w.currency"
        )
    )
    return {row.currency: row.total for row in rows}


async def unbalanced_transfers(connection: AsyncConnection) -> list[str]:
    """Transfers whose postings do not sum to zero in some currency (R1)."""
    return await _listed(
        connection,
        text(
            "SELECT CONCAT(t.transfer_id, ' ', w.currency, ' ', SUM(t.amount))"
            " FROM wallet_transaction t JOIN wallet w ON w.wallet_id = t.wallet_id"
            " GROUP BY t.transfer_id, w.currency HAVING SUM(t.amount) <> 0 LIMIT :most"
        ),
    )


async def drifted_balances(connection: AsyncConnection) -> list[str]:
    """Balances that are not the sum of their postings (R2)."""
    return await _listed(
        connection,
        text(
            "SELECT CONCAT('wallet ', b.wallet_id, ' ', b.account, ': ', b.amount, ', postings ',"
            " COALESCE(s.total, 0)) FROM wallet_balance b LEFT JOIN"
            " (SELECT wallet_id, account, SUM(amount) AS total FROM wallet_transaction"
            " GROUP BY wallet_id, account) s"
            " ON s.wallet_id = b.wallet_id AND s.account = b.account"
            " WHERE b.amount <> COALESCE(s.total, 0) LIMIT :most"
        ),
    )


async def negative_balances(connection: AsyncConnection) -> list[str]:
    """Accounts below zero, the world outside excepted (R3)."""
    return await _listed(
        connection,
        text(
            "SELECT CONCAT('wallet ', wallet_id, ' ', account, ': ', amount) FROM wallet_balance"
            " WHERE amount < 0 AND account <> 'EXTERNAL' LIMIT :most"
        ),
    )


async def drifted_reservations(connection: AsyncConnection) -> list[str]:
    """Users whose RESERVED balance is not what their open orders hold together (R4)."""
    return await _listed(
        connection,
        text(
            "SELECT CONCAT('user ', w.user_id, ' ', w.currency, ': ', b.amount, ', orders hold ',"
            " COALESCE(r.total, 0)) FROM wallet w JOIN wallet_balance b"
            " ON b.wallet_id = w.wallet_id AND b.account = 'RESERVED' LEFT JOIN"
            " (SELECT user_id, currency, SUM(reserved - used) AS total FROM reservation"
            " WHERE released = 0 GROUP BY user_id, currency) r"
            " ON r.user_id = w.user_id AND r.currency = w.currency"
            " WHERE b.amount <> COALESCE(r.total, 0) LIMIT :most"
        ),
    )


async def open_reservations(connection: AsyncConnection) -> list[OpenReservation]:
    """Every order that has reserved and not released, by order id (R5)."""
    rows = await connection.execute(
        text(
            "SELECT order_id, user_id, currency, reserved - used AS remaining, filled_lots,"
            " pending_release FROM reservation WHERE released = 0 ORDER BY order_id"
        )
    )
    return [
        OpenReservation(
            order_id=row.order_id,
            user_id=row.user_id,
            currency=row.currency,
            remaining=Amount(row.remaining),
            filled_lots=row.filled_lots,
            pending_release=row.pending_release,
        )
        for row in rows
    ]


async def settled_trades(connection: AsyncConnection, symbol: str) -> int:
    """How many trades of a symbol the ledger holds (R6)."""
    count = await connection.scalar(
        text(
            "SELECT COUNT(DISTINCT transfer_id) FROM wallet_transaction"
            " WHERE reference_type = 'TRADE' AND reference_id LIKE :pattern"
        ),
        {"pattern": f"{symbol}:%"},
    )
    return int(count or 0)


async def settled_lines(connection: AsyncConnection) -> dict[str, list[TradeLine]]:
    """`SYMBOL:trade_id` → the lines of its transfer, in their order (R6).

    A trade that was settled twice has its lines twice.
    """
    rows = await connection.execute(
        text(
            "SELECT t.reference_id, w.user_id, w.currency, t.account, t.amount"
            " FROM wallet_transaction t JOIN wallet w ON w.wallet_id = t.wallet_id"
            " WHERE t.reference_type = 'TRADE' ORDER BY t.reference_id, t.transfer_id, t.entry_no"
        )
    )
    found: dict[str, list[TradeLine]] = {}
    for row in rows:
        line = TradeLine(row.user_id, row.currency, row.account, to_e8(row.amount))
        found.setdefault(row.reference_id, []).append(line)
    return found


async def unpublished_events(connection: AsyncConnection) -> int:
    """How many rows wait in the outbox."""
    return int(await connection.scalar(text("SELECT COUNT(*) FROM outbox")) or 0)


async def parked_trades(connection: AsyncConnection) -> list[str]:
    """Trades that were set aside; each has halted its market."""
    return await _listed(
        connection,
        text(
            "SELECT CONCAT(reference_id, ': ', reason) FROM parked_trade"
            " ORDER BY parked_id LIMIT :most"
        ),
    )


async def halts_waiting(connection: AsyncConnection) -> int:
    """Parked trades whose market has not been halted yet."""
    count = await connection.scalar(text("SELECT COUNT(*) FROM parked_trade WHERE halt_sent = 0"))
    return int(count or 0)


async def _listed(connection: AsyncConnection, statement: TextClause) -> list[str]:
    rows: Sequence[object] = (
        (await connection.execute(statement, {"most": MAX_LISTED})).scalars().all()
    )
    return [str(row) for row in rows]
