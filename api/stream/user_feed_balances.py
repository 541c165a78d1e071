"""What transfers have made of the balances of those who are connected.

A transfer says what moved; how much there is now, the wallet's rows say. They are asked once
for all that moved since the last question, so a burst of trades costs one query a user.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog

from api.breaker import CircuitBreaker
from api.errors import ApiError
from api.guarded import guarded
from api.ports import WalletQueries
from api.stream.hub import Hub, is_user_channel, user_channel
from api.stream.user_payloads import account_position, balance_update
from contracts.wallet import Account, ReferenceType, TransferRecorded

FAILURE_PAUSE_S: Final = 0.5
DEPOSITS_REMEMBERED: Final = 1_000

_USERS_OWN: Final = frozenset({Account.AVAILABLE, Account.RESERVED})

log = structlog.get_logger()


@dataclass
class Touched:
    """What moved for one user since the last question: the currencies, and when the last did."""

    currencies: set[str] = field(default_factory=set)
    at_ms: int = 0


class UserBalances:
    """Takes transfers; publishes `outboundAccountPosition`, and `balanceUpdate` for deposits."""

    def __init__(
        self,
        hub: Hub,
        wallet: WalletQueries,
        breaker: CircuitBreaker,
        clock_ms: Callable[[], int],
    ) -> None:
        self._hub = hub
        self._wallet = wallet
        self._breaker = breaker
        self._clock_ms = clock_ms
        self._touched: dict[int, Touched] = {}
        self._anything = asyncio.Event()
        self._deposits: dict[UUID, None] = {}

    def wanted(self) -> bool:
        """Whether any user is connected."""
        return any(map(is_user_channel, self._hub.names()))

    def take(self, transfer: TransferRecorded) -> None:
        """Note what it moved for those who are connected. The house is nobody's channel."""
        for posting in transfer.postings:
            channel = user_channel(posting.user_id)
            if posting.account not in _USERS_OWN or not self._hub.wanted(channel):
                continue
            touched = self._touched.setdefault(posting.user_id, Touched())
            touched.currencies.add(posting.currency)
            touched.at_ms = max(touched.at_ms, transfer.at_ms)
            self._anything.set()
            if transfer.reference_type is ReferenceType.DEPOSIT and self._is_new(transfer):
                update = balance_update(
                    posting.currency, posting.amount, transfer.at_ms, self._clock_ms()
                )
                self._hub.publish(channel, update)

    async def run(self) -> None:
        """Ask and publish until cancelled. What the wallet cannot say now is asked again."""
        while True:
            await self._anything.wait()
            self._anything.clear()
            while self._touched:
                user_id = next(iter(self._touched))
                touched = self._touched.pop(user_id)
                if not await self._publish(user_id, touched):
                    await asyncio.sleep(FAILURE_PAUSE_S)

    async def _publish(self, user_id: int, touched: Touched) -> bool:
        channel = user_channel(user_id)
        if not self._hub.wanted(channel):
            return True
        try:
            balances = await guarded(self._breaker, self._wallet.balances, user_id)
        except ApiError as error:
            log.warning("user_balances.waiting", error=str(error))
            again = self._touched.setdefault(user_id, Touched())
            again.currencies |= touched.currencies
            again.at_ms = max(again.at_ms, touched.at_ms)
            return False
        moved = [b for b in balances if b.currency in touched.currencies]
        self._hub.publish(channel, account_position(moved, touched.at_ms, self._clock_ms()))
        return True

    def _is_new(self, deposit: TransferRecorded) -> bool:
        if deposit.transfer_id in self._deposits:
            return False
        self._deposits[deposit.transfer_id] = None
        if len(self._deposits) > DEPOSITS_REMEMBERED:
            del self._deposits[next(iter(self._deposits))]
        return True
