"""What activities need of the world, as small protocols. Workers supply the real ones."""

from typing import Protocol

from contracts.matching import CancelOrder, CancelRejected, SubmitOrder
from contracts.orders import Fill, FinalizeOrder, OrderState, PlaceOrder
from contracts.registration import Registration, Report
from contracts.wallet import WalletCommand, WalletReply


class OrdersPort(Protocol):
    """The order management system."""

    async def register(self, order: PlaceOrder) -> Registration:
        """Insert the order's row, or tell whose row is there."""

    async def record(self, report: Report) -> None:
        """Apply what the engine answered, unless something newer is there."""

    async def finalize(self, command: FinalizeOrder) -> None:
        """Hand `order.finalize` to whoever makes the row terminal."""


class WalletPort(Protocol):
    """The wallet. A timeout is an exception; the outcome is then unknown."""

    async def ask(self, command: WalletCommand) -> WalletReply: ...


class MatchingPort(Protocol):
    """The matching engine. None means silence: the outcome is unknown.

    Both raise ConnectionError where the log did not acknowledge; the command may still arrive.
    """

    async def submit(
        self, command: SubmitOrder, timeout_s: float
    ) -> tuple[OrderState, tuple[Fill, ...]] | None: ...

    async def cancel(
        self, command: CancelOrder, timeout_s: float
    ) -> OrderState | CancelRejected | None: ...
