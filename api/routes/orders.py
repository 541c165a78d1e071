"""`/api/v3/order` and `/api/v3/openOrders`: place, test, cancel."""

from fastapi import APIRouter, Request, Response

from api.calls import signed_call
from api.cancellation import cancel_all, cancel_one
from api.commissions import commission_rates
from api.documentation import ORDER_ID, SYMBOL, Field, documented
from api.new_order import read_new_order
from api.placement import check_room, place
from api.responses import json_response

router = APIRouter(prefix="/api/v3", tags=["orders"])

_ORDER_FIELDS = (
    SYMBOL,
    Field("side", "BUY", "BUY or SELL.", required=True),
    Field("type", "LIMIT", "The order type; see `exchangeInfo`.", required=True),
    Field("timeInForce", "GTC", "How long the order stands.", required=True),
    Field("quantity", "0.50000000", "How much of the base currency.", required=True),
    Field("price", "60000.00000000", "In the quote currency.", required=True),
    Field("newClientOrderId", "my-order-1", "Unique among the user's recent orders."),
    Field("newOrderRespType", "FULL", "ACK, RESULT or FULL."),
)
_ORDER = {
    "symbol": "BTCUSDT",
    "orderId": 288230376151711744,
    "orderListId": -1,
    "clientOrderId": "my-order-1",
    "transactTime": 1767225600000,
    "price": "60000.00000000",
    "origQty": "0.50000000",
    "executedQty": "0.50000000",
    "origQuoteOrderQty": "0.00000000",
    "cummulativeQuoteQty": "30000.00000000",
    "status": "FILLED",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "BUY",
    "workingTime": 1767225600000,
    "selfTradePreventionMode": "NONE",
}
_FILL = {
    "price": "60000.00000000",
    "qty": "0.50000000",
    "commission": "0.00050000",
    "commissionAsset": "BTC",
    "tradeId": 56,
}
_CANCELLED = {
    "symbol": "BTCUSDT",
    "origClientOrderId": "my-order-1",
    "orderId": 288230376151711744,
    "orderListId": -1,
    "clientOrderId": "my-cancel-1",
    "transactTime": 1767225600000,
    "price": "60000.00000000",
    "origQty": "0.50000000",
    "executedQty": "0.00000000",
    "origQuoteOrderQty": "0.00000000",
    "cummulativeQuoteQty": "0.00000000",
    "status": "CANCELED",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "BUY",
    "selfTradePreventionMode": "NONE",
}


@router.post(
    "/order",
    **documented(
        "Place an order",
        *_ORDER_FIELDS,
        signed=True,
        example={**_ORDER, "fills": [_FILL]},
        error=(-2010, "Account has insufficient balance for requested action."),
    ),
)
async def new_order(request: Request) -> Response:
    """Reserve the money, submit to matching, answer with the order's first state.

    A 504 with code -1007 means that the outcome is unknown: ask for the order, or send the
    very same request again.
    """
    call = await signed_call(request, 1)
    call.require_trading()
    new = read_new_order(call.parameters, call.dependencies.instruments)
    return json_response(await place(call, new))


@router.post("/order/test", **documented("Check an order", *_ORDER_FIELDS, signed=True, example={}))
async def test_order(request: Request) -> Response:
    """Check all that can be checked without placing anything."""
    call = await signed_call(request, 1)
    call.require_trading()
    computes_rates = call.parameters.flag("computeCommissionRates")
    new = read_new_order(call.parameters, call.dependencies.instruments)
    await check_room(call, new)
    return json_response(commission_rates(new.instrument) if computes_rates else {})


@router.delete(
    "/order",
    **documented(
        "Cancel an order",
        SYMBOL,
        ORDER_ID,
        Field("origClientOrderId", "my-order-1", "The client's id of the order."),
        Field("newClientOrderId", "my-cancel-1", "The client's id of this cancel."),
        Field("cancelRestrictions", "ONLY_NEW", "ONLY_NEW or ONLY_PARTIALLY_FILLED."),
        signed=True,
        example=_CANCELLED,
        error=(-2011, "Unknown order sent."),
    ),
)
async def cancel_order(request: Request) -> Response:
    """Take one open order off the book and give back what it had reserved."""
    call = await signed_call(request, 1)
    call.require_trading()
    return json_response(await cancel_one(call))


@router.delete(
    "/openOrders",
    **documented(
        "Cancel all open orders of a market",
        SYMBOL,
        signed=True,
        example=[_CANCELLED],
        error=(-2011, "Unknown order sent."),
    ),
)
async def cancel_open_orders(request: Request) -> Response:
    """Cancel one after the other; the answer lists those that were cancelled."""
    call = await signed_call(request, 1)
    call.require_trading()
    return json_response(await cancel_all(call))
