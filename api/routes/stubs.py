"""What ccxt asks of other Binance hosts before it trades on spot: answered with nothing."""

from fastapi import APIRouter, Request, Response

from api.calls import public_call
from api.commissions import rate
from api.dependencies import dependencies_of
from api.market_selection import named_market
from api.parameters import SYMBOL
from api.responses import json_response

router = APIRouter(include_in_schema=False)


@router.get("/sapi/v1/capital/config/getall")
@router.get("/sapi/v1/margin/allPairs")
@router.get("/sapi/v1/margin/isolated/allPairs")
async def nothing(request: Request) -> Response:
    """No networks to withdraw over, no margin markets."""
    await public_call(request, 1)
    return json_response([])


@router.get("/fapi/v1/exchangeInfo")
@router.get("/dapi/v1/exchangeInfo")
async def no_futures(request: Request) -> Response:
    """No futures."""
    await public_call(request, 1)
    return json_response({"symbols": []})


@router.get("/sapi/v1/asset/tradeFee")
async def trade_fees(request: Request) -> Response:
    """The fee rates of one market, or of every one."""
    call = await public_call(request, 1)
    markets = dependencies_of(request).instruments
    symbol = call.parameters.text("symbol", SYMBOL)
    named = markets.values() if symbol is None else [named_market(symbol, markets)]
    return json_response(
        [
            {
                "symbol": market.symbol,
                "makerCommission": rate(market.maker_fee_ppm),
                "takerCommission": rate(market.taker_fee_ppm),
            }
            for market in named
        ]
    )


@router.get("/sapi/v1/system/status")
async def system_status(request: Request) -> Response:
    """Open for business."""
    await public_call(request, 1)
    return json_response({"status": 0, "msg": "normal"})
