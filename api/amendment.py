"""Reducing an order's quantity; it keeps its place in the queue."""

from typing import Final

from api.calls import SignedCall
from api.cancellation import Target, find_target
from api.errors import ApiError, OutcomeUnknown, amend_rejected, invalid_data, missing_both, refused
from api.filters import check_quantity, exact
from api.order_payloads import amended
from api.parameters import CLIENT_ORDER_ID, DECIMAL, known_symbol
from contracts.amounts import Amount
from contracts.orders import AmendRequest, Refusal
from contracts.topology import order_command_id

UNKNOWN: Final = "Unknown order sent."
INCREASE: Final = "Order amend (quantity increase) is not supported."
NO_CHANGE: Final = "The requested action would change no state; rejecting"
LIST_LEG: Final = "Order amend (order list) is not supported."


async def amend(call: SignedCall) -> dict[str, object]:
    """Reduce the order that the request names, and return what the client is told.

    The same reduction of the same order is one amendment, however often it is sent.

    Raises:
        ApiError: a parameter is wrong, the engine refuses, or OutcomeUnknown.
    """
    parameters, dependencies = call.parameters, call.dependencies
    symbol = known_symbol(parameters, dependencies.instruments)
    order_id = parameters.number("orderId")
    original = parameters.text("origClientOrderId", CLIENT_ORDER_ID)
    renamed = parameters.text("newClientOrderId", CLIENT_ORDER_ID)
    quantity = exact("newQty", parameters.required("newQty", DECIMAL))
    parameters.finish()
    if order_id is None and original is None:
        raise missing_both("origClientOrderId", "orderId")
    lots = check_quantity(dependencies.instruments[symbol], quantity)
    order = await find_target(call, symbol, Target(order_id, original, "", None))
    if order is None or order.status.terminal:
        raise amend_rejected(UNKNOWN)
    if renamed not in {None, order.client_order_id}:
        raise invalid_data("newClientOrderId")  # the client id is what the order's saga goes by
    if order.list_id:
        raise amend_rejected(LIST_LEG)
    if quantity > order.quantity:
        raise amend_rejected(INCREASE)
    answer = await dependencies.sagas.amend(
        call.user_id,
        order.client_order_id,
        AmendRequest(
            order_id=order.order_id,
            amend_id=order_command_id(order.order_id, f"amend:{lots}"),
            new_quantity=Amount(quantity),
            new_quantity_lots=lots,
            requested_at_ms=dependencies.clock_ms(),
        ),
    )
    if answer.refusal is not None:
        raise _refused(answer.refusal, unchanged=quantity == order.quantity)
    if answer.state is None:
        raise OutcomeUnknown
    return amended(order, answer.state)


def _refused(refusal: Refusal, *, unchanged: bool) -> ApiError:
    if refusal is Refusal.UNKNOWN_ORDER:
        return amend_rejected(UNKNOWN)
    if refusal is Refusal.INVALID_AMENDMENT and unchanged:
        return amend_rejected(NO_CHANGE)
    return refused(refusal)
