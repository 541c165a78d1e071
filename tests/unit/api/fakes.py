"""The gateway's partners, in memory: they remember what they were asked."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from api.errors import OutcomeUnknown, Overloaded
from contracts.amounts import ZERO, Amount
from contracts.funding import Deposit, DepositOutcome, FundingStatus
from contracts.order_views import (
    OpenCounts,
    OrderListView,
    OrderView,
    PreventedMatchView,
    TradeView,
)
from contracts.orders import (
    AmendAnswer,
    AmendRequest,
    CancelAllAnswer,
    CancelAllRequest,
    CancelAnswer,
    CancelRequest,
    ExpiryReason,
    Fill,
    ListAnswer,
    OrderState,
    OrderStatus,
    PlacementAnswer,
    PlaceOrder,
    PlaceOrderList,
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
    counts: OpenCounts = field(default_factory=OpenCounts)
    prevented: list[PreventedMatchView] = field(default_factory=list)
    lists: list[OrderListView] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)  # what `unfinalized` answers, then 0
    waited_for: list[int] = field(default_factory=list)
    asked: dict[str, object] = field(default_factory=dict)
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
        return self.counts.orders

    async def open_counts(self, user_id: int, symbol: str) -> OpenCounts:
        self._check()
        return self.counts

    async def unfinalized(self, order_ids: Sequence[int]) -> int:
        self._check()
        self.waited_for = list(order_ids)
        return self.waits.pop(0) if self.waits else 0

    async def prevented_matches(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        prevented_match_id: int | None = None,
        from_id: int | None = None,
        limit: int = 500,
    ) -> list[PreventedMatchView]:
        self._check()
        self.asked = {"order_id": order_id, "id": prevented_match_id, "from": from_id}
        return self.prevented[:limit]

    async def order_list(
        self,
        user_id: int,
        *,
        list_id: int | None = None,
        list_client_order_id: str | None = None,
    ) -> OrderListView | None:
        self._check()
        return next(
            (
                found
                for found in self.lists
                if found.user_id == user_id
                and list_id in {None, found.list_id}
                and list_client_order_id in {None, found.list_client_order_id}
            ),
            None,
        )

    async def order_lists(
        self,
        user_id: int,
        *,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
        open_only: bool = False,
    ) -> list[OrderListView]:
        self._check()
        self.asked = {"from": from_id, "start": start_ms, "end": end_ms, "open_only": open_only}
        return [found for found in self.lists if found.user_id == user_id][:limit]

    async def fills_of(self, order_id: int) -> list[Fill]:
        return self.fills

    def _check(self) -> None:
        if self.broken:
            raise ConnectionError("the database is away")


@dataclass
class FakeSagas:
    placed: list[PlaceOrder] = field(default_factory=list)
    lists: list[PlaceOrderList] = field(default_factory=list)
    cancels: list[CancelRequest] = field(default_factory=list)
    cancelled_lists: list[str] = field(default_factory=list)
    cancel_alls: list[CancelAllRequest] = field(default_factory=list)
    amendments: list[AmendRequest] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    status: OrderStatus = OrderStatus.OPEN
    refusal: Refusal | None = None
    cancel_refusal: Refusal | None = None
    filled: Amount = ZERO
    fills: tuple[Fill, ...] = ()
    expiry: ExpiryReason | None = None
    working: bool = True
    repeated: bool = False
    silent: bool = False
    cancel_silent: bool = False
    closed: tuple[OrderState, ...] = ()  # what a cancel-all answers
    amended: OrderState | None = None
    funding: FundingStatus = FundingStatus.COMPLETED

    async def place(self, order: PlaceOrder) -> PlacementAnswer:
        self.placed.append(order)
        if self.silent:
            raise OutcomeUnknown
        return self._answer(order, self.refusal)

    async def place_list(self, order_list: PlaceOrderList) -> ListAnswer:
        self.lists.append(order_list)
        if self.silent:
            raise OutcomeUnknown
        return ListAnswer(
            list_id=order_list.list_id,
            list_client_order_id=order_list.list_client_order_id,
            transact_time_ms=order_list.accepted_at_ms,
            legs=() if self.refusal else tuple(self._answer(o, None) for o in order_list.legs),
            refusal=self.refusal,
            repeated=self.repeated,
        )

    def _answer(self, order: PlaceOrder, refusal: Refusal | None) -> PlacementAnswer:
        return PlacementAnswer(
            order_id=order.order_id,
            client_order_id=order.client_order_id,
            status=self.status,
            filled_quantity=self.filled,
            filled_quote=Amount(self.filled * order.price),
            transact_time_ms=order.accepted_at_ms,
            fills=self.fills,
            refusal=refusal,
            repeated=self.repeated,
            working=self.working,
            expiry=self.expiry,
        )

    async def cancel(
        self,
        user_id: int,
        client_order_id: str,
        request: CancelRequest,
        *,
        list_client_order_id: str = "",
    ) -> CancelAnswer:
        self.cancels.append(request)
        self.cancelled_lists.append(list_client_order_id)
        if self.cancel_silent:
            raise OutcomeUnknown
        return CancelAnswer(
            order_id=request.order_id,
            status=OrderStatus.FILLED if self.cancel_refusal else OrderStatus.CANCELLED,
            filled_quantity=ZERO,
            filled_quote=ZERO,
            transact_time_ms=request.requested_at_ms,
            refusal=self.cancel_refusal,
        )

    async def cancel_all(self, request: CancelAllRequest) -> CancelAllAnswer:
        self.cancel_alls.append(request)
        if self.cancel_silent:
            raise OutcomeUnknown
        return CancelAllAnswer(states=self.closed)

    async def amend(self, user_id: int, client_order_id: str, request: AmendRequest) -> AmendAnswer:
        self.amendments.append(request)
        if self.silent:
            raise OutcomeUnknown
        return AmendAnswer(order_id=request.order_id, state=self.amended, refusal=self.refusal)

    async def deposit(self, deposit: Deposit) -> DepositOutcome:
        self.deposits.append(deposit)
        return DepositOutcome(
            status=self.funding,
            currency=deposit.currency,
            amount=deposit.amount,
            transfer_id=TRANSFER,
            available=deposit.amount,
        )

    async def saga_view(
        self, user_id: int, client_order_id: str, *, list_client_order_id: str = ""
    ) -> SagaView | None:
        order_id = 9 if list_client_order_id else 41
        return SagaView(
            order_id=order_id, state=SagaState.COMPLETED, status=OrderStatus.FILLED, steps=()
        )


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
    last: Amount | None = field(default_factory=lambda: Amount("60000"))
    bids: list[tuple[Amount, Amount]] = field(
        default_factory=lambda: [(Amount("60000"), Amount("0.5"))]
    )
    asks: list[tuple[Amount, Amount]] = field(
        default_factory=lambda: [(Amount("60001"), Amount("1"))]
    )
    has_book: bool = True
    slow: bool = False
    broken: bool = False

    async def depth(self, symbol: str, limit: int) -> Book:
        self.limits.append(limit)
        if self.slow:
            await asyncio.sleep(60)
        if not self.has_book:
            raise Overloaded
        return Book(160, self.bids, self.asks)

    async def last_price(self, symbol: str) -> Amount | None:
        if self.broken:
            raise ConnectionError("redis is away")
        return self.last


@dataclass
class FakeMarkets:
    done: list[tuple[str, str]] = field(default_factory=list)

    async def halt(self, symbol: str, reason: str) -> None:
        self.done.append(("halt", symbol))

    async def resume(self, symbol: str) -> None:
        self.done.append(("resume", symbol))
