"""`/api/v3`: candles, and the average price of the last minutes."""

from fastapi import APIRouter, Request, Response

from api.calls import public_call
from api.documentation import END, LIMIT, START, SYMBOL, Field, documented
from api.errors import bad_request
from api.market_payloads import average_price, candle_row
from api.market_reads import market_of, read
from api.parameters import Parameters
from api.payload_schemas import list_of
from api.responses import json_response
from api.time_range import ROWS_DEFAULT, ROWS_MAX, read_offset, read_span
from contracts.rest_rows import KlineRow
from contracts.streams import Interval

WEIGHT = 2
CANDLES = documented(
    "Candles",
    SYMBOL,
    Field("interval", "1m", "One of " + " ".join(Interval) + ".", required=True),
    START,
    END,
    Field("timeZone", "8", "Where days begin: `8`, `-1:00`, `05:45`; UTC without it."),
    LIMIT,
    schema=list_of(KlineRow),
    example=[
        [
            1767225600000,
            "60000.00000000",
            "60010.00000000",
            "59990.00000000",
            "60001.00000000",
            "1.50000000",
            1767225659999,
            "90001.50000000",
            3,
            "1.00000000",
            "60001.00000000",
            "0",
        ]
    ],
)

router = APIRouter(prefix="/api/v3", tags=["market data"])


@router.get("/klines", **CANDLES)
@router.get("/uiKlines", **CANDLES)
async def candles(request: Request) -> Response:
    """Each a list: opening time, open, high, low, close, base volume, closing time, quote volume,
    number of trades, base and quote volume that buyers took, and a column that is not used."""
    call = await public_call(request, WEIGHT)
    symbol = market_of(call)
    interval = _interval(call.parameters)
    start_ms, end_ms = read_span(call.parameters)
    offset_ms = read_offset(call.parameters)
    limit = call.parameters.limit(default=ROWS_DEFAULT, maximum=ROWS_MAX)
    call.parameters.finish()
    found = await read(
        call,
        call.dependencies.market_data.candles,
        symbol,
        interval,
        start_ms=start_ms,
        end_ms=end_ms,
        limit=limit,
        offset_ms=offset_ms,
    )
    return json_response([candle_row(candle) for candle in found])


def _interval(parameters: Parameters) -> Interval:
    sent = parameters.required("interval")
    try:
        return Interval(sent)
    except ValueError as error:
        raise bad_request(-1120, "Invalid interval.") from error


@router.get(
    "/avgPrice",
    **documented(
        "The average price of the last minutes",
        SYMBOL,
        example={"mins": 5, "price": "60000.00000000", "closeTime": 1767225600000},
    ),
)
async def average(request: Request) -> Response:
    """By volume; `closeTime` is when the last trade was."""
    call = await public_call(request, WEIGHT)
    symbol = market_of(call)
    call.parameters.finish()
    average = await read(call, call.dependencies.market_data.average_price, symbol)
    return json_response(average_price(average))
