"""Answers that more than one process gives, so that a client cannot tell who gave them."""

from contracts.amounts import ZERO
from contracts.orders import (
    ListAnswer,
    OrderStatus,
    PlacementAnswer,
    PlaceOrder,
    PlaceOrderList,
    Refusal,
)


def duplicate_order(order: PlaceOrder) -> PlacementAnswer:
    """The client order id belongs to another request."""
    return PlacementAnswer(
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        status=OrderStatus.REJECTED,
        filled_quantity=ZERO,
        filled_quote=ZERO,
        transact_time_ms=order.accepted_at_ms,
        refusal=Refusal.DUPLICATE_ORDER,
    )


def duplicate_list(orders: PlaceOrderList) -> ListAnswer:
    """The list's client id, or that of one of its legs, belongs to another request."""
    return ListAnswer(
        list_id=orders.list_id,
        list_client_order_id=orders.list_client_order_id,
        transact_time_ms=orders.accepted_at_ms,
        legs=(),
        refusal=Refusal.DUPLICATE_ORDER,
    )
