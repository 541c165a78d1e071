"""`/api/v3`: order lists, of which at most one order trades."""

from fastapi import APIRouter, Request, Response

from api.calls import CANCEL_WEIGHT, PLACEMENT_WEIGHT, SignedCall, signed_call
from api.documentation import END, LIMIT, START, SYMBOL, Field, documented
from api.errors import (
    bad_combination,
    list_cancel_rejected,
    missing_both,
    unknown_list,
)
from api.guarded import guarded
from api.list_payloads import list_payload
from api.new_order import new_client_order_id
from api.order_list_parameters import read_order_list
from api.order_lists import cancel_list, place_list
from api.parameters import CLIENT_ORDER_ID, known_symbol
from api.responses import json_response
from api.routes.orders import CANCELLED, ORDER
from api.time_range import ROWS_DEFAULT, ROWS_MAX, read_times
from contracts.order_views import OrderListView

router = APIRouter(prefix="/api/v3", tags=["orders"])

_LIST = {
    "orderListId": 288230376151711742,
    "contingencyType": "OCO",
    "listStatusType": "EXEC_STARTED",
    "listOrderStatus": "EXECUTING",
    "listClientOrderId": "my-list-1",
    "transactionTime": 1767225600000,
    "symbol": "BTCUSDT",
    "orders": [
        {"symbol": "BTCUSDT", "orderId": 288230376151711743, "clientOrderId": "my-list-1-above"},
        {"symbol": "BTCUSDT", "orderId": 288230376151711744, "clientOrderId": "my-list-1-below"},
    ],
}
_IN_LIST = {"orderListId": 288230376151711742, "clientOrderId": "my-list-1-above"}
_LIST_ID = Field("orderListId", 288230376151711742, "The exchange's id of the list.")


def _leg_fields(leg: str) -> tuple[Field, ...]:
    kind = "LIMIT_MAKER" if leg == "above" else "STOP_LOSS"
    return (
        Field(f"{leg}Type", kind, "A stop loss, or LIMIT_MAKER or a take profit.", required=True),
        Field(f"{leg}ClientOrderId", f"my-list-1-{leg}", "The client's id of this order."),
        Field(f"{leg}Price", "66000.00000000", "LIMIT_MAKER and *_LIMIT."),
        Field(f"{leg}StopPrice", "54000.00000000", "The last price that activates it."),
        Field(f"{leg}TimeInForce", "GTC", "*_LIMIT: GTC, IOC or FOK."),
        Field(f"{leg}IcebergQty", "0.10000000", "How much the book shows. LIMIT_MAKER alone."),
        Field(f"{leg}StrategyId", 37, "Accepted, not kept."),
        Field(f"{leg}StrategyType", 1000000, "Accepted, not kept."),
    )


@router.post(
    "/orderList/oco",
    **documented(
        "Place a one-cancels-the-other list",
        SYMBOL,
        Field("side", "SELL", "BUY or SELL, for both.", required=True),
        Field("quantity", "0.50000000", "For both.", required=True),
        Field("listClientOrderId", "my-list-1", "Unique among the user's recent lists."),
        *_leg_fields("above"),
        *_leg_fields("below"),
        Field("selfTradePreventionMode", "EXPIRE_TAKER", "NONE, EXPIRE_TAKER, _MAKER or _BOTH."),
        Field("newOrderRespType", "RESULT", "ACK, RESULT or FULL."),
        signed=True,
        example={**_LIST, "orderReports": [{**ORDER, **_IN_LIST, "status": "NEW"}]},
        error=(-2010, "The relationship of the prices for the orders is not correct."),
    ),
)
async def place_oco(request: Request) -> Response:
    """One order above the market, one below; the first that trades or is triggered ends the
    other. The money is reserved once, for the larger need of the two."""
    call = await signed_call(request, 0)
    async with call.charged_if_it_fails(PLACEMENT_WEIGHT):
        call.require_trading()
        new = read_order_list(call.parameters, call.dependencies.instruments)
        return json_response(await place_list(call, new))


@router.delete(
    "/orderList",
    **documented(
        "Cancel an order list",
        SYMBOL,
        _LIST_ID,
        Field("listClientOrderId", "my-list-1", "The client's id of the list."),
        Field("newClientOrderId", "my-cancel-1", "The client's id of this cancel."),
        signed=True,
        example={
            **_LIST,
            "listStatusType": "ALL_DONE",
            "listOrderStatus": "ALL_DONE",
            "orderReports": [{**CANCELLED, "orderListId": 288230376151711742}],
        },
        error=(-2011, "Unknown order list sent."),
    ),
)
async def cancel_order_list(request: Request) -> Response:
    """Take both orders off the book and give back what the list had reserved."""
    call = await signed_call(request, 0)
    async with call.charged_if_it_fails(CANCEL_WEIGHT):
        await call.require_room(CANCEL_WEIGHT)
        return json_response(await _cancel(call))


async def _cancel(call: SignedCall) -> dict[str, object]:
    call.require_trading()
    parameters = call.parameters
    symbol = known_symbol(parameters, call.dependencies.instruments)
    list_id = parameters.number("orderListId")
    client_id = parameters.text("listClientOrderId", CLIENT_ORDER_ID)
    cancel_id = parameters.text("newClientOrderId", CLIENT_ORDER_ID) or new_client_order_id()
    parameters.finish()
    if list_id is None and client_id is None:
        raise missing_both("listClientOrderId", "orderListId")
    found = await _find(call, list_id, client_id)
    if found is None or found.symbol != symbol:
        raise list_cancel_rejected()
    return await cancel_list(call, found, cancel_id)


@router.get(
    "/orderList",
    **documented(
        "One order list",
        _LIST_ID,
        Field("origClientOrderId", "my-list-1", "The client's id of the list."),
        signed=True,
        example=_LIST,
        error=(-2013, "Order list does not exist."),
    ),
)
async def order_list(request: Request) -> Response:
    """By the exchange's id, by the client's, or by both where they must agree."""
    call = await signed_call(request, 4)
    list_id = call.parameters.number("orderListId")
    client_id = call.parameters.text("origClientOrderId", CLIENT_ORDER_ID)
    call.parameters.finish()
    if list_id is None and client_id is None:
        raise missing_both("origClientOrderId", "orderListId")
    found = await _find(call, list_id, client_id)
    if found is None:
        raise unknown_list()
    return json_response(list_payload(found))


@router.get(
    "/allOrderList",
    **documented(
        "Order lists, open and closed",
        Field("fromId", 288230376151711742, "This list and later ones."),
        START,
        END,
        LIMIT,
        signed=True,
        example=[_LIST],
        error=(-1128, "Combination of optional parameters invalid."),
    ),
)
async def all_order_lists(request: Request) -> Response:
    """Oldest first; without an id or a time, the newest ones."""
    call = await signed_call(request, 20)
    parameters, dependencies = call.parameters, call.dependencies
    from_id = parameters.number("fromId")
    start_ms, end_ms = read_times(parameters)
    limit = parameters.limit(default=ROWS_DEFAULT, maximum=ROWS_MAX)
    parameters.finish()
    if from_id is not None and (start_ms is not None or end_ms is not None):
        raise bad_combination()
    lists = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.order_lists,
        call.user_id,
        from_id=from_id,
        start_ms=start_ms,
        end_ms=end_ms,
        limit=limit,
    )
    return json_response([list_payload(found) for found in lists])


@router.get(
    "/openOrderList",
    **documented(
        "Open order lists",
        signed=True,
        example=[_LIST],
        error=(-1021, "Timestamp for this request is outside of the recvWindow."),
    ),
)
async def open_order_lists(request: Request) -> Response:
    """Those of all markets."""
    call = await signed_call(request, 6)
    dependencies = call.dependencies
    call.parameters.finish()
    lists = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.order_lists,
        call.user_id,
        limit=ROWS_MAX,
        open_only=True,
    )
    return json_response([list_payload(found) for found in lists])


async def _find(
    call: SignedCall, list_id: int | None, client_id: str | None
) -> OrderListView | None:
    dependencies = call.dependencies
    return await guarded(
        dependencies.breakers.orders,
        dependencies.orders.order_list,
        call.user_id,
        list_id=list_id,
        list_client_order_id=client_id,
    )
