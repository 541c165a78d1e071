"""`/api/v3`: tickers, which are figures of one, several or all markets."""

import re
from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from api.calls import Call, public_call
from api.documentation import OPTIONAL_SYMBOL, Field, documented
from api.errors import invalid_data
from api.market_payloads import (
    best_prices_row,
    day_ticker,
    mini_ticker,
    price_row,
    window_figures,
    window_ticker,
)
from api.market_reads import read
from api.market_selection import Selection, select
from api.parameters import Parameters
from api.payload_schemas import list_of, reference
from api.responses import json_response
from api.time_range import read_offset
from contracts.rest_rows import MiniTickerRow, TickerRow
from contracts.streams import Interval
from market_data.intervals import DAY_MS, HOUR_MS, MINUTE_MS, closes_at, opens_at

SYMBOLS = Field("symbols", '["BTCUSDT","ETHUSDT"]', "Several, as a JSON array.")
STATUS = Field("symbolStatus", "TRADING", "Only markets of this status.")
KIND = Field("type", "FULL", "`FULL` or `MINI`.")
SELECTING = (OPTIONAL_SYMBOL, SYMBOLS, STATUS)
NOT_NAMED = (-1102, "Param 'symbol' or 'symbols' must be sent, but both were empty/null!")
_WINDOW = re.compile(r"([1-9][0-9]?)([mhd])")
_UNITS = {"m": (MINUTE_MS, 59), "h": (HOUR_MS, 23), "d": (DAY_MS, 7)}
FIGURES = {
    "symbol": "BTCUSDT",
    "priceChange": "-94.99999800",
    "priceChangePercent": "-0.158",
    "weightedAvgPrice": "60000.00000000",
    "openPrice": "60094.99999800",
    "highPrice": "60100.00000000",
    "lowPrice": "59900.00000000",
    "lastPrice": "60000.00000000",
    "volume": "1.50000000",
    "quoteVolume": "90000.00000000",
    "openTime": 1767139200000,
    "closeTime": 1767225600000,
    "firstId": 28385,
    "lastId": 28460,
    "count": 76,
}
DAY_FIGURES = FIGURES | {
    "prevClosePrice": "60095.00000000",
    "lastQty": "0.25000000",
    "bidPrice": "60000.00000000",
    "bidQty": "0.50000000",
    "askPrice": "60001.00000000",
    "askQty": "1.00000000",
}
DAY_SCHEMA = {
    "anyOf": [shape(kind) for kind in (TickerRow, MiniTickerRow) for shape in (reference, list_of)]
}

router = APIRouter(prefix="/api/v3", tags=["market data"])


@router.get(
    "/ticker/24hr",
    **documented("The last 24 hours", *SELECTING, KIND, schema=DAY_SCHEMA, example=DAY_FIGURES),
)
async def day(request: Request) -> Response:
    """One object where `symbol` is sent, else a list. `MINI` leaves out changes and best prices."""
    call = await public_call(request, 2)
    selection = await _selection(call, 2, day_weight)
    row = mini_ticker if _is_mini(call.parameters) else day_ticker
    call.parameters.finish()
    figures = await read(call, call.dependencies.market_data.rolling_figures, selection.symbols)
    return json_response(selection.shaped([row(one) for one in figures]))


@router.get(
    "/ticker/price",
    **documented(
        "Last prices", *SELECTING, example={"symbol": "BTCUSDT", "price": "60000.00000000"}
    ),
)
async def prices(request: Request) -> Response:
    """One object where `symbol` is sent, else a list. Zero before the first trade."""
    call = await public_call(request, 2)
    selection = await _selection(call, 2, price_weight)
    call.parameters.finish()
    found = await read(call, call.dependencies.market_data.last_prices, selection.symbols)
    rows = [price_row(s, price) for s, price in zip(selection.symbols, found, strict=True)]
    return json_response(selection.shaped(rows))


@router.get(
    "/ticker/bookTicker",
    **documented(
        "Best prices",
        *SELECTING,
        example={
            "symbol": "BTCUSDT",
            "bidPrice": "60000.00000000",
            "bidQty": "0.50000000",
            "askPrice": "60001.00000000",
            "askQty": "1.00000000",
        },
    ),
)
async def best_prices(request: Request) -> Response:
    """One object where `symbol` is sent, else a list. Zero where a side is empty."""
    call = await public_call(request, 2)
    selection = await _selection(call, 2, price_weight)
    call.parameters.finish()
    found = await read(call, call.dependencies.market_data.best_prices, selection.symbols)
    return json_response(selection.shaped([best_prices_row(best) for best in found]))


@router.get(
    "/ticker",
    **documented(
        "Any window up to seven days",
        *SELECTING,
        Field("windowSize", "1d", "`1m` to `59m`, `1h` to `23h`, `1d` to `7d`."),
        KIND,
        example=FIGURES,
        error=NOT_NAMED,
    ),
)
async def window(request: Request) -> Response:
    """It begins on a minute and ends now. One object where `symbol` is sent, else a list."""
    call = await public_call(request, 4)
    selection = await _selection(call, 4, window_weight, must_name=True)
    window_ms = _window_ms(call.parameters)
    now_ms = call.dependencies.clock_ms()
    return await _windows(call, selection, opens_at(Interval.MINUTE_1, now_ms - window_ms), now_ms)


@router.get(
    "/ticker/tradingDay",
    **documented(
        "The present day",
        *SELECTING,
        Field("timeZone", "8", "Where days begin: `8`, `-1:00`, `05:45`; UTC without it."),
        KIND,
        example=FIGURES,
        error=NOT_NAMED,
    ),
)
async def trading_day(request: Request) -> Response:
    """One object where `symbol` is sent, else a list."""
    call = await public_call(request, 4)
    selection = await _selection(call, 4, window_weight, must_name=True)
    offset_ms = read_offset(call.parameters)
    open_ms = opens_at(Interval.DAY_1, call.dependencies.clock_ms(), offset_ms)
    return await _windows(call, selection, open_ms, closes_at(Interval.DAY_1, open_ms, offset_ms))


async def _windows(call: Call, selection: Selection, open_ms: int, close_ms: int) -> Response:
    row = mini_ticker if _is_mini(call.parameters) else window_ticker
    call.parameters.finish()
    market_data = call.dependencies.market_data
    rows = [
        row(window_figures(s, await read(call, market_data.window, s, open_ms), open_ms, close_ms))
        for s in selection.symbols
    ]
    return json_response(selection.shaped(rows))


async def _selection(
    call: Call, charged: int, weight: Callable[[Selection], int], *, must_name: bool = False
) -> Selection:
    """What the request is about; it is charged for what of its weight is not charged yet."""
    selection = select(
        call.parameters,
        call.dependencies.instruments,
        call.dependencies.market_statuses,
        must_name=must_name,
    )
    await call.charge(weight(selection) - charged)
    return selection


def day_weight(selection: Selection) -> int:
    if 0 < selection.named <= 20:
        return 2
    return 40 if 0 < selection.named <= 100 else 80


def price_weight(selection: Selection) -> int:
    return 2 if selection.single else 4


def window_weight(selection: Selection) -> int:
    return min(4 * selection.named, 200)


def _is_mini(parameters: Parameters) -> bool:
    kind = parameters.text("type")
    if kind not in {None, "FULL", "MINI"}:
        raise invalid_data("type")
    return kind == "MINI"


def _window_ms(parameters: Parameters) -> int:
    found = _WINDOW.fullmatch(parameters.text("windowSize") or "1d")
    if found is not None:
        unit_ms, most = _UNITS[found[2]]
        if int(found[1]) <= most:
            return int(found[1]) * unit_ms
    raise invalid_data("windowSize")
