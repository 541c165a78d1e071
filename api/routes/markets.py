"""`/v1/markets`: what ops may do to a market."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Request

from api.bands import BandFigures, BandInfo, BandRequest
from api.bearer import CurrentOps
from api.dependencies import Dependencies, dependencies_of
from api.documentation import errors
from api.errors import ApiError, invalid_data
from api.schemas import HaltRequest
from identity.tokens import Caller

log = structlog.get_logger()

router = APIRouter(prefix="/v1/markets", tags=["operations"])

Symbol = Annotated[str, Path(pattern=r"^[A-Z0-9-_.]{1,20}$", examples=["BTCUSDT"])]
_FORBIDDEN = errors((403, -1002, "You are not authorized to execute this request."))
_RESPONSES = _FORBIDDEN | errors((404, -1121, "Invalid symbol."))
_BAND_RESPONSES = _RESPONSES | errors(
    (400, -1130, "Data sent for parameter 'symbol' is not valid."),
    (504, -1007, "Timeout waiting for response from backend server."),
)


@router.post("/{symbol}/halt", status_code=204, summary="Halt a market", responses=_RESPONSES)
async def halt(request: Request, symbol: Symbol, body: HaltRequest, caller: CurrentOps) -> None:
    """New orders are refused from here on; cancels still work."""
    dependencies = dependencies_of(request)
    _require_market(dependencies, symbol)
    _tell_who("halt", symbol, caller, reason=body.reason)
    await dependencies.markets.halt(symbol, body.reason, caller.user_id)


@router.post("/{symbol}/resume", status_code=204, summary="Resume a market", responses=_RESPONSES)
async def resume(request: Request, symbol: Symbol, caller: CurrentOps) -> None:
    """Orders are accepted again."""
    dependencies = dependencies_of(request)
    _require_market(dependencies, symbol)
    _tell_who("resume", symbol, caller)
    await dependencies.markets.resume(symbol, caller.user_id)


@router.get("/bands", summary="Price bands", responses=_FORBIDDEN)
async def bands(request: Request, _: CurrentOps) -> list[BandInfo]:
    """Of every market: the band that holds, whose it is, and the configured one."""
    markets = dependencies_of(request).instruments
    return [
        BandInfo(
            symbol=symbol,
            set_by_operator=markets.operator_set(symbol),
            holds=BandFigures.of(market),
            configured=BandFigures.of(markets.configured(symbol)),
        )
        for symbol, market in markets.items()
    ]


@router.put(
    "/{symbol}/band", status_code=204, summary="Set a price band", responses=_BAND_RESPONSES
)
async def set_band(request: Request, symbol: Symbol, body: BandRequest, caller: CurrentOps) -> None:
    """The engine holds new orders to it from here on; orders that rest are left alone."""
    dependencies = dependencies_of(request)
    _require_orders(dependencies, symbol)
    _tell_who("set_band", symbol, caller, **body.model_dump())
    await dependencies.markets.set_band(symbol, body.figures(), caller.user_id)


@router.delete(
    "/{symbol}/band", status_code=204, summary="Restore a price band", responses=_BAND_RESPONSES
)
async def restore_band(request: Request, symbol: Symbol, caller: CurrentOps) -> None:
    """The configured band holds again."""
    dependencies = dependencies_of(request)
    _require_orders(dependencies, symbol)
    _tell_who("restore_band", symbol, caller)
    await dependencies.markets.restore_band(symbol, caller.user_id)


def _tell_who(act: str, symbol: str, caller: Caller, **what: str) -> None:
    """Before it is sent: where the outcome stays unknown, the engine's log may never say it."""
    log.info("markets.asked", act=act, symbol=symbol, user_id=caller.user_id, **what)


def _require_market(dependencies: Dependencies, symbol: str) -> None:
    if symbol not in dependencies.instruments:
        raise ApiError(404, -1121, "Invalid symbol.")


def _require_orders(dependencies: Dependencies, symbol: str) -> None:
    """A band is for orders: a market that takes none has no use for one."""
    _require_market(dependencies, symbol)
    if not dependencies.instruments[symbol].settles:
        raise invalid_data("symbol")
