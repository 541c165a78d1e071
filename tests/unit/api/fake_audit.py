"""The audit trail, in memory: it remembers what it was asked."""

from dataclasses import dataclass, field

from audit.chain import Head
from audit.line import AuditLine
from audit.verification import Page


@dataclass
class FakeAudit:
    found: list[AuditLine] = field(default_factory=list)
    asked: list[tuple[object, ...]] = field(default_factory=list)
    uncounted: Exception | None = None
    pages: dict[Head | None, Page] = field(default_factory=dict)

    async def actions_of(
        self, user_id: int, start_ms: int, end_ms: int, *, skip: int, limit: int
    ) -> list[AuditLine]:
        self.asked.append(("actions", user_id, start_ms, end_ms, skip, limit))
        return self.found

    async def failures_in(
        self, symbol: str, start_ms: int, end_ms: int, *, skip: int, limit: int
    ) -> list[AuditLine]:
        self.asked.append(("failures", symbol, start_ms, end_ms, skip, limit))
        return self.found

    async def verify_page(self, after: Head | None, *, limit: int) -> Page:
        self.asked.append(("verify", after, limit))
        return self.pages[after]

    async def without_hash(self) -> int:
        if self.uncounted is not None:
            raise self.uncounted
        return 4
