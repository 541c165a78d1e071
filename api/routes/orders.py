"""`/api/v3/order` and `/api/v3/openOrders`: place, test, cancel."""

from fastapi import APIRouter, Request, Response

from api.calls import CANCEL_WEIGHT, PLACEMENT_WEIGHT, signed_call
from api.cancel_all import cancel_all
from api.cancellation import cancel_one, read_target
from api.commissions import commission_rates
from api.documentation import ORDER_ID, SYMBOL, Field, documented
from api.order_parameters import read_new_order
from api.parameters import known_symbol
from api.placement import check_new, place
from api.responses import json_response

TEST_WITH_RATES_WEIGHT = 20

router = APIRouter(prefix="/api/v3", tags=["orders"])

ORDER_FIELDS = (
    SYMBOL,
    Field("side", "BUY", "BUY or SELL.", required=True),
    Field("type", "LIMIT", "The order type; see `exchangeInfo`.", required=True),
    Field("timeInForce", "GTC", "GTC, IOC or FOK; GTD for LIMIT. For LIMIT and *_LIMIT alone."),
    Field("quantity", "0.50000000", "How much of the base currency."),
    Field("quoteOrderQty", "1000.00000000", "MARKET: a value in the quote currency instead."),
    Field("price", "60000.00000000", "In the quote currency. LIMIT, LIMIT_MAKER and *_LIMIT."),
    Field("stopPrice", "61000.00000000", "The last price that activates a conditional order."),
    Field("icebergQty", "0.10000000", "How much the book shows. LIMIT with GTC, LIMIT_MAKER."),
    Field("goodTillDate", 1767229200000, "GTD: when the order expires, in ms."),
    Field("selfTradePreventionMode", "EXPIRE_TAKER", "NONE, EXPIRE_TAKER, _MAKER or _BOTH."),
    Field("newClientOrderId", "my-order-1", "Unique among the user's recent orders."),
    Field("newOrderRespType", "FULL", "ACK, RESULT or FULL (LIMIT and MARKET), else ACK."),
    Field("strategyId", 37, "Accepted, not kept."),
    Field("strategyType", 1000000, "Accepted, not kept."),
)
ORDER = {
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
FILL = {
    "price": "60000.00000000",
    "qty": "0.50000000",
    "commission": "0.00050000",
    "commissionAsset": "BTC",
    "tradeId": 56,
}
CANCELLED = {
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
        *ORDER_FIELDS,
        signed=True,
        example={**ORDER, "fills": [FILL]},
        error=(-2010, "Account has insufficient balance for requested action."),
        also=[
            (
                503,
                -1008,
                "Server is currently overloaded with other requests."
                " Please try again in a few minutes.",
            )
        ],
    ),
)
async def new_order(request: Request) -> Response:
    """Reserve the money, submit to matching, answer with the order's first state.

    A 504 with code -1007 means that the outcome is unknown: ask for the order, or send the
    very same request again.
    """
    call = await signed_call(request, 0)
    async with call.charged_if_it_fails(PLACEMENT_WEIGHT):
        call.require_trading()
        new = read_new_order(call.parameters, call.dependencies.instruments)
        return json_response(await place(call, new))


@router.post(
    "/order/test",
    **documented(
        "Check an order",
        *ORDER_FIELDS,
        Field("computeCommissionRates", "false", "Answer the rates that it would pay."),
        signed=True,
        example={},
    ),
)
async def test_order(request: Request) -> Response:
    """Check all that can be checked without placing anything."""
    call = await signed_call(request, PLACEMENT_WEIGHT)
    call.require_trading()
    computes_rates = call.parameters.flag("computeCommissionRates")
    if computes_rates:
        await call.charge(TEST_WITH_RATES_WEIGHT - PLACEMENT_WEIGHT)
    new = read_new_order(call.parameters, call.dependencies.instruments)
    await check_new(call, new)
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
        example=CANCELLED,
        error=(-2011, "Unknown order sent."),
    ),
)
async def cancel_order(request: Request) -> Response:
    """Take one open order off the book and give back what it had reserved.

    A leg of an order list takes the other leg along.
    """
    call = await signed_call(request, 0)
    async with call.charged_if_it_fails(CANCEL_WEIGHT):
        await call.require_room(CANCEL_WEIGHT)
        call.require_trading()
        symbol = known_symbol(call.parameters, call.dependencies.instruments)
        target = read_target(call.parameters, "orderId", "origClientOrderId", "newClientOrderId")
        call.parameters.finish()
        return json_response(await cancel_one(call, symbol, target))


@router.delete(
    "/openOrders",
    **documented(
        "Cancel all open orders of a market",
        SYMBOL,
        signed=True,
        example=[CANCELLED],
        error=(-2011, "Unknown order sent."),
    ),
)
async def cancel_open_orders(request: Request) -> Response:
    """All at once; the answer lists those that were cancelled, order lists with their legs."""
    call = await signed_call(request, 0)
    async with call.charged_if_it_fails(CANCEL_WEIGHT):
        await call.require_room(CANCEL_WEIGHT)
        call.require_trading()
        symbol = known_symbol(call.parameters, call.dependencies.instruments)
        call.parameters.finish()
        return json_response(await cancel_all(call, symbol, call.signature))
