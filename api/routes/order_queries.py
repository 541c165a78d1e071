"""`/api/v3`: the user's own orders and trades."""

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
    bad_combination,
    bad_request,
    invalid_symbol,
    missing_both,
    unknown_order,
)
from api.guarded import guarded
from api.order_payloads import order_payload, prevented_match_payload, trade_payload
from api.parameters import CLIENT_ORDER_ID, Parameters, known_symbol
from api.parameters import SYMBOL as SYMBOL_LEGAL
from api.responses import json_response

ROWS_DEFAULT = 500
ROWS_MAX = 1_000
LOOKUP_MS_MAX = 24 * 3_600_000
PREVENTED_WEIGHT = 2
PREVENTED_OF_ORDER_WEIGHT = 20

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
_TRADE = {
    "symbol": "BTCUSDT",
    "id": 56,
    "orderId": 288230376151711744,
    "orderListId": -1,
    "price": "60000.00000000",
    "qty": "0.50000000",
    "quoteQty": "30000.00000000",
    "commission": "0.00050000",
    "commissionAsset": "BTC",
    "time": 1767225600000,
    "isBuyer": True,
    "isMaker": False,
    "isBestMatch": True,
}
_PREVENTED = {
    "symbol": "BTCUSDT",
    "preventedMatchId": 7,
    "takerOrderId": 288230376151711744,
    "makerSymbol": "BTCUSDT",
    "makerOrderId": 288230376151711743,
    "tradeGroupId": 7,
    "selfTradePreventionMode": "EXPIRE_MAKER",
    "price": "60000.00000000",
    "makerPreventedQuantity": "0.50000000",
    "transactTime": 1767225600000,
}


@router.get(
    "/order",
    **documented(
        "One order",
        SYMBOL,
        ORDER_ID,
        Field("origClientOrderId", "my-order-1", "The client's id of the order."),
        signed=True,
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
    "/openOrders", **documented("Open orders", OPTIONAL_SYMBOL, signed=True, example=[_ORDER])
)
async def open_orders(request: Request) -> Response:
    """Those of one market, or of all."""
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
    return json_response([order_payload(found) for found in orders])


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


@router.get(
    "/myTrades",
    **documented(
        "The user's trades",
        SYMBOL,
        ORDER_ID,
        START,
        END,
        Field("fromId", 56, "This trade and later ones."),
        LIMIT,
        signed=True,
        example=[_TRADE],
    ),
)
async def my_trades(request: Request) -> Response:
    """Executions of the user's orders, oldest first."""
    call = await signed_call(request, 5)
    parameters, dependencies = call.parameters, call.dependencies
    order_id = parameters.number("orderId")
    if order_id is None:
        await call.charge(20 - 5)
    symbol = known_symbol(parameters, dependencies.instruments)
    start_ms, end_ms = read_times(parameters)
    from_id = parameters.number("fromId")
    limit = parameters.limit(default=ROWS_DEFAULT, maximum=ROWS_MAX)
    parameters.finish()
    if from_id is not None and (start_ms is not None or end_ms is not None):
        raise bad_combination()
    trades = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.trades,
        call.user_id,
        symbol,
        order_id=order_id,
        start_ms=start_ms,
        end_ms=end_ms,
        from_id=from_id,
        limit=limit,
    )
    return json_response([trade_payload(trade) for trade in trades])


@router.get(
    "/myPreventedMatches",
    **documented(
        "Matches that self-trade prevention did not let happen",
        SYMBOL,
        Field("preventedMatchId", 7, "This one."),
        Field("orderId", 288230376151711744, "Those of this order, instead."),
        Field("fromPreventedMatchId", 7, "With orderId: this one and later ones."),
        LIMIT,
        signed=True,
        example=[_PREVENTED],
        error=(-1128, "Combination of optional parameters invalid."),
    ),
)
async def my_prevented_matches(request: Request) -> Response:
    """By the id of the match, or by one of its two orders; oldest first."""
    call = await signed_call(request, PREVENTED_WEIGHT)
    parameters, dependencies = call.parameters, call.dependencies
    symbol = known_symbol(parameters, dependencies.instruments)
    match_id, order_id = parameters.number("preventedMatchId"), parameters.number("orderId")
    from_id = parameters.number("fromPreventedMatchId")
    limited = parameters.text("limit") is not None
    limit = parameters.limit(default=ROWS_DEFAULT, maximum=ROWS_MAX)
    parameters.finish()
    if match_id is None and order_id is None:
        raise missing_both("preventedMatchId", "orderId")
    if match_id is not None and (order_id is not None or from_id is not None or limited):
        raise bad_combination()
    if order_id is not None:
        await call.charge(PREVENTED_OF_ORDER_WEIGHT - PREVENTED_WEIGHT)
    matches = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.prevented_matches,
        call.user_id,
        symbol,
        order_id=order_id,
        prevented_match_id=match_id,
        from_id=from_id,
        limit=limit,
    )
    return json_response([prevented_match_payload(match) for match in matches])


def read_times(parameters: Parameters) -> tuple[int | None, int | None]:
    """`startTime` and `endTime`, in ms: in order, and no more than a day apart.

    Raises:
        ApiError: they are not.
    """
    start_ms, end_ms = parameters.number("startTime"), parameters.number("endTime")
    if start_ms is not None and end_ms is not None:
        if start_ms > end_ms:
            raise bad_combination()
        if end_ms - start_ms > LOOKUP_MS_MAX:
            raise bad_request(-1127, "More than 24 hours between startTime and endTime.")
    return start_ms, end_ms
