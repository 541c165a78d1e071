"""What compliance asks of the trail. Filters are built from values, never from operators."""

from datetime import datetime
from typing import Any, Final

from audit.document import AuditLog
from audit.line import Outcome

PAGE_MAX: Final = 1_000


async def actions_of(
    user_id: int, start: datetime, end: datetime, *, skip: int = 0, limit: int = PAGE_MAX
) -> list[AuditLog]:
    """All actions of a user from `start` until before `end`, oldest first."""
    return await _find(
        {"actor.user_id": str(user_id), "timestamp": {"$gte": start, "$lt": end}}, skip, limit
    )


async def failures_in(
    symbol: str, start: datetime, end: datetime, *, skip: int = 0, limit: int = PAGE_MAX
) -> list[AuditLog]:
    """Refused orders and other failed actions in one market, oldest first."""
    return await _find(
        {
            "payload.symbol": str(symbol),
            "outcome": Outcome.FAILURE.value,
            "timestamp": {"$gte": start, "$lt": end},
        },
        skip,
        limit,
    )


async def _find(conditions: dict[str, Any], skip: int, limit: int) -> list[AuditLog]:
    return (
        await AuditLog.find(conditions)
        .sort("+timestamp", "+_id")
        .skip(skip)
        .limit(max(1, min(limit, PAGE_MAX)))
        .to_list()
    )
