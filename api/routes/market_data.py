"""`/api/v3`: what everybody may see of a market."""

from fastapi import APIRouter, Request, Response

from api.calls import public_call
from api.documentation import STATUS, SYMBOL, Field, documented
from api.market_reads import market_of, read, require_status
from api.order_payloads import levels
from api.payload_schemas import reference
from api.responses import json_response
from api.routes import candles, price_rules, tickers, trades
from contracts.market_events import DepthSnapshot

DEPTH_DEFAULT = 100
DEPTH_MAX = 5_000
DEPTH_WEIGHT_MIN = 5
LEVELS = Field(
    "limit", 100, "At most so many levels a side. Default 100, maximum 5000; more is cut."
)

router = APIRouter()
for part in (trades, candles, tickers, price_rules):
    router.include_router(part.router)


@router.get(
    "/api/v3/depth",
    tags=["market data"],
    **documented(
        "The order book",
        SYMBOL,
        LEVELS,
        STATUS,
        schema=reference(DepthSnapshot),
        example={
            "lastUpdateId": 160,
            "bids": [["60000.00000000", "0.50000000"]],
            "asks": [["60001.00000000", "0.25000000"]],
        },
    ),
)
async def depth(request: Request) -> Response:
    """The best levels of both sides, best first."""
    call = await public_call(request, DEPTH_WEIGHT_MIN)
    limit = call.parameters.limit(default=DEPTH_DEFAULT, maximum=DEPTH_MAX)
    await call.charge(_depth_weight(limit) - DEPTH_WEIGHT_MIN)
    symbol = market_of(call)
    require_status(call, symbol)
    call.parameters.finish()
    book = await read(call, call.dependencies.market_data.depth, symbol, limit)
    return json_response(
        {
            "lastUpdateId": book.last_update_id,
            "bids": levels(book.bids),
            "asks": levels(book.asks),
        }
    )


def _depth_weight(limit: int) -> int:
    for levels_max, weight in ((100, DEPTH_WEIGHT_MIN), (500, 25), (1_000, 50)):
        if limit <= levels_max:
            return weight
    return 250
