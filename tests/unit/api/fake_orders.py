"""The gateway's order queries, in memory: rows that a test puts there."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.order_views import (
    OpenCounts,
    OrderListView,
    OrderView,
    PreventedMatchView,
    TradeView,
)
from contracts.orders import (
    Fill,
)


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

    async def any_orders(
        self, user_id: int, symbol: str, *, before_id: int | None = None, limit: int = 100
    ) -> list[OrderView]:
        self._check()
        found = [
            row
            for row in self.rows
            if (row.user_id, row.symbol) == (user_id, symbol)
            and (before_id is None or row.order_id < before_id)
        ]
        return sorted(found, key=lambda row: -row.order_id)[:limit]

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
