"""`/v1/audit`: what compliance asks of the trail."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.bearer import CurrentCompliance
from api.dependencies import Dependencies, dependencies_of
from api.documentation import errors
from api.errors import ApiError, Overloaded, bad_request
from api.guarded import guarded
from api.operations_ports import AuditLineView
from api.schemas import USERNAME, AuditLineInfo, ChainBreak, ChainCheck, ChainHead
from audit.chain import Head

ROWS_MAX = 1_000
VERIFIED_MAX = 500  # some 10 ms: the gateway serves nobody else while it hashes
LATEST_MS = 253_402_300_799_000  # the year 9999

_AFTER = r"^[a-z][a-z.]{0,60}:[0-9]{1,6}:[0-9]{1,18}:[0-9a-f]{64}$"

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
    start: Moment,
    end: Moment,
    user_id: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
    username: Annotated[str | None, Query(pattern=USERNAME)] = None,
    skip: Skip = 0,
    limit: Limit = 200,
) -> list[AuditLineInfo]:
    """From `start` until before `end`, the oldest first. The user goes by id or by name."""
    _require_span(start, end)
    dependencies = dependencies_of(request)
    user_id = await _user_id(dependencies, user_id, username)
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


@router.get("/verify", summary="Do the hash chains hold?", responses=_RESPONSES)
async def verify(
    request: Request,
    _: CurrentCompliance,
    *,
    after: Annotated[
        str | None, Query(pattern=_AFTER, description="`next` of the page before; none at first.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=VERIFIED_MAX)] = VERIFIED_MAX,
) -> ChainCheck:
    """Verifies at most `limit` records of one source's chain. Ask again with `next` until there
    is none: then all chains hold, unless `broken` says where one does not."""
    audit, breaker = dependencies_of(request).audit, dependencies_of(request).breakers.audit
    page = await guarded(breaker, audit.verify_page, _head(after), limit=limit)
    is_last = page.next is None and page.broken is None
    return ChainCheck(
        records=page.records,
        ended=ChainHead(**page.ended._asdict()) if page.ended else None,
        broken=ChainBreak(**page.broken._asdict()) if page.broken else None,
        next=":".join(map(str, page.next)) if page.next else None,
        without_hash=await _without_hash(dependencies_of(request)) if is_last else None,
    )


async def _without_hash(dependencies: Dependencies) -> int | None:
    """None where they cannot be counted in time: what was verified holds all the same."""
    try:
        return await guarded(dependencies.breakers.audit, dependencies.audit.without_hash)
    except Overloaded:
        return None


def _head(after: str | None) -> Head | None:
    if after is None:
        return None
    source, position, hash_ = after.rsplit(":", 2)
    return Head(source, int(position), hash_)


async def _user_id(dependencies: Dependencies, user_id: int | None, username: str | None) -> int:
    if (user_id is None) == (username is None):
        raise bad_request(-1128, "Send either user_id or username.")
    if user_id is None:
        user_id = await dependencies.identity.user_id_of(username or "")
    if user_id is None:
        raise ApiError(404, -1000, f"There is no user {username}.")
    return user_id


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
