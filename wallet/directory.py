"""Which wallet id a user has in a currency. Rows never change, so what was found is kept."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.mysql import in_transaction
from contracts.amounts import ZERO
from contracts.wallet import HOUSE_USER_ID, Account
from wallet.tables import wallet, wallet_balance

Owner = tuple[int, str]
"""(user id, currency)."""

USER_ACCOUNTS = (Account.AVAILABLE, Account.RESERVED)
HOUSE_ACCOUNTS = (Account.FEES, Account.EXTERNAL)


class WalletDirectory:
    """Finds wallets, and makes them before they are needed."""

    def __init__(self) -> None:
        self._ids: dict[Owner, int] = {}

    async def find(self, connection: AsyncConnection, owners: Iterable[Owner]) -> dict[Owner, int]:
        """The wallets that exist; an owner without one is left out."""
        wanted = set(owners)
        unknown = sorted(wanted - self._ids.keys())
        if unknown:
            rows = await connection.execute(
                select(wallet.c.user_id, wallet.c.currency, wallet.c.wallet_id).where(
                    wallet.c.user_id.in_({user_id for user_id, _ in unknown}),
                    tuple_(wallet.c.user_id, wallet.c.currency).in_(unknown),
                )
            )
            # Rows of a transaction that may still roll back are not seen here: they are made in
            # transactions of their own, and looked up in others.
            self._ids.update({(row.user_id, row.currency): row.wallet_id for row in rows})
        return {owner: self._ids[owner] for owner in wanted if owner in self._ids}

    async def ensure(self, engine: AsyncEngine, owners: Iterable[Owner], now: datetime) -> None:
        """Make the wallets that are missing, with empty balances, in a transaction of its own."""
        wanted = set(owners)
        if wanted <= self._ids.keys():
            return
        async with engine.connect() as connection:
            missing = sorted(wanted - (await self.find(connection, wanted)).keys())
        if not missing:
            return

        async def create(connection: AsyncConnection) -> None:
            await _create(connection, missing, now)

        await in_transaction(engine, create)
        async with engine.connect() as connection:
            await self.find(connection, missing)


async def _create(connection: AsyncConnection, owners: list[Owner], now: datetime) -> None:
    new_wallet = insert(wallet)
    await connection.execute(
        new_wallet.on_duplicate_key_update(user_id=wallet.c.user_id),
        [{"user_id": u, "currency": c, "created_at": now} for u, c in owners],
    )
    rows = await connection.execute(
        select(wallet.c.user_id, wallet.c.wallet_id)
        .where(
            wallet.c.user_id.in_({user_id for user_id, _ in owners}),
            tuple_(wallet.c.user_id, wallet.c.currency).in_(owners),
        )
        .order_by(wallet.c.wallet_id)
    )
    balances = [
        {"wallet_id": row.wallet_id, "account": account, "amount": ZERO}
        for row in rows
        for account in (HOUSE_ACCOUNTS if row.user_id == HOUSE_USER_ID else USER_ACCOUNTS)
    ]
    new_balance = insert(wallet_balance)
    await connection.execute(
        new_balance.on_duplicate_key_update(account=wallet_balance.c.account), balances
    )
