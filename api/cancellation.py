"""Cancelling one order: find the user's order, ask its saga, say what became of it."""

import asyncio
from typing import Final, NamedTuple

from api.calls import SignedCall
from api.errors import OutcomeUnknown, bad_request, cancel_rejected, missing_both, refused
from api.guarded import guarded, guarded_afterwards
from api.new_order import new_client_order_id
from api.order_payloads import cancelled
from api.parameters import CLIENT_ORDER_ID, Parameters
from contracts.order_views import OrderView
from contracts.orders import CancelAnswer, CancelRequest, OrderStatus
from contracts.topology import order_command_id

ROW_READS: Final = 10
ROW_PAUSE_S: Final = 0.05
RESTRICTIONS: Final = {
    "ONLY_NEW": OrderStatus.OPEN,
    "ONLY_PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED,
}


class Target(NamedTuple):
    """Which order is to be cancelled, under which id of the cancel, and in which state only."""

    order_id: int | None
    client_order_id: str | None
    client_cancel_id: str
    only: OrderStatus | None


def read_target(parameters: Parameters, order_id: str, original: str, cancel_id: str) -> Target:
    """The parameters of a cancel, under the names that the endpoint gives them.

    Raises:
        ApiError: no order is named, or the restriction is none of Binance's.
    """
    target = Target(
        order_id=parameters.number(order_id),
        client_order_id=parameters.text(original, CLIENT_ORDER_ID),
        client_cancel_id=parameters.text(cancel_id, CLIENT_ORDER_ID) or new_client_order_id(),
        only=_restriction(parameters),
    )
    if target.order_id is None and target.client_order_id is None:
        raise missing_both(original, order_id)
    return target


async def cancel_one(call: SignedCall, symbol: str, target: Target) -> dict[str, object]:
    """Cancel the order and return what the client is told. A leg takes its whole list along.

    Raises:
        ApiError: there is none to cancel, or OutcomeUnknown.
    """
    order = await find_target(call, symbol, target)
    if order is None or order.status.terminal:
        raise cancel_rejected()
    if target.only is not None and order.status is not target.only:
        raise bad_request(-2011, "Order was not canceled due to cancel restrictions.")
    answer = await ask_to_cancel(call, order, target.client_cancel_id)
    return cancelled(order, answer, target.client_cancel_id)


async def find_target(call: SignedCall, symbol: str, target: Target) -> OrderView | None:
    """The order that is meant; where both ids are sent they must agree."""
    return await guarded(
        call.dependencies.breakers.orders,
        call.dependencies.orders.order,
        call.user_id,
        symbol,
        order_id=target.order_id,
        client_order_id=target.client_order_id,
    )


async def ask_to_cancel(call: SignedCall, order: OrderView, client_cancel_id: str) -> CancelAnswer:
    """The saga's answer once the order is cancelled and its money is back.

    Raises:
        ApiError: -2011 where the order has closed in another way, or OutcomeUnknown.
    """
    request = CancelRequest(
        order_id=order.order_id,
        cancel_id=order_command_id(order.order_id, f"cancel:{client_cancel_id}"),
        client_cancel_id=client_cancel_id,
        requested_at_ms=call.dependencies.clock_ms(),
    )
    try:
        answer = await call.dependencies.sagas.cancel(
            call.user_id,
            order.client_order_id,
            request,
            list_client_order_id=order.list_client_order_id,
        )
    except OutcomeUnknown:
        answer = await _answer_of_row(call, order)
    if answer.status is OrderStatus.CANCELLED:
        return answer
    raise cancel_rejected() if answer.refusal is None else refused(answer.refusal)


async def _answer_of_row(call: SignedCall, order: OrderView) -> CancelAnswer:
    """A saga that ended while it was asked has left its answer in the order's row, or does so
    within moments. Raises OutcomeUnknown where the order is open still, or cannot be read."""
    for _ in range(ROW_READS):
        row = await guarded_afterwards(
            call.dependencies.breakers.orders,
            call.dependencies.orders.any_order,
            call.user_id,
            order.order_id,
        )
        if row is not None and row.status.terminal:
            return CancelAnswer(
                order_id=row.order_id,
                status=row.status,
                filled_quantity=row.filled_quantity,
                filled_quote=row.filled_quote,
                transact_time_ms=row.updated_at_ms,
            )
        await asyncio.sleep(ROW_PAUSE_S)
    raise OutcomeUnknown


def _restriction(parameters: Parameters) -> OrderStatus | None:
    text = parameters.text("cancelRestrictions")
    if text is None:
        return None
    if text not in RESTRICTIONS:
        raise bad_request(
            -1145,
            "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`.",
        )
    return RESTRICTIONS[text]
