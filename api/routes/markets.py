"""`/v1/markets`: what ops may do to a market."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from api.bearer import CurrentOps
from api.dependencies import Dependencies, dependencies_of
from api.documentation import errors
from api.errors import ApiError
from api.schemas import HaltRequest

router = APIRouter(prefix="/v1/markets", tags=["operations"])

Symbol = Annotated[str, Path(pattern=r"^[A-Z0-9-_.]{1,20}$", examples=["BTCUSDT"])]
_RESPONSES = errors(
    (403, -1002, "You are not authorized to execute this request."),
    (404, -1121, "Invalid symbol."),
)


@router.post("/{symbol}/halt", status_code=204, summary="Halt a market", responses=_RESPONSES)
async def halt(request: Request, symbol: Symbol, body: HaltRequest, _: CurrentOps) -> None:
    """New orders are refused from here on; cancels still work."""
    dependencies = dependencies_of(request)
    _require_market(dependencies, symbol)
    await dependencies.markets.halt(symbol, body.reason)


@router.post("/{symbol}/resume", status_code=204, summary="Resume a market", responses=_RESPONSES)
async def resume(request: Request, symbol: Symbol, _: CurrentOps) -> None:
    """Orders are accepted again."""
    dependencies = dependencies_of(request)
    _require_market(dependencies, symbol)
    await dependencies.markets.resume(symbol)


def _require_market(dependencies: Dependencies, symbol: str) -> None:
    if symbol not in dependencies.instruments:
        raise ApiError(404, -1121, "Invalid symbol.")
