"""`/api/v3`: trades that everybody may see."""

from fastapi import APIRouter, Request, Response

from api.calls import Call, public_call
from api.documentation import END, LIMIT, START, SYMBOL, Field, documented
from api.errors import bad_combination
from api.market_payloads import aggregate_row, trade_row
from api.market_reads import market_of, read
from api.payload_schemas import list_of
from api.responses import json_response
from api.time_range import ROWS_DEFAULT, ROWS_MAX, read_span
from contracts.rest_rows import TradeRow

TRADES_WEIGHT = 25
AGGREGATES_WEIGHT = 4
FROM_ID = Field("fromId", 41, "The first id; the newest ones without it.")
TRADE = {
    "id": 28457,
    "price": "60000.00000000",
    "qty": "0.25000000",
    "quoteQty": "15000.00000000",
    "time": 1767225600000,
    "isBuyerMaker": True,
    "isBestMatch": True,
}

router = APIRouter(prefix="/api/v3", tags=["market data"])


@router.get(
    "/trades",
    **documented("The newest trades", SYMBOL, LIMIT, schema=list_of(TradeRow), example=[TRADE]),
)
async def trades(request: Request) -> Response:
    """In the order of their ids."""
    call = await public_call(request, TRADES_WEIGHT)
    return await _trades(call, None)


@router.get(
    "/historicalTrades",
    **documented("Older trades", SYMBOL, FROM_ID, LIMIT, schema=list_of(TradeRow), example=[TRADE]),
)
async def historical_trades(request: Request) -> Response:
    """From an id on; of what is older than the history, nothing is left."""
    call = await public_call(request, TRADES_WEIGHT)
    return await _trades(call, call.parameters.number("fromId"))


async def _trades(call: Call, from_id: int | None) -> Response:
    symbol = market_of(call)
    limit = call.parameters.limit(default=ROWS_DEFAULT, maximum=ROWS_MAX)
    call.parameters.finish()
    found = await read(
        call, call.dependencies.market_data.trades, symbol, from_id=from_id, limit=limit
    )
    return json_response([trade_row(trade) for trade in found])


@router.get(
    "/aggTrades",
    **documented(
        "What orders took, at one price at a time",
        SYMBOL,
        FROM_ID,
        START,
        END,
        LIMIT,
        example=[
            {
                "a": 26129,
                "p": "60000.00000000",
                "q": "0.25000000",
                "f": 28456,
                "l": 28457,
                "T": 1767225600000,
                "m": True,
                "M": True,
            }
        ],
    ),
)
async def aggregate_trades(request: Request) -> Response:
    """From an id or a time on, or the newest; in the order of their ids."""
    call = await public_call(request, AGGREGATES_WEIGHT)
    symbol = market_of(call)
    from_id = call.parameters.number("fromId")
    start_ms, end_ms = read_span(call.parameters)
    if from_id is not None and (start_ms is not None or end_ms is not None):
        raise bad_combination()
    limit = call.parameters.limit(default=ROWS_DEFAULT, maximum=ROWS_MAX)
    call.parameters.finish()
    found = await read(
        call,
        call.dependencies.market_data.aggregate_trades,
        symbol,
        from_id=from_id,
        start_ms=start_ms,
        end_ms=end_ms,
        limit=limit,
    )
    return json_response([aggregate_row(trade) for trade in found])
