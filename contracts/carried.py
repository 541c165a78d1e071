"""What a saga hands to its next run when its history has grown long.

A saga goes on in a next run only while no cancel is asked for, so none is carried. `cancel` is
null in what earlier sagas have carried, whose open orders may rest for weeks: it stays readable.
"""

from contracts.message import Message
from contracts.orders import (
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
    held_lots: int
    cancel: None = None


class CarriedList(Message, frozen=True, kw_only=True):
    """An open order list's saga between two runs: both legs' newest states, by order id."""

    order_list: PlaceOrderList
    saga_state: SagaState
    steps: tuple[SagaStep, ...]
    states: tuple[OrderState, OrderState]
    answers: tuple[PlacementAnswer, PlacementAnswer]
    cancel: None = None
