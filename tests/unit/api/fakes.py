"""The gateway's partners, in memory: they remember what they were asked."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from api.errors import OutcomeUnknown
from contracts.amounts import ZERO, Amount
from contracts.funding import Deposit, DepositOutcome, FundingStatus
from contracts.order_views import OrderView, TradeView
from contracts.orders import (
    CancelAnswer,
    CancelRequest,
    Fill,
    OrderStatus,
    PlacementAnswer,
    PlaceOrder,
    Refusal,
    SagaState,
    SagaView,
)

TRANSFER = UUID("5f6a0c7e-6a55-5d0f-8a6c-0d4f1d1d2c3b")


@dataclass
class FakeOrders:
    rows: list[OrderView] = field(default_factory=list)
    own_trades: list[TradeView] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    open_count: int = 0
    broken: bool = False

    async def order(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        client_order_id: str | None = None,
    ) -> OrderView | None:
        self._check()
        return next(
            (
                row
                for row in self.rows
                if (row.user_id, row.symbol) == (user_id, symbol)
                and order_id in {None, row.order_id}
                and client_order_id in {None, row.client_order_id}
            ),
            None,
        )

    async def any_order(self, user_id: int, order_id: int) -> OrderView | None:
        self._check()
        return next((r for r in self.rows if (r.user_id, r.order_id) == (user_id, order_id)), None)

    async def open_orders(self, user_id: int, symbol: str | None = None) -> list[OrderView]:
        self._check()
        return [
            row
            for row in self.rows
            if row.user_id == user_id and symbol in {None, row.symbol} and not row.status.terminal
        ]

    async def all_orders(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
    ) -> list[OrderView]:
        self._check()
        return [r for r in self.rows if (r.user_id, r.symbol) == (user_id, symbol)][:limit]

    async def trades(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        from_id: int | None = None,
        limit: int = 500,
    ) -> list[TradeView]:
        self._check()
        return self.own_trades[:limit]

    async def count_open(self, user_id: int, symbol: str) -> int:
        self._check()
        return self.open_count

    async def fills_of(self, order_id: int) -> list[Fill]:
        return self.fills

    def _check(self) -> None:
        if self.broken:
            raise ConnectionError("the database is away")


@dataclass
class FakeSagas:
    placed: list[PlaceOrder] = field(default_factory=list)
    cancels: list[CancelRequest] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    status: OrderStatus = OrderStatus.OPEN
    refusal: Refusal | None = None
    filled: Amount = ZERO
    fills: tuple[Fill, ...] = ()
    repeated: bool = False
    silent: bool = False
    funding: FundingStatus = FundingStatus.COMPLETED

    async def place(self, order: PlaceOrder) -> PlacementAnswer:
        self.placed.append(order)
        if self.silent:
            raise OutcomeUnknown
        return PlacementAnswer(
            order_id=order.order_id,
            client_order_id=order.client_order_id,
            status=self.status,
            filled_quantity=self.filled,
            filled_quote=Amount(self.filled * order.price),
            transact_time_ms=order.accepted_at_ms,
            fills=self.fills,
            refusal=self.refusal,
            repeated=self.repeated,
        )

    async def cancel(
        self, user_id: int, client_order_id: str, request: CancelRequest
    ) -> CancelAnswer:
        self.cancels.append(request)
        return CancelAnswer(
            order_id=request.order_id,
            status=OrderStatus.CANCELLED if self.refusal is None else OrderStatus.FILLED,
            filled_quantity=ZERO,
            filled_quote=ZERO,
            transact_time_ms=request.requested_at_ms,
            refusal=self.refusal,
        )

    async def deposit(self, deposit: Deposit) -> DepositOutcome:
        self.deposits.append(deposit)
        return DepositOutcome(
            status=self.funding,
            currency=deposit.currency,
            amount=deposit.amount,
            transfer_id=TRANSFER,
            available=deposit.amount,
        )

    async def saga_view(self, user_id: int, client_order_id: str) -> SagaView | None:
        return SagaView(order_id=41, state=SagaState.COMPLETED, status=OrderStatus.FILLED, steps=())


@dataclass(frozen=True)
class Balance:
    currency: str
    available: Amount
    reserved: Amount


@dataclass(frozen=True)
class Line:
    posting_id: int
    transfer_id: UUID
    currency: str
    account: str
    amount: Amount
    reference_type: str
    reference_id: str
    at_ms: int


class FakeWallet:
    async def balances(self, user_id: int) -> Sequence[Balance]:
        return [Balance("BTC", Amount("1.5"), Amount("0.00000001")), Balance("ETH", ZERO, ZERO)]

    async def statement(
        self,
        user_id: int,
        *,
        currency: str | None = None,
        before_posting_id: int | None = None,
        limit: int = 100,
    ) -> Sequence[Line]:
        return [
            Line(3, TRANSFER, "BTC", "AVAILABLE", Amount("1.5"), "DEPOSIT", "first", 1_800_000_000)
        ]


@dataclass(frozen=True)
class Book:
    last_update_id: int
    bids: Sequence[tuple[Amount, Amount]]
    asks: Sequence[tuple[Amount, Amount]]


@dataclass
class FakeMarketData:
    limits: list[int] = field(default_factory=list)
    slow: bool = False

    async def depth(self, symbol: str, limit: int) -> Book:
        self.limits.append(limit)
        if self.slow:
            await asyncio.sleep(60)
        return Book(160, [(Amount("60000"), Amount("0.5"))], [(Amount("60001"), Amount("1"))])


@dataclass
class FakeMarkets:
    done: list[tuple[str, str]] = field(default_factory=list)

    async def halt(self, symbol: str, reason: str) -> None:
        self.done.append(("halt", symbol))

    async def resume(self, symbol: str) -> None:
        self.done.append(("resume", symbol))
