"""`/v1/audit`: what compliance asks of the trail."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.bearer import CurrentCompliance
from api.dependencies import dependencies_of
from api.documentation import errors
from api.errors import bad_request
from api.guarded import guarded
from api.operations_ports import AuditLineView
from api.schemas import AuditLineInfo

ROWS_MAX = 1_000
LATEST_MS = 253_402_300_799_000  # the year 9999

router = APIRouter(prefix="/v1/audit", tags=["compliance"])

_RESPONSES = errors((403, -1002, "You are not authorized to execute this request."))
Moment = Annotated[int, Query(ge=0, le=LATEST_MS, description="Milliseconds since 1970, UTC.")]
Skip = Annotated[int, Query(ge=0, le=1_000_000, description="So many lines of it are left out.")]
Limit = Annotated[int, Query(ge=1, le=ROWS_MAX)]


@router.get("/actions", summary="All actions of a user", responses=_RESPONSES)
async def actions(
    request: Request,
    _: CurrentCompliance,
    *,
    user_id: Annotated[int, Query(ge=0, le=2**63 - 1)],
    start: Moment,
    end: Moment,
    skip: Skip = 0,
    limit: Limit = 200,
) -> list[AuditLineInfo]:
    """From `start` until before `end`, the oldest first."""
    _require_span(start, end)
    dependencies = dependencies_of(request)
    found = await guarded(
        dependencies.breakers.audit,
        dependencies.audit.actions_of,
        user_id,
        start,
        end,
        skip=skip,
        limit=limit,
    )
    return _answer(found)


@router.get("/failures", summary="Failed actions in a market", responses=_RESPONSES)
async def failures(
    request: Request,
    _: CurrentCompliance,
    *,
    symbol: Annotated[str, Query(pattern=r"^[A-Z0-9-_.]{1,20}$")],
    start: Moment,
    end: Moment,
    skip: Skip = 0,
    limit: Limit = 200,
) -> list[AuditLineInfo]:
    """Refused orders, cancels and amendments: from `start` until before `end`, the oldest
    first."""
    _require_span(start, end)
    dependencies = dependencies_of(request)
    found = await guarded(
        dependencies.breakers.audit,
        dependencies.audit.failures_in,
        symbol,
        start,
        end,
        skip=skip,
        limit=limit,
    )
    return _answer(found)


def _require_span(start: int, end: int) -> None:
    if start >= end:
        raise bad_request(-1130, "start must be before end.")


def _answer(found: Sequence[AuditLineView]) -> list[AuditLineInfo]:
    return [
        AuditLineInfo(
            id=line.id,
            at_ms=int(line.timestamp.timestamp() * 1000),
            user_id=line.actor.user_id,
            ip=line.actor.ip,
            session_id=line.actor.session_id,
            action=line.action,
            resource_type=line.resource.type,
            resource_id=line.resource.id,
            outcome=line.outcome,
            payload=line.payload,
        )
        for line in found
    ]
