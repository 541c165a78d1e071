"""Cancelling orders: find the user's order, ask its saga, say what became of it."""

from api.calls import SignedCall
from api.errors import ApiError, bad_request, cancel_rejected, missing_both, refused
from api.guarded import guarded
from api.new_order import new_client_order_id
from api.order_payloads import cancelled
from api.parameters import CLIENT_ORDER_ID, known_symbol
from contracts.order_views import OrderView
from contracts.orders import CancelRequest, OrderStatus
from contracts.topology import order_command_id

RESTRICTIONS = {
    "ONLY_NEW": OrderStatus.OPEN,
    "ONLY_PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
}


async def cancel_one(call: SignedCall) -> dict[str, object]:
    """Cancel the order that the request names. Raises ApiError where there is none to cancel."""
    parameters, dependencies = call.parameters, call.dependencies
    symbol = known_symbol(parameters, dependencies.instruments)
    order_id = parameters.number("orderId")
    original = parameters.text("origClientOrderId", CLIENT_ORDER_ID)
    cancel_id = parameters.text("newClientOrderId", CLIENT_ORDER_ID) or new_client_order_id()
    restriction = parameters.text("cancelRestrictions")
    parameters.finish()
    if order_id is None and original is None:
        raise missing_both("origClientOrderId", "orderId")
    if restriction is not None and restriction not in RESTRICTIONS:
        raise bad_request(
            -1145,
            "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`.",
        )
    order = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.order,
        call.user_id,
        symbol,
        order_id=order_id,
        client_order_id=original,
    )
    if order is None or order.status.terminal:
        raise cancel_rejected()
    if restriction is not None and order.status is not RESTRICTIONS[restriction]:
        raise bad_request(-2011, "Order was not canceled due to cancel restrictions.")
    return await _cancel(call, order, cancel_id)


async def cancel_all(call: SignedCall) -> list[dict[str, object]]:
    """Cancel every open order of one market, one after the other.

    An order that closes by itself meanwhile is left out of the answer.
    """
    dependencies = call.dependencies
    symbol = known_symbol(call.parameters, dependencies.instruments)
    call.parameters.finish()
    orders = await guarded(
        dependencies.breakers.orders, dependencies.orders.open_orders, call.user_id, symbol
    )
    if not orders:
        raise cancel_rejected()
    answers = []
    for order in orders:
        try:
            answers.append(await _cancel(call, order, new_client_order_id()))
        except ApiError as error:
            if error.code != cancel_rejected().code:
                raise
    return answers


async def _cancel(call: SignedCall, order: OrderView, client_cancel_id: str) -> dict[str, object]:
    request = CancelRequest(
        order_id=order.order_id,
        cancel_id=order_command_id(order.order_id, f"cancel:{client_cancel_id}"),
        client_cancel_id=client_cancel_id,
        requested_at_ms=call.dependencies.clock_ms(),
    )
    answer = await call.dependencies.sagas.cancel(call.user_id, order.client_order_id, request)
    if answer.refusal is not None and answer.status is not OrderStatus.CANCELLED:
        raise refused(answer.refusal)
    if answer.status is not OrderStatus.CANCELLED:
        raise cancel_rejected()
    return cancelled(order, answer, client_cancel_id)
