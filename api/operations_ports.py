"""What the gateway asks on behalf of ops and compliance."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from api.saga_search import SagaRow, Show
from audit.chain import Head
from audit.line import Actor, Outcome, Resource
from audit.verification import Page
from contracts.matching import PriceBand


class SagaSearch(Protocol):
    """Sagas as ops look for them."""

    async def find(
        self, show: Show, *, limit: int, symbol: str | None = None
    ) -> Sequence[SagaRow]: ...


class AuditLineView(Protocol):
    """One line of the audit trail."""

    @property
    def id(self) -> str: ...

    @property
    def timestamp(self) -> datetime: ...

    @property
    def actor(self) -> Actor: ...

    @property
    def action(self) -> str: ...

    @property
    def resource(self) -> Resource: ...

    @property
    def payload(self) -> dict[str, Any]: ...

    @property
    def outcome(self) -> Outcome: ...


class AuditTrail(Protocol):
    """What compliance asks. Times are in ms; `end_ms` is not included."""

    async def actions_of(
        self, user_id: int, start_ms: int, end_ms: int, *, skip: int, limit: int
    ) -> Sequence[AuditLineView]: ...

    async def failures_in(
        self, symbol: str, start_ms: int, end_ms: int, *, skip: int, limit: int
    ) -> Sequence[AuditLineView]: ...

    async def verify_page(self, after: Head | None, *, limit: int) -> Page:
        """Verify the documents of the hash chains that follow `after`."""
        ...

    async def without_hash(self) -> int:
        """How many documents are in no chain."""
        ...


class Markets(Protocol):
    """What ops may do to a market. The audit trail says who did."""

    async def halt(self, symbol: str, reason: str, by_user_id: int) -> None: ...

    async def resume(self, symbol: str, by_user_id: int) -> None: ...

    async def set_band(self, symbol: str, band: PriceBand, by_user_id: int) -> None: ...

    async def restore_band(self, symbol: str, by_user_id: int) -> None: ...


Check = Callable[[], Awaitable[None]]
"""Returns when a component is well, raises with the reason when it is not."""
