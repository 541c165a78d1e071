"""`/api/v3/order/…`: an open order replaced by another, or reduced."""

from fastapi import APIRouter, Request, Response

from api.amendment import amend
from api.calls import PLACEMENT_WEIGHT, signed_call
from api.cancel_replace import Replacement
from api.documentation import ORDER_ID, SYMBOL, Field, documented
from api.responses import json_response
from api.routes.orders import CANCELLED, FILL, ORDER, ORDER_FIELDS

AMEND_WEIGHT = 4

router = APIRouter(prefix="/api/v3", tags=["orders"])

_AMENDED = {
    "transactTime": 1767225600000,
    "executionId": 3,
    "amendedOrder": {
        "symbol": "BTCUSDT",
        "orderId": 288230376151711744,
        "orderListId": -1,
        "origClientOrderId": "my-order-1",
        "clientOrderId": "my-order-1",
        "price": "60000.00000000",
        "qty": "0.40000000",
        "executedQty": "0.00000000",
        "preventedQty": "0.00000000",
        "quoteOrderQty": "0.00000000",
        "cumulativeQuoteQty": "0.00000000",
        "status": "NEW",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "workingTime": 1767225600000,
        "selfTradePreventionMode": "NONE",
    },
}


@router.post(
    "/order/cancelReplace",
    **documented(
        "Cancel an order and place another",
        Field(
            "cancelReplaceMode",
            "STOP_ON_FAILURE",
            "ALLOW_FAILURE places the new order even where the cancel fails.",
            required=True,
        ),
        Field("cancelOrderId", 288230376151711743, "The exchange's id of the old order."),
        Field("cancelOrigClientOrderId", "my-order-0", "The client's id of the old order."),
        Field("cancelNewClientOrderId", "my-cancel-1", "The client's id of this cancel."),
        Field("cancelRestrictions", "ONLY_NEW", "ONLY_NEW or ONLY_PARTIALLY_FILLED."),
        Field("orderRateLimitExceededMode", "DO_NOTHING", "CANCEL_ONLY cancels even so."),
        *ORDER_FIELDS,
        signed=True,
        example={
            "cancelResult": "SUCCESS",
            "newOrderResult": "SUCCESS",
            "cancelResponse": CANCELLED,
            "newOrderResponse": {**ORDER, "fills": [FILL]},
        },
        error=(-2022, "Order cancel-replace failed."),
        also=[(409, -2021, "Order cancel-replace partially failed.")],
    ),
)
async def cancel_replace(request: Request) -> Response:
    """First the cancel, then the new order, which may use the money that came back.

    409 with -2021: one of the two failed; 400 with -2022: the cancel did, and the new order did
    or was not tried. `data` says which. Anything else: nothing was done.
    """
    call = await signed_call(request, 0)
    async with call.charged_if_it_fails(PLACEMENT_WEIGHT):
        call.require_trading()
        return json_response(await Replacement(call).run())


@router.put(
    "/order/amend/keepPriority",
    **documented(
        "Reduce an order's quantity",
        SYMBOL,
        ORDER_ID,
        Field("origClientOrderId", "my-order-1", "The client's id of the order."),
        Field("newQty", "0.40000000", "Less than before, more than is filled.", required=True),
        Field("newClientOrderId", "my-order-1", "If sent, the order's own: it keeps it."),
        signed=True,
        example=_AMENDED,
        error=(-2038, "Order amend (quantity increase) is not supported."),
    ),
)
async def amend_order(request: Request) -> Response:
    """The order keeps its id, its client id and its place in the queue."""
    call = await signed_call(request, AMEND_WEIGHT)
    call.require_trading()
    return json_response(await amend(call))
