"""Group commit: the commands of one window, decided and written in one transaction.

A reply is stored in the transaction of its effect, so a command that comes again gets it again.
A reserve that finds too little money is not refused at once: settlement lags the fills by
milliseconds, and what was just sold may be spent. It is decided again once settlement has
passed the end of the log; where that takes too long the outcome stays unknown.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.mysql import in_transaction, is_duplicate_key, is_refused_by_data
from adapters.outbox import nobody_waits
from contracts.message import decode, encode
from contracts.wallet import (
    HOUSE_USER_ID,
    CommandConflict,
    CommandInvalid,
    DepositFunds,
    FundsRefused,
    ReduceReservation,
    ReserveFunds,
    WalletCommand,
    WalletReply,
)
from wallet import repository
from wallet.clock import Clock, wall_clock_ms
from wallet.directory import Owner, WalletDirectory
from wallet.errors import (
    AlreadyReleased,
    AlreadyReserved,
    BalanceOverflow,
    InsufficientFunds,
    InvalidCommand,
)
from wallet.ledger import Ledger
from wallet.prefilter import Prefilter
from wallet.repository import Processed
from wallet.requests import request_hash, require_valid

SETTLEMENT_PATIENCE_S: Final = 1.0
DUPLICATE_ATTEMPTS: Final = 5
INSUFFICIENT_FUNDS: Final = "INSUFFICIENT_FUNDS"
ALREADY_RELEASED: Final = "ALREADY_RELEASED"

log = structlog.get_logger()
T = TypeVar("T")


class SettlementProgress(Protocol):
    """Knows whether settlement has caught up."""

    async def caught_up(self, timeout_s: float) -> bool:
        """True once all trades in the log at the time of the call are settled."""


class WalletService:
    """Decides wallet commands. One instance a process."""

    def __init__(
        self,
        engine: AsyncEngine,
        directory: WalletDirectory,
        progress: SettlementProgress,
        prefilter: Prefilter,
        *,
        currencies: Iterable[str],
        clock_ms: Clock = wall_clock_ms,
        committed: Callable[[], None] = nobody_waits,
    ) -> None:
        self._engine = engine
        self._directory = directory
        self._progress = progress
        self._prefilter = prefilter
        self._currencies = frozenset(currencies)
        self._clock_ms = clock_ms
        self._committed = committed

    async def handle_batch(self, commands: Sequence[WalletCommand]) -> list[WalletReply | None]:
        """Answer each command; None where the outcome is unknown and nothing is stored."""
        replies = await self.decide(commands)
        late = [i for i, reply in enumerate(replies) if reply is None]
        if late:
            answers = await self.decide_after_settlement([commands[i] for i in late])
            for i, answer in zip(late, answers, strict=True):
                replies[i] = answer
        return replies

    async def decide(self, commands: Sequence[WalletCommand]) -> list[WalletReply | None]:
        """Answer each command but those that lack funds as far as settlement has come: None."""
        return await self._decide(commands, may_refuse=False)

    async def decide_after_settlement(
        self, commands: Sequence[WalletCommand]
    ) -> list[WalletReply | None]:
        """Decide the commands that lacked funds, once no trade is left that could bring some.

        Waits at most a second; then the outcome is unknown (None), and nothing is stored.
        """
        if not await self._progress.caught_up(SETTLEMENT_PATIENCE_S):
            log.warning("wallet.settlement_behind", commands=len(commands))
            return [None] * len(commands)
        return await self._decide(commands, may_refuse=True)

    async def _decide(
        self, commands: Sequence[WalletCommand], *, may_refuse: bool
    ) -> list[WalletReply | None]:
        replies: list[WalletReply | None] = [self._invalid(command) for command in commands]
        valid = [i for i, reply in enumerate(replies) if reply is None]
        known = await self._prefilter.find([commands[i].command_id for i in valid])
        fresh: dict[UUID, WalletCommand] = {}
        for i in valid:
            if commands[i].command_id not in known:
                fresh.setdefault(commands[i].command_id, commands[i])
        if fresh:
            done = await self._transact(list(fresh.values()), may_refuse=may_refuse)
            self._committed()
            await self._prefilter.remember(done)
            known |= done
        for i in valid:
            if (row := known.get(commands[i].command_id)) is not None:
                replies[i] = _reply_from(row, commands[i])
        return replies

    def _invalid(self, command: WalletCommand) -> CommandInvalid | None:
        try:
            require_valid(command, self._currencies)
        except InvalidCommand as error:
            return CommandInvalid(command_id=command.command_id, detail=str(error))
        return None

    async def _transact(
        self, commands: Sequence[WalletCommand], *, may_refuse: bool
    ) -> dict[UUID, Processed]:
        """One transaction for all; one each where the database refuses the whole."""
        deposits = [c for c in commands if isinstance(c, DepositFunds)]
        owners = [(c.user_id, c.currency) for c in deposits]
        owners += [(HOUSE_USER_ID, c.currency) for c in deposits]
        now_ms = self._clock_ms()
        await self._directory.ensure(self._engine, owners, repository.utc(now_ms))

        async def work(connection: AsyncConnection) -> dict[UUID, Processed]:
            return await self._decide_locked(connection, commands, may_refuse, now_ms)

        try:
            return await _past_duplicates(lambda: in_transaction(self._engine, work))
        except DBAPIError as error:
            if not is_refused_by_data(error):
                raise
            if len(commands) > 1:
                done: dict[UUID, Processed] = {}
                for command in commands:
                    done |= await self._transact([command], may_refuse=may_refuse)
                return done
            log.error("wallet.command_impossible", command=commands[0], error=repr(error.orig))
            return {commands[0].command_id: _impossible(commands[0])}

    async def _decide_locked(
        self,
        connection: AsyncConnection,
        commands: Sequence[WalletCommand],
        may_refuse: bool,
        now_ms: int,
    ) -> dict[UUID, Processed]:
        done = await repository.lock_processed(connection, [c.command_id for c in commands])
        fresh = [c for c in commands if c.command_id not in done]
        order_ids = [c.order_id for c in fresh if not isinstance(c, DepositFunds)]
        reservations = await repository.lock_reservations(connection, order_ids)
        owners: set[Owner] = {(r.user_id, r.currency) for r in reservations.values()}
        for command in fresh:
            if isinstance(command, ReserveFunds | DepositFunds):
                owners |= {(command.user_id, command.currency), (HOUSE_USER_ID, command.currency)}
        wallets = await self._directory.find(connection, owners)
        ledger = Ledger(await repository.lock_balances(connection, wallets), reservations)
        new: dict[UUID, Processed] = {}
        for command in fresh:
            reply = _apply(ledger, command, now_ms, may_refuse)
            if reply is not None:
                new[command.command_id] = Processed(request_hash(command), encode(reply))
        await repository.insert_processed(connection, new, now_ms)
        await repository.write_ledger(connection, ledger, wallets, now_ms)
        return done | new


def _apply(
    ledger: Ledger, command: WalletCommand, now_ms: int, may_refuse: bool
) -> WalletReply | None:
    try:
        match command:
            case DepositFunds():
                return ledger.deposit(command, now_ms)
            case ReserveFunds():
                return _reserve(ledger, command, now_ms, may_refuse)
            case ReduceReservation():
                return ledger.reduce(command, now_ms)
            case _:
                return ledger.release(command, now_ms)
    except AlreadyReserved as error:
        return CommandConflict(command_id=command.command_id, detail=str(error))
    except (InvalidCommand, BalanceOverflow) as error:
        return CommandInvalid(command_id=command.command_id, detail=str(error))


def _reserve(
    ledger: Ledger, command: ReserveFunds, now_ms: int, may_refuse: bool
) -> WalletReply | None:
    try:
        return ledger.reserve(command, now_ms)
    except AlreadyReleased:
        reason = ALREADY_RELEASED
    except InsufficientFunds:
        if not may_refuse:
            return None
        reason = INSUFFICIENT_FUNDS
    return FundsRefused(
        command_id=command.command_id,
        order_id=command.order_id,
        currency=command.currency,
        reason=reason,
    )


def _reply_from(row: Processed, command: WalletCommand) -> WalletReply:
    if row.request_hash != request_hash(command):
        return CommandConflict(
            command_id=command.command_id,
            detail="the command id was used before with another body",
        )
    reply: WalletReply = decode(row.reply, WalletReply)
    return reply


def _impossible(command: WalletCommand) -> Processed:
    reply = CommandInvalid(
        command_id=command.command_id, detail="beyond what the ledger can hold; nothing was done"
    )
    return Processed(request_hash(command), encode(reply))


async def _past_duplicates(attempt: Callable[[], Awaitable[T]]) -> T:
    """Run again where another process did one of the commands meanwhile: its reply is there now."""
    for _ in range(DUPLICATE_ATTEMPTS - 1):
        try:
            return await attempt()
        except DBAPIError as error:
            if not is_duplicate_key(error):
                raise
    return await attempt()
