"""Fakes of a saga's partners: they have the ports' methods, do as told, and remember."""

import asyncio
from collections import deque

from contracts.amounts import ZERO
from contracts.matching import CancelOrder, CancelRejected, SubmitOrder
from contracts.orders import Fill, FinalizeOrder, OrderState, PlaceOrder, Refusal
from contracts.registration import Registration, Report
from contracts.wallet import (
    DepositFunds,
    FundsDeposited,
    FundsRefused,
    FundsReleased,
    FundsReserved,
    ReleaseFunds,
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

    async def register(self, order: PlaceOrder) -> Registration:
        self.registered.append(order)
        return self.registration or Registration(order_id=order.order_id)

    async def record(self, report: Report) -> None:
        self.reports.append(report)

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
    def reserves(self) -> list[ReserveFunds]:
        return [c for c in self.asked if isinstance(c, ReserveFunds)]


class FakeMatching:
    """Answers submits and cancels from scripts; an empty script is silence."""

    def __init__(self) -> None:
        self.submitted: list[SubmitOrder] = []
        self.cancelled: list[CancelOrder] = []
        self.submit_answers: deque[tuple[OrderState, tuple[Fill, ...]]] = deque()
        self.cancel_answers: deque[OrderState | None] = deque()
        self.log_is_away = False

    async def submit(
        self, command: SubmitOrder, timeout_s: float
    ) -> tuple[OrderState, tuple[Fill, ...]] | None:
        if self.log_is_away:
            raise PartnerDown("kafka")
        self.submitted.append(command)
        return self.submit_answers.popleft() if self.submit_answers else None

    async def cancel(
        self, command: CancelOrder, timeout_s: float
    ) -> OrderState | CancelRejected | None:
        self.cancelled.append(command)
        if self.cancel_answers:
            return self.cancel_answers.popleft()
        return CancelRejected(
            symbol=command.symbol, order_id=command.order_id, refusal=Refusal.UNKNOWN_ORDER
        )
