"""The gateway's sagas, in memory: they remember what they were asked."""

from dataclasses import dataclass, field
from uuid import UUID

from api.errors import OutcomeUnknown
from api.saga_search import SagaRow, Show
from contracts.amounts import ZERO, Amount
from contracts.funding import Deposit, DepositOutcome, FundingStatus
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
class FakeSagas:
    placed: list[PlaceOrder] = field(default_factory=list)
    lists: list[PlaceOrderList] = field(default_factory=list)
    cancels: list[CancelRequest] = field(default_factory=list)
    cancelled_lists: list[str] = field(default_factory=list)
    cancel_alls: list[CancelAllRequest] = field(default_factory=list)
    amendments: list[AmendRequest] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    searches: list[tuple[Show, int, str | None]] = field(default_factory=list)
    found: list[SagaRow] = field(default_factory=list)
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

    async def find(self, show: Show, *, limit: int, symbol: str | None = None) -> list[SagaRow]:
        self.searches.append((show, limit, symbol))
        return self.found
