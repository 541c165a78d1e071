"""The search attributes by which ops find an order's saga."""

from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
)

from contracts.orders import PlaceOrder, SagaState

ORDER_ID = SearchAttributeKey.for_keyword("OrderId")
USER_ID = SearchAttributeKey.for_keyword("UserId")
SYMBOL = SearchAttributeKey.for_keyword("Symbol")
SAGA_STATE = SearchAttributeKey.for_keyword("SagaState")


def at_start(order: PlaceOrder) -> TypedSearchAttributes:
    """What a new saga is found by."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(ORDER_ID, str(order.order_id)),
            SearchAttributePair(USER_ID, str(order.user_id)),
            SearchAttributePair(SYMBOL, order.symbol),
            SearchAttributePair(SAGA_STATE, SagaState.STARTED),
        ]
    )
