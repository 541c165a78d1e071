"""What may be read of the wallet: balances, statements, the postings of an order. SELECT only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.amounts import ZERO, Amount
from contracts.wallet import Account, ReferenceType
from wallet.tables import reservation, wallet, wallet_balance, wallet_transaction

MAX_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Balance:
    """What a user may spend, and what the user's orders hold."""

    currency: str
    available: Amount
    reserved: Amount


@dataclass(frozen=True, slots=True)
class PostingView:
    """One ledger row: positive for credit. `posting_id` is the key of the page before."""

    posting_id: int
    transfer_id: UUID
    user_id: int
    currency: str
    account: Account
    amount: Amount
    reference_type: ReferenceType
    reference_id: str
    order_id: int | None
    correlation_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ReservationView:
    """An order's budget as it stands."""

    order_id: int
    user_id: int
    currency: str
    reserved: Amount
    used: Amount
    filled_lots: int
    pending_release: int | None
    released: bool


class WalletQueries:
    """Reads with the reader's login; money is written elsewhere."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def balances(self, user_id: int) -> list[Balance]:
        """Every currency that the user has a wallet in, by name."""
        rows = await self._rows(
            select(wallet.c.currency, wallet_balance.c.account, wallet_balance.c.amount)
            .join(wallet_balance, wallet_balance.c.wallet_id == wallet.c.wallet_id)
            .where(wallet.c.user_id == user_id)
            .order_by(wallet.c.currency)
        )
        found: dict[str, dict[str, Amount]] = {}
        for row in rows:
            found.setdefault(row.currency, {})[row.account] = Amount(row.amount)
        return [
            Balance(
                currency=currency,
                available=amounts.get(Account.AVAILABLE, ZERO),
                reserved=amounts.get(Account.RESERVED, ZERO),
            )
            for currency, amounts in found.items()
        ]

    async def statement(
        self,
        user_id: int,
        *,
        currency: str | None = None,
        before_posting_id: int | None = None,
        limit: int = 100,
    ) -> list[PostingView]:
        """The user's ledger rows, newest first, at most 500 a page.

        The next page is asked for with the last row's `posting_id`.
        """
        conditions: list[ColumnElement[bool]] = [wallet.c.user_id == user_id]
        if currency is not None:
            conditions.append(wallet.c.currency == currency)
        if before_posting_id is not None:
            conditions.append(wallet_transaction.c.transaction_id < before_posting_id)
        rows = await self._rows(
            _postings()
            .where(*conditions)
            .order_by(wallet_transaction.c.transaction_id.desc())
            .limit(max(1, min(limit, MAX_PAGE)))
        )
        return [_view(row) for row in rows]

    async def postings_of_order(self, order_id: int) -> list[PostingView]:
        """All lines that moved this order's money, in time: reserve, its side of trades, release.

        The house's and the counterparty's lines of a trade are under the trade's reference.
        """
        rows = await self._rows(
            _postings()
            .where(wallet_transaction.c.order_id == order_id)
            .order_by(wallet_transaction.c.transaction_id)
        )
        return [_view(row) for row in rows]

    async def postings_of(self, kind: ReferenceType, reference_id: str) -> list[PostingView]:
        """The whole transfer of a deposit, an order's reserve or release, or `SYMBOL:trade_id`."""
        rows = await self._rows(
            _postings()
            .where(
                wallet_transaction.c.reference_type == kind,
                wallet_transaction.c.reference_id == reference_id,
            )
            .order_by(wallet_transaction.c.transaction_id)
        )
        return [_view(row) for row in rows]

    async def reservation_of(self, order_id: int) -> ReservationView | None:
        """The order's reservation; None where it never asked for one."""
        for row in await self._rows(select(reservation).where(reservation.c.order_id == order_id)):
            return ReservationView(
                order_id=row.order_id,
                user_id=row.user_id,
                currency=row.currency,
                reserved=Amount(row.reserved),
                used=Amount(row.used),
                filled_lots=row.filled_lots,
                pending_release=row.pending_release,
                released=bool(row.released),
            )
        return None

    async def _rows(
        self, statement: Select[tuple[object, ...]]
    ) -> Sequence[Row[tuple[object, ...]]]:
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).all()


def _postings() -> Select[tuple[object, ...]]:
    return select(wallet_transaction, wallet.c.user_id, wallet.c.currency).join(
        wallet, wallet.c.wallet_id == wallet_transaction.c.wallet_id
    )


def _view(row: Row[tuple[object, ...]]) -> PostingView:
    return PostingView(
        posting_id=row.transaction_id,
        transfer_id=row.transfer_id,
        user_id=row.user_id,
        currency=row.currency,
        account=Account(row.account),
        amount=Amount(row.amount),
        reference_type=ReferenceType(row.reference_type),
        reference_id=row.reference_id,
        order_id=row.order_id,
        correlation_id=row.correlation_id,
        at_ms=_ms(row.created_at),
    )


def _ms(at: datetime) -> int:
    return round(at.replace(tzinfo=UTC).timestamp() * 1000)
