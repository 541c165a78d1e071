"""The commands and answers of an order list's saga, computed from what the saga knows. Pure."""

import msgspec

from contracts.matching import SubmitOrderList
from contracts.orders import (
    ListAnswer,
    OrderState,
    OrderStatus,
    PlacementAnswer,
    PlaceOrderList,
    Refusal,
)
from contracts.topology import order_command_id
from contracts.wallet import ReleaseFunds, ReserveFunds
from workflows import order_messages


def reserve_funds(order_list: PlaceOrderList) -> ReserveFunds:
    """One amount for both legs, under the first leg's id: only one of them will trade."""
    holder = order_list.legs[0].order_id
    return ReserveFunds(
        command_id=order_command_id(holder, "reserve"),
        order_id=holder,
        user_id=order_list.user_id,
        currency=order_list.reserve_currency,
        amount=order_list.reserve_amount,
        correlation_id=order_list.correlation_id,
    )


def release_funds(order_list: PlaceOrderList, states: tuple[OrderState, ...]) -> ReleaseFunds:
    """Named by what both legs have filled, of which at most one has."""
    holder = order_list.legs[0].order_id
    return ReleaseFunds(
        command_id=order_command_id(holder, "release"),
        order_id=holder,
        user_id=order_list.user_id,
        filled_lots=sum(state.filled_lots for state in states),
        correlation_id=order_list.correlation_id,
    )


def submit_list(order_list: PlaceOrderList) -> SubmitOrderList:
    first, second = (order_messages.submit_order(leg) for leg in order_list.legs)
    holder = order_list.legs[0].order_id
    return SubmitOrderList(
        command_id=order_command_id(order_list.list_id, "submit-list"),
        symbol=order_list.symbol,
        list_id=order_list.list_id,
        legs=(first, msgspec.structs.replace(second, reservation_id=holder)),
    )


def answer(
    order_list: PlaceOrderList,
    legs: tuple[PlacementAnswer, ...],
    refusal: Refusal | None = None,
) -> ListAnswer:
    return ListAnswer(
        list_id=order_list.list_id,
        list_client_order_id=order_list.list_client_order_id,
        transact_time_ms=max(
            (leg.transact_time_ms for leg in legs), default=order_list.accepted_at_ms
        ),
        legs=legs,
        refusal=refusal,
    )


def refused(order_list: PlaceOrderList, refusal: Refusal) -> ListAnswer:
    return answer(order_list, (), refusal)


def told_again(told: ListAnswer | None, order_list: PlaceOrderList) -> ListAnswer:
    """The first answer, marked as repeated where another request asks for it."""
    if told is None:
        raise RuntimeError("an answer is told only once it is there")
    if told.list_id == order_list.list_id:
        return told
    return msgspec.structs.replace(told, repeated=True)


def status_of(states: tuple[OrderState, ...]) -> OrderStatus:
    """The list as a whole: open while a leg is, else how the leg that traded has ended."""
    if not states:
        return OrderStatus.PENDING_VALIDATION
    for state in states:
        if not state.status.terminal:
            return state.status
    return max(states, key=lambda state: state.filled_lots).status
