"""`/v1/ops`: what ops look at."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.bearer import CurrentOps
from api.dependencies import dependencies_of
from api.documentation import errors
from api.saga_search import Show
from api.schemas import FoundSaga

ROWS_MAX = 500

router = APIRouter(prefix="/v1/ops", tags=["operations"])


@router.get(
    "/sagas",
    summary="Sagas of orders, as Temporal finds them",
    responses=errors((403, -1002, "You are not authorized to execute this request.")),
)
async def sagas(
    request: Request,
    _: CurrentOps,
    show: Annotated[Show, Query(description="Which ones.")] = Show.RUNNING,
    symbol: Annotated[str | None, Query(pattern=r"^[A-Z0-9-_.]{1,20}$")] = None,
    limit: Annotated[int, Query(ge=1, le=ROWS_MAX)] = 100,
) -> list[FoundSaga]:
    """The newest first. A stuck one has not decided within 30 seconds; an incident is one
    whose order nobody can tell the state of."""
    rows = await dependencies_of(request).saga_search.find(show, limit=limit, symbol=symbol)
    return [
        FoundSaga(
            workflow_id=row.workflow_id,
            order_id=row.order_id,
            user_id=row.user_id,
            symbol=row.symbol,
            state=row.state,
            status=row.status,
            started_at_ms=row.started_at_ms,
            closed_at_ms=row.closed_at_ms,
        )
        for row in rows
    ]
