"""What a saga hands to its next run when its history has grown long."""

from contracts.message import Message
from contracts.orders import (
    CancelRequest,
    OrderState,
    PlacementAnswer,
    PlaceOrder,
    PlaceOrderList,
    SagaState,
    SagaStep,
)


class CarriedOrder(Message, frozen=True, kw_only=True):
    """An open order's saga between two runs. `held_lots` is the quantity that funds are held
    for: the order's own, less what amendments have taken off."""

    order: PlaceOrder
    saga_state: SagaState
    steps: tuple[SagaStep, ...]
    state: OrderState
    answer: PlacementAnswer | None
    cancel: CancelRequest | None
    held_lots: int


class CarriedList(Message, frozen=True, kw_only=True):
    """An open order list's saga between two runs: both legs' newest states, by order id."""

    order_list: PlaceOrderList
    saga_state: SagaState
    steps: tuple[SagaStep, ...]
    states: tuple[OrderState, OrderState]
    answers: tuple[PlacementAnswer, PlacementAnswer]
    cancel: CancelRequest | None
