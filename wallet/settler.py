"""Settles a batch of trades in one transaction: postings, reservations, releases, next offset.

A trade that the ledger refuses is parked beside the others' commit, and its market is halted
afterwards. Where the database itself refuses the rows, the culprit is found by bisection.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.mysql import in_transaction, is_refused_by_data
from adapters.outbox import nobody_waits
from contracts.instruments import Instrument
from contracts.topology import transfer_id
from contracts.wallet import HOUSE_USER_ID, ReferenceType
from wallet import log_position, repository
from wallet.clock import Clock, wall_clock_ms
from wallet.directory import Owner, WalletDirectory
from wallet.errors import BadTrade, InsufficientFunds, LedgerBroken
from wallet.ledger import Ledger
from wallet.postings import reservation_ids, trade_postings, trade_reference
from wallet.trade_log import LogBatch, LoggedTrade, ParkedItem, parked, require_plausible

log = structlog.get_logger()


class _Rehearsed(Exception):
    """The rows were accepted; everything is rolled back."""


class TradeSettler:
    """Knows the ledger and the database, not Kafka."""

    def __init__(
        self,
        engine: AsyncEngine,
        directory: WalletDirectory,
        markets: dict[str, Instrument],
        *,
        clock_ms: Clock = wall_clock_ms,
        committed: Callable[[], None] = nobody_waits,
    ) -> None:
        self._engine = engine
        self._directory = directory
        self._markets = markets
        self._clock_ms = clock_ms
        self._committed = committed

    async def settle(self, batch: LogBatch) -> int:
        """Settle the batch and move the position; returns how many items were parked.

        Raises:
            OffsetMoved: another settlement was here; nothing is committed.
        """
        bad = list(batch.unreadable)
        good: list[LoggedTrade] = []
        for logged in batch.trades:
            try:
                require_plausible(logged, batch.partition, self._markets)
                good.append(logged)
            except BadTrade as error:
                bad.append(parked(logged, str(error)))
        batch = replace(batch, trades=tuple(good), unreadable=tuple(bad))
        owners = {owner for logged in good for owner in _owners(logged)}
        await self._directory.ensure(self._engine, owners, repository.utc(self._clock_ms()))
        while True:
            try:
                set_aside = await in_transaction(self._engine, partial(self._settle, batch))
            except DBAPIError as error:
                if not (batch.trades and is_refused_by_data(error)):
                    raise
                batch = await self._without_culprit(batch, repr(error.orig))
            else:
                self._committed()
                return set_aside

    async def _settle(self, batch: LogBatch, connection: AsyncConnection) -> int:
        await log_position.lock_position(connection, batch)
        bad = list(batch.unreadable)
        if batch.trades:
            bad += await self._post_trades(connection, batch.trades)
        await log_position.park(connection, batch.partition, bad, self._clock_ms())
        await log_position.move_position(connection, batch)
        for item in bad:
            log.critical(
                "settlement.trade_parked",
                symbol=item.symbol,
                reference_id=item.reference_id,
                partition=batch.partition,
                offset=item.offset,
                reason=item.reason,
            )
        return len(bad)

    async def _post_trades(
        self, connection: AsyncConnection, trades: tuple[LoggedTrade, ...]
    ) -> list[ParkedItem]:
        reservations = await repository.lock_reservations(
            connection, [i for logged in trades for i in reservation_ids(logged.trade)]
        )
        owners = {owner for logged in trades for owner in _owners(logged)}
        owners |= {(r.user_id, r.currency) for r in reservations.values()}
        wallets = await self._directory.find(connection, owners)
        balances = await repository.lock_balances(connection, wallets)
        known = await repository.find_postings(connection, [_transfer(t) for t in trades])
        ledger = Ledger(balances, reservations)
        bad: list[ParkedItem] = []
        for logged in trades:
            key, lines = _transfer(logged), _lines(logged, wallets)
            if key in known:
                if known[key] != lines:
                    bad.append(parked(logged, "settled before with other figures"))
                continue
            try:
                ledger.settle(logged.trade, logged.at_ms)
                known[key] = lines
            except (LedgerBroken, InsufficientFunds) as error:
                bad.append(parked(logged, f"{type(error).__name__}: {error}"))
        await repository.write_ledger(connection, ledger, wallets, self._clock_ms())
        return bad

    async def _without_culprit(self, batch: LogBatch, reason: str) -> LogBatch:
        """Find the first trade whose rows the database refuses, and move it aside."""
        accepted, refused = 0, len(batch.trades)
        while refused - accepted > 1:
            middle = (accepted + refused) // 2
            if await self._rehearse(replace(batch, trades=batch.trades[:middle])):
                accepted = middle
            else:
                refused = middle
        culprit = batch.trades[refused - 1]
        return replace(
            batch,
            trades=batch.trades[: refused - 1] + batch.trades[refused:],
            unreadable=(*batch.unreadable, parked(culprit, reason)),
        )

    async def _rehearse(self, batch: LogBatch) -> bool:
        async def work(connection: AsyncConnection) -> None:
            await log_position.lock_position(connection, batch)
            await self._post_trades(connection, batch.trades)
            raise _Rehearsed

        try:
            await in_transaction(self._engine, work)
        except _Rehearsed:
            return True
        except DBAPIError as error:
            if not is_refused_by_data(error):
                raise
        return False


def _owners(logged: LoggedTrade) -> set[Owner]:
    trade = logged.trade
    return {
        (user_id, currency)
        for user_id in (trade.buyer_user_id, trade.seller_user_id, HOUSE_USER_ID)
        for currency in (trade.base, trade.quote)
    }


def _transfer(logged: LoggedTrade) -> UUID:
    return transfer_id(ReferenceType.TRADE, trade_reference(logged.trade))


def _lines(logged: LoggedTrade, wallets: Mapping[Owner, int]) -> list[tuple[int, str, int]]:
    return [
        (wallets[line.place.user_id, line.place.currency], line.place.account, line.amount_e8)
        for line in trade_postings(logged.trade)
    ]
