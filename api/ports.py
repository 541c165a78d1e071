"""What the gateway asks of sagas, orders and wallet.

Tests put fakes behind all ports, `main.py` the real partners.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from contracts.amounts import Amount
from contracts.funding import Deposit, DepositOutcome
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
    Fill,
    ListAnswer,
    PlacementAnswer,
    PlaceOrder,
    PlaceOrderList,
    SagaView,
)


class Sagas(Protocol):
    """The way into the workflows.

    Every method raises `api.errors.OutcomeUnknown` when no answer came in time: then nobody
    may claim that the request was refused.
    """

    async def place(self, order: PlaceOrder) -> PlacementAnswer: ...

    async def cancel(
        self,
        user_id: int,
        client_order_id: str,
        request: CancelRequest,
        *,
        list_client_order_id: str = "",
    ) -> CancelAnswer:
        """Cancel one order. A leg of an order list, whose saga goes by the list's client id,
        stands for the whole list."""
        ...

    async def cancel_all(self, request: CancelAllRequest) -> CancelAllAnswer:
        """Take all of a user's orders off one market's book, in one step of the engine.

        The answer holds those that were cancelled; their money is given back a moment later.
        """
        ...

    async def amend(
        self, user_id: int, client_order_id: str, request: AmendRequest
    ) -> AmendAnswer: ...

    async def place_list(self, order_list: PlaceOrderList) -> ListAnswer: ...

    async def deposit(self, deposit: Deposit) -> DepositOutcome: ...

    async def saga_view(
        self, user_id: int, client_order_id: str, *, list_client_order_id: str = ""
    ) -> SagaView | None: ...


class OrderQueries(Protocol):
    """A user's own orders and trades. The user is always part of the question.

    All but `any_order` and `any_orders` leave out what was refused before the engine took it.
    """

    async def order(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        client_order_id: str | None = None,
    ) -> OrderView | None: ...

    async def any_order(self, user_id: int, order_id: int) -> OrderView | None: ...

    async def any_orders(
        self, user_id: int, symbol: str, *, before_id: int | None = None, limit: int = 100
    ) -> list[OrderView]:
        """The newest first."""
        ...

    async def open_orders(self, user_id: int, symbol: str | None = None) -> list[OrderView]: ...

    async def all_orders(
        self,
        user_id: int,
        symbol: str,
        *,
        order_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
    ) -> list[OrderView]: ...

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
    ) -> list[TradeView]: ...

    async def count_open(self, user_id: int, symbol: str) -> int: ...

    async def open_counts(self, user_id: int, symbol: str) -> OpenCounts: ...

    async def unfinalized(self, order_ids: Sequence[int]) -> int:
        """How many of these orders have a saga that has not given all their money back yet."""
        ...

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
        """Matches that self-trade prevention did not let happen, in the order of their ids."""
        ...

    async def order_list(
        self,
        user_id: int,
        *,
        list_id: int | None = None,
        list_client_order_id: str | None = None,
    ) -> OrderListView | None: ...

    async def order_lists(
        self,
        user_id: int,
        *,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
        open_only: bool = False,
    ) -> list[OrderListView]: ...

    async def fills_of(self, order_id: int) -> list[Fill]: ...


class BalanceView(Protocol):
    """What a user has of one currency."""

    @property
    def currency(self) -> str: ...

    @property
    def available(self) -> Amount: ...

    @property
    def reserved(self) -> Amount: ...


class LedgerLineView(Protocol):
    """One posting on one of the user's accounts."""

    @property
    def posting_id(self) -> int: ...

    @property
    def transfer_id(self) -> UUID: ...

    @property
    def currency(self) -> str: ...

    @property
    def account(self) -> str: ...

    @property
    def amount(self) -> Amount: ...

    @property
    def reference_type(self) -> str: ...

    @property
    def reference_id(self) -> str: ...

    @property
    def at_ms(self) -> int: ...


class WalletQueries(Protocol):
    async def balances(self, user_id: int) -> Sequence[BalanceView]: ...

    async def statement(
        self,
        user_id: int,
        *,
        currency: str | None = None,
        before_posting_id: int | None = None,
        limit: int = 100,
    ) -> Sequence[LedgerLineView]:
        """The user's postings, newest first."""
        ...
