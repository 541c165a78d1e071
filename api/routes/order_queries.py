"""`/api/v3`: the user's own orders."""

from fastapi import APIRouter, Request, Response

from api.calls import signed_call
from api.documentation import (
    END,
    LIMIT,
    OPTIONAL_SYMBOL,
    ORDER_ID,
    START,
    SYMBOL,
    Field,
    documented,
)
from api.errors import (
    bad_request,
    invalid_symbol,
    missing_both,
    unknown_order,
)
from api.guarded import guarded
from api.order_payloads import order_payload
from api.parameters import CLIENT_ORDER_ID, known_symbol
from api.parameters import SYMBOL as SYMBOL_LEGAL
from api.payload_schemas import list_of, reference
from api.responses import json_response
from api.time_range import ROWS_DEFAULT, ROWS_MAX, read_times
from contracts.orders import OrderStatus
from contracts.rest_rows import OrderRow

router = APIRouter(prefix="/api/v3", tags=["orders"])

_ORDER = {
    "symbol": "BTCUSDT",
    "orderId": 288230376151711744,
    "orderListId": -1,
    "clientOrderId": "my-order-1",
    "price": "60000.00000000",
    "origQty": "0.50000000",
    "executedQty": "0.00000000",
    "cummulativeQuoteQty": "0.00000000",
    "status": "NEW",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "BUY",
    "stopPrice": "0.00000000",
    "icebergQty": "0.00000000",
    "time": 1767225600000,
    "updateTime": 1767225600000,
    "isWorking": True,
    "workingTime": 1767225600000,
    "origQuoteOrderQty": "0.00000000",
    "selfTradePreventionMode": "NONE",
}


@router.get(
    "/order",
    **documented(
        "One order",
        SYMBOL,
        ORDER_ID,
        Field("origClientOrderId", "my-order-1", "The client's id of the order."),
        signed=True,
        schema=reference(OrderRow),
        example=_ORDER,
        error=(-2013, "Order does not exist."),
    ),
)
async def order(request: Request) -> Response:
    """By the exchange's id, by the client's, or by both where they must agree."""
    call = await signed_call(request, 4)
    parameters, dependencies = call.parameters, call.dependencies
    symbol = known_symbol(parameters, dependencies.instruments)
    order_id = parameters.number("orderId")
    original = parameters.text("origClientOrderId", CLIENT_ORDER_ID)
    parameters.finish()
    if order_id is None and original is None:
        raise missing_both("origClientOrderId", "orderId")
    found = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.order,
        call.user_id,
        symbol,
        order_id=order_id,
        client_order_id=original if order_id is None else None,
    )
    if found is None:
        raise unknown_order()
    if original not in {None, found.client_order_id}:
        raise bad_request(-2039, "Client order ID is not correct for this order ID.")
    return json_response(order_payload(found))


@router.get(
    "/openOrders",
    **documented(
        "Open orders", OPTIONAL_SYMBOL, signed=True, schema=list_of(OrderRow), example=[_ORDER]
    ),
)
async def open_orders(request: Request) -> Response:
    """Those of one market, or of all. One that the engine has not spoken of yet is not open: it
    may be refused, and its client has not been answered."""
    call = await signed_call(request, 6)
    dependencies = call.dependencies
    symbol = call.parameters.text("symbol", SYMBOL_LEGAL)
    call.parameters.finish()
    if symbol is not None and symbol not in dependencies.instruments:
        raise invalid_symbol()
    if symbol is None:
        await call.charge(80 - 6)
    orders = await guarded(
        dependencies.breakers.orders, dependencies.orders.open_orders, call.user_id, symbol
    )
    decided = [found for found in orders if found.status is not OrderStatus.PENDING_VALIDATION]
    return json_response([order_payload(found) for found in decided])


@router.get(
    "/allOrders",
    **documented(
        "Orders, open and closed",
        SYMBOL,
        Field("orderId", 288230376151711744, "This order and later ones."),
        START,
        END,
        LIMIT,
        signed=True,
        schema=list_of(OrderRow),
        example=[_ORDER],
    ),
)
async def all_orders(request: Request) -> Response:
    """Oldest first; without an id or a time, the newest ones."""
    call = await signed_call(request, 20)
    parameters, dependencies = call.parameters, call.dependencies
    symbol = known_symbol(parameters, dependencies.instruments)
    order_id = parameters.number("orderId")
    start_ms, end_ms = read_times(parameters)
    limit = parameters.limit(default=ROWS_DEFAULT, maximum=ROWS_MAX)
    parameters.finish()
    orders = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.all_orders,
        call.user_id,
        symbol,
        order_id=order_id,
        start_ms=start_ms,
        end_ms=end_ms,
        limit=limit,
    )
    return json_response([order_payload(found) for found in orders])
