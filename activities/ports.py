"""What activities need of the world, as small protocols. Workers supply the real ones."""

from typing import Protocol

from contracts.matching import (
    AmendOrder,
    AmendRejected,
    CancelAllOrders,
    CancelOrder,
    CancelRejected,
    SubmitIndeterminate,
    SubmitOrder,
    SubmitOrderList,
)
from contracts.orders import Fill, FinalizeOrder, OrderState, PlaceOrder, PlaceOrderList
from contracts.registration import ListRegistration, Registration, Report
from contracts.wallet import WalletCommand, WalletReply


class OrdersPort(Protocol):
    """The order management system."""

    async def register(self, order: PlaceOrder) -> Registration:
        """Insert the order's row, or tell whose row is there."""

    async def record(self, report: Report) -> None:
        """Apply what the engine answered, unless something newer is there."""

    async def register_list(self, order_list: PlaceOrderList) -> ListRegistration:
        """Insert the list's row and its orders' rows, or tell whose rows are there."""

    async def read_state(self, order_id: int) -> OrderState | None:
        """The order as its row knows it, None where there is no row."""

    async def finalize(self, command: FinalizeOrder) -> None:
        """Hand `order.finalize` to whoever makes the row terminal."""


class WalletPort(Protocol):
    """The wallet. A timeout is an exception; the outcome is then unknown."""

    async def ask(self, command: WalletCommand) -> WalletReply: ...


Submitted = tuple[OrderState, tuple[Fill, ...]]
"""An order after its own submit, and that submit's fills."""


class AmendedOrder(Protocol):
    """An order after an amendment of it."""

    @property
    def state(self) -> OrderState: ...


class MatchingPort(Protocol):
    """The matching engine. None means silence: the outcome is unknown.

    All raise ConnectionError where the log did not acknowledge; the command may still arrive.
    """

    async def submit(
        self, command: SubmitOrder, timeout_s: float
    ) -> Submitted | SubmitIndeterminate | None: ...

    async def submit_list(
        self, command: SubmitOrderList, timeout_s: float
    ) -> tuple[Submitted, ...] | SubmitIndeterminate | None: ...

    async def cancel(
        self, command: CancelOrder, timeout_s: float
    ) -> OrderState | CancelRejected | None: ...

    async def cancel_all(
        self, command: CancelAllOrders, timeout_s: float
    ) -> tuple[OrderState, ...] | None: ...

    async def amend(
        self, command: AmendOrder, timeout_s: float
    ) -> AmendedOrder | AmendRejected | None: ...
