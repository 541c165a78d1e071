"""Fakes of a saga's partners: they have the ports' methods, do as told, and remember."""

import asyncio
from collections import deque

from activities.ports import Submitted
from contracts.amounts import ZERO
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
from contracts.orders import (
    FinalizeOrder,
    OrderState,
    PlaceOrder,
    PlaceOrderList,
    Refusal,
)
from contracts.registration import ListRegistration, Registration, Report
from contracts.wallet import (
    DepositFunds,
    FundsDeposited,
    FundsRefused,
    FundsReleased,
    FundsReserved,
    ReduceReservation,
    ReleaseFunds,
    ReservationReduced,
    ReserveFunds,
    WalletCommand,
    WalletReply,
)


class PartnerDown(ConnectionError):
    """What a partner's client raises while the partner is away."""


class FakeOrders:
    def __init__(self) -> None:
        self.registered: list[PlaceOrder] = []
        self.reports: list[Report] = []
        self.finalized: list[FinalizeOrder] = []
        self.registration: Registration | None = None
        self.lists: list[PlaceOrderList] = []
        self.list_registration: ListRegistration | None = None
        self.row_states: dict[int, OrderState] = {}

    async def register(self, order: PlaceOrder) -> Registration:
        self.registered.append(order)
        return self.registration or Registration(order_id=order.order_id)

    async def record(self, report: Report) -> None:
        self.reports.append(report)

    async def register_list(self, order_list: PlaceOrderList) -> ListRegistration:
        self.lists.append(order_list)
        return self.list_registration or ListRegistration(list_id=order_list.list_id)

    async def read_state(self, order_id: int) -> OrderState | None:
        return self.row_states.get(order_id)

    async def finalize(self, command: FinalizeOrder) -> None:
        self.finalized.append(command)


class FakeWallet:
    """Reserves and releases unless told otherwise; `down_for` calls fail first."""

    def __init__(self) -> None:
        self.asked: list[WalletCommand] = []
        self.refuses = False
        self.down_for = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, command: WalletCommand) -> WalletReply:
        await self.gate.wait()
        if self.down_for > 0:
            self.down_for -= 1
            raise PartnerDown("wallet")
        self.asked.append(command)
        match command:
            case ReserveFunds() if self.refuses:
                return FundsRefused(
                    command_id=command.command_id,
                    order_id=command.order_id,
                    currency=command.currency,
                    reason="INSUFFICIENT_FUNDS",
                )
            case ReserveFunds():
                return FundsReserved(
                    command_id=command.command_id,
                    order_id=command.order_id,
                    currency=command.currency,
                    amount=command.amount,
                )
            case ReleaseFunds():
                return FundsReleased(
                    command_id=command.command_id,
                    order_id=command.order_id,
                    amount=ZERO,
                    pending=False,
                )
            case ReduceReservation():
                return ReservationReduced(
                    command_id=command.command_id, order_id=command.order_id, amount=command.amount
                )
            case DepositFunds():
                return FundsDeposited(
                    command_id=command.command_id,
                    user_id=command.user_id,
                    currency=command.currency,
                    amount=command.amount,
                    transfer_id=command.command_id,
                    available=command.amount,
                )

    @property
    def released_lots(self) -> list[int]:
        """The filled quantity that each release named."""
        return [c.filled_lots for c in self.asked if isinstance(c, ReleaseFunds)]

    @property
    def reduced(self) -> list[str]:
        """What each reduction gave back."""
        return [str(c.amount) for c in self.asked if isinstance(c, ReduceReservation)]

    @property
    def kept(self) -> list[str]:
        """What each reduction was to leave."""
        return [str(c.keep) for c in self.asked if isinstance(c, ReduceReservation)]

    @property
    def reserves(self) -> list[ReserveFunds]:
        return [c for c in self.asked if isinstance(c, ReserveFunds)]


class Amended:
    """An order after an amendment, as the engine's client tells it."""

    def __init__(self, state: OrderState) -> None:
        self.state = state


class FakeMatching:
    """Answers from scripts; an empty script is silence, or an order never seen."""

    def __init__(self) -> None:
        self.submitted: list[SubmitOrder] = []
        self.cancelled: list[CancelOrder] = []
        self.lists: list[SubmitOrderList] = []
        self.amended: list[AmendOrder] = []
        self.cancelled_all: list[CancelAllOrders] = []
        self.submit_answers: deque[Submitted | SubmitIndeterminate] = deque()
        self.list_answers: deque[tuple[Submitted, ...] | SubmitIndeterminate] = deque()
        self.cancel_answers: deque[OrderState | None] = deque()
        self.cancel_all_answers: deque[tuple[OrderState, ...] | None] = deque()
        self.amend_answers: deque[Amended | AmendRejected | None] = deque()
        self.log_is_away = False

    async def submit(
        self, command: SubmitOrder, timeout_s: float
    ) -> Submitted | SubmitIndeterminate | None:
        if self.log_is_away:
            raise PartnerDown("kafka")
        self.submitted.append(command)
        return self.submit_answers.popleft() if self.submit_answers else None

    async def submit_list(
        self, command: SubmitOrderList, timeout_s: float
    ) -> tuple[Submitted, ...] | SubmitIndeterminate | None:
        self.lists.append(command)
        return self.list_answers.popleft() if self.list_answers else None

    async def cancel(
        self, command: CancelOrder, timeout_s: float
    ) -> OrderState | CancelRejected | None:
        self.cancelled.append(command)
        if self.cancel_answers:
            return self.cancel_answers.popleft()
        return CancelRejected(
            symbol=command.symbol, order_id=command.order_id, refusal=Refusal.UNKNOWN_ORDER
        )

    async def cancel_all(
        self, command: CancelAllOrders, timeout_s: float
    ) -> tuple[OrderState, ...] | None:
        self.cancelled_all.append(command)
        return self.cancel_all_answers.popleft()

    async def amend(self, command: AmendOrder, timeout_s: float) -> Amended | AmendRejected | None:
        self.amended.append(command)
        return self.amend_answers.popleft()
