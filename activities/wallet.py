"""What a saga asks of the wallet. Refusals are values; silence raises and is tried again."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.ports import WalletPort
from contracts.wallet import (
    CommandConflict,
    DepositFunds,
    FundsDeposited,
    FundsRefused,
    FundsReleased,
    FundsReserved,
    ReduceReservation,
    ReleaseFunds,
    ReservationReduced,
    ReserveFunds,
    WalletReply,
)


class WalletActivities:
    def __init__(self, wallet: WalletPort) -> None:
        self._wallet = wallet

    @activity.defn
    async def reserve_funds(self, command: ReserveFunds) -> FundsReserved | FundsRefused:
        """Reserve, or learn that there is not enough."""
        reply = await self._wallet.ask(command)
        if isinstance(reply, FundsReserved | FundsRefused):
            return reply
        raise _unexpected(reply)

    @activity.defn
    async def release_funds(self, command: ReleaseFunds) -> FundsReleased:
        """Give back what the order no longer needs."""
        reply = await self._wallet.ask(command)
        if isinstance(reply, FundsReleased):
            return reply
        raise _unexpected(reply)

    @activity.defn
    async def reduce_reservation(self, command: ReduceReservation) -> ReservationReduced:
        """Give back what an amendment has freed."""
        reply = await self._wallet.ask(command)
        if isinstance(reply, ReservationReduced):
            return reply
        raise _unexpected(reply)

    @activity.defn
    async def deposit_funds(self, command: DepositFunds) -> FundsDeposited | CommandConflict:
        """Credit a deposit; a conflict means that its key was used for another one."""
        reply = await self._wallet.ask(command)
        if isinstance(reply, FundsDeposited | CommandConflict):
            return reply
        raise _unexpected(reply)


def _unexpected(reply: WalletReply) -> ApplicationError:
    return ApplicationError(
        f"the wallet will never do this: {reply}", type="WalletRefusal", non_retryable=True
    )
