"""`/api/v3`: the user's own trades, and the matches that were prevented."""

from fastapi import APIRouter, Request, Response

from api.calls import signed_call
from api.documentation import END, LIMIT, ORDER_ID, START, SYMBOL, Field, documented
from api.errors import bad_combination, missing_both
from api.guarded import guarded
from api.order_payloads import prevented_match_payload, trade_payload
from api.parameters import known_symbol
from api.payload_schemas import list_of
from api.responses import json_response
from api.time_range import ROWS_DEFAULT, ROWS_MAX, read_times
from contracts.rest_rows import MyTrade

PREVENTED_WEIGHT = 2
PREVENTED_OF_ORDER_WEIGHT = 20

router = APIRouter(prefix="/api/v3", tags=["orders"])

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
        schema=list_of(MyTrade),
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
