"""`/api/v3`: ping, time, exchange information."""

from fastapi import APIRouter, Request, Response

from api.calls import public_call
from api.documentation import Field, documented
from api.exchange_info import rate_limits, symbol_info, wanted_markets
from api.responses import json_response

router = APIRouter(prefix="/api/v3", tags=["general"])


@router.get("/ping", **documented("Test the connection", example={}))
async def ping(request: Request) -> Response:
    """Answer an empty object."""
    call = await public_call(request, 1)
    call.parameters.finish()
    return json_response({})


@router.get("/time", **documented("The server's time", example={"serverTime": 1767225600000}))
async def time(request: Request) -> Response:
    """What timestamps of signed requests are held against."""
    call = await public_call(request, 1)
    call.parameters.finish()
    return json_response({"serverTime": call.dependencies.clock_ms()})


@router.get(
    "/exchangeInfo",
    **documented(
        "Markets, filters and limits",
        Field("symbol", "BTCUSDT", "One market."),
        Field("symbols", '["BTCUSDT","ETHUSDT"]', "Several, as a JSON array."),
        Field("symbolStatus", "TRADING", "Only markets of this status."),
        Field("permissions", "SPOT", "Only markets with this permission, or a JSON array."),
        Field("showPermissionSets", "true", "Whether `permissionSets` is filled."),
        example={
            "timezone": "UTC",
            "serverTime": 1767225600000,
            "rateLimits": [],
            "exchangeFilters": [],
            "symbols": [],
        },
    ),
)
async def exchange_info(request: Request) -> Response:
    """Everything a client must know before it trades."""
    call = await public_call(request, 20)
    dependencies = call.dependencies
    markets = wanted_markets(
        call.parameters, dependencies.instruments, dependencies.market_statuses
    )
    shows_sets = call.parameters.flag("showPermissionSets", default=True)
    call.parameters.finish()
    return json_response(
        {
            "timezone": "UTC",
            "serverTime": dependencies.clock_ms(),
            "rateLimits": rate_limits(dependencies.settings),
            "exchangeFilters": [],
            "symbols": [
                symbol_info(
                    market,
                    dependencies.market_statuses.of(market),
                    shows_permission_sets=shows_sets,
                )
                for market in markets
            ],
        }
    )
