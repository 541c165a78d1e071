"""All SQL of the ledger. Every function works in the caller's transaction.

Locks are always taken in one order (offset, inbox, reservations, balances by id, house rows
last), so that two transactions that meet wait rather than deadlock. Nothing reads a balance
that it has not locked: a plain read before the lock loses money.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Numeric, cast, insert, literal, select, update
from sqlalchemy.dialects.mysql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.outbox import enqueue
from contracts.amounts import from_e8, to_e8
from contracts.message import encode
from contracts.topology import WALLET_EVENTS
from contracts.wallet import HOUSE_USER_ID, Account
from wallet.directory import Owner
from wallet.ledger import Ledger
from wallet.postings import Place, Transfer, transfer_recorded
from wallet.reservations import Reservation
from wallet.tables import (
    outbox,
    processed_messages,
    reservation,
    wallet_balance,
    wallet_transaction,
)

AMOUNT: Final = Numeric(20, 8)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


class Processed(NamedTuple):
    """What the inbox holds of one command."""

    request_hash: str
    reply: bytes


def utc(at_ms: int) -> datetime:
    """Milliseconds since 1970 as the tables store them: UTC, without a zone."""
    return _EPOCH + timedelta(milliseconds=at_ms)


async def lock_processed(
    connection: AsyncConnection, command_ids: Iterable[UUID]
) -> dict[UUID, Processed]:
    """Those of the commands that have been done. First statement of a money transaction."""
    table = processed_messages.c
    rows = await connection.execute(
        select(table.message_id, table.request_hash, table.reply)
        .where(table.message_id.in_(sorted(command_ids)))
        .order_by(table.message_id)
        .with_for_update()
    )
    return {row.message_id: Processed(row.request_hash, row.reply) for row in rows}


async def lock_reservations(
    connection: AsyncConnection, order_ids: Iterable[int]
) -> dict[int, Reservation]:
    """The reservations that exist, locked until the transaction ends."""
    wanted = sorted(set(order_ids))
    if not wanted:
        return {}
    rows = await connection.execute(
        select(reservation)
        .where(reservation.c.order_id.in_(wanted))
        .order_by(reservation.c.order_id)
        .with_for_update()
    )
    return {
        row.order_id: Reservation(
            order_id=row.order_id,
            user_id=row.user_id,
            currency=row.currency,
            reserved_e8=to_e8(row.reserved),
            used_e8=to_e8(row.used),
            filled_lots=row.filled_lots,
            pending_release=row.pending_release,
            released=bool(row.released),
            correlation_id=row.correlation_id,
        )
        for row in rows
    }


async def lock_balances(
    connection: AsyncConnection, wallets: Mapping[Owner, int]
) -> dict[Place, int]:
    """Both balances of each user's wallet, locked in id order. House rows are never locked."""
    owners = {i: owner for owner, i in wallets.items() if owner[0] != HOUSE_USER_ID}
    if not owners:
        return {}
    table = wallet_balance.c
    rows = await connection.execute(
        select(table.wallet_id, table.account, table.amount)
        .where(table.wallet_id.in_(sorted(owners)))
        .order_by(table.wallet_id, table.account)
        .with_for_update()
    )
    return {Place(*owners[row.wallet_id], Account(row.account)): to_e8(row.amount) for row in rows}


async def write_ledger(
    connection: AsyncConnection, ledger: Ledger, wallets: Mapping[Owner, int], now_ms: int
) -> None:
    """Everything that the ledger has decided: reservations, postings, balances, events."""
    await _insert_reservations(connection, ledger.new_reservations, now_ms)
    await _update_reservations(connection, ledger.changed_reservations, now_ms)
    await _insert_postings(connection, ledger.transfers, wallets)
    await _write_balances(connection, ledger.changed_balances, wallets)
    await enqueue(connection, outbox, [_event(transfer) for transfer in ledger.transfers])
    await _add_to_house(connection, ledger.house_deltas, wallets)


async def insert_processed(
    connection: AsyncConnection, rows: Mapping[UUID, Processed], now_ms: int
) -> None:
    """Store the replies. A command that another transaction did meanwhile fails with 1062."""
    if rows:
        await connection.execute(
            insert(processed_messages),
            [
                {
                    "message_id": command_id,
                    "request_hash": row.request_hash,
                    "reply": row.reply,
                    "created_at": utc(now_ms),
                }
                for command_id, row in sorted(rows.items())
            ],
        )


async def find_postings(
    connection: AsyncConnection, transfer_ids: Iterable[UUID]
) -> dict[UUID, list[tuple[int, str, int]]]:
    """(wallet id, account, amount in 1e-8) of the transfers that exist, in their order."""
    table = wallet_transaction.c
    rows = await connection.execute(
        select(table.transfer_id, table.wallet_id, table.account, table.amount)
        .where(table.transfer_id.in_(sorted(transfer_ids)))
        .order_by(table.transfer_id, table.entry_no)
    )
    found: dict[UUID, list[tuple[int, str, int]]] = {}
    for row in rows:
        line = (row.wallet_id, row.account, to_e8(row.amount))
        found.setdefault(row.transfer_id, []).append(line)
    return found


async def _insert_postings(
    connection: AsyncConnection, transfers: Sequence[Transfer], wallets: Mapping[Owner, int]
) -> None:
    if transfers:
        await connection.execute(
            insert(wallet_transaction),
            [
                {
                    "transfer_id": transfer.transfer_id,
                    "entry_no": number,
                    "wallet_id": wallets[line.place.user_id, line.place.currency],
                    "account": line.place.account,
                    "amount": from_e8(line.amount_e8),
                    "reference_type": transfer.reference_type,
                    "reference_id": transfer.reference_id,
                    "order_id": line.order_id,
                    "correlation_id": transfer.correlation_id,
                    "created_at": utc(transfer.at_ms),
                }
                for transfer in transfers
                for number, line in enumerate(transfer.postings)
            ],
        )


async def _write_balances(
    connection: AsyncConnection, balances: Mapping[Place, int], wallets: Mapping[Owner, int]
) -> None:
    """One statement for all rows; they are locked, so writing the result loses nothing."""
    if balances:
        rows = upsert(wallet_balance)
        await connection.execute(
            rows.on_duplicate_key_update(amount=rows.inserted.amount),
            [
                {
                    "wallet_id": wallets[place.user_id, place.currency],
                    "account": place.account,
                    "amount": from_e8(amount_e8),
                }
                for place, amount_e8 in balances.items()
            ],
        )


async def _add_to_house(
    connection: AsyncConnection, deltas: Mapping[Place, int], wallets: Mapping[Owner, int]
) -> None:
    """One addition per account and currency, last of all, so that the busy rows stay cool.

    The cast matters: drivers write a decimal as text, and the server adds text as a double.
    """
    for place, delta_e8 in sorted(deltas.items()):
        exactly = cast(literal(from_e8(delta_e8)), AMOUNT)
        await connection.execute(
            update(wallet_balance)
            .where(
                wallet_balance.c.wallet_id == wallets[place.user_id, place.currency],
                wallet_balance.c.account == place.account,
            )
            .values(amount=wallet_balance.c.amount + exactly)
        )


async def _insert_reservations(
    connection: AsyncConnection, rows: Sequence[Reservation], now_ms: int
) -> None:
    if rows:
        await connection.execute(insert(reservation), [_row(r, now_ms) for r in rows])


async def _update_reservations(
    connection: AsyncConnection, rows: Sequence[Reservation], now_ms: int
) -> None:
    if rows:
        statement = upsert(reservation)
        new = statement.inserted
        await connection.execute(
            statement.on_duplicate_key_update(
                reserved=new.reserved,
                used=new.used,
                filled_lots=new.filled_lots,
                pending_release=new.pending_release,
                released=new.released,
            ),
            [_row(r, now_ms) for r in rows],
        )


def _row(kept: Reservation, now_ms: int) -> dict[str, object]:
    return {
        "order_id": kept.order_id,
        "user_id": kept.user_id,
        "currency": kept.currency,
        "reserved": from_e8(kept.reserved_e8),
        "used": from_e8(kept.used_e8),
        "filled_lots": kept.filled_lots,
        "pending_release": kept.pending_release,
        "released": kept.released,
        "correlation_id": kept.correlation_id,
        "created_at": utc(now_ms),
    }


def _event(transfer: Transfer) -> tuple[str, str, bytes]:
    """One event a transfer, keyed by one of its users: never by the house, who is in most."""
    user_id = max(line.place.user_id for line in transfer.postings[:2])
    return WALLET_EVENTS, str(user_id), encode(transfer_recorded(transfer))
