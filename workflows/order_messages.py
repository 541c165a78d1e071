"""The commands and answers of an order's saga, computed from what the saga knows.

Pure functions: every id is derived from the order, so each attempt sends the same message.
"""

from datetime import datetime

import msgspec

from contracts.acceptance import AcceptOrder
from contracts.amounts import ZERO, from_e8, to_e8
from contracts.matching import AmendOrder, CancelOrder, SubmitOrder
from contracts.orders import (
    AmendAnswer,
    AmendRequest,
    CancelAnswer,
    CancelRequest,
    Fill,
    FinalizeOrder,
    OrderOutcome,
    OrderState,
    OrderStatus,
    PlacementAnswer,
    PlaceOrder,
    Refusal,
    SagaState,
)
from contracts.registration import Report
from contracts.topology import order_command_id
from contracts.wallet import ReduceReservation, ReleaseFunds, ReserveFunds


def reserve_funds(order: PlaceOrder) -> ReserveFunds:
    return ReserveFunds(
        command_id=order_command_id(order.order_id, "reserve"),
        order_id=order.order_id,
        user_id=order.user_id,
        currency=order.reserve_currency,
        amount=order.reserve_amount,
        correlation_id=order.correlation_id,
    )


def accept_order(order: PlaceOrder) -> AcceptOrder:
    return AcceptOrder(order=order, reserve=reserve_funds(order), submit=submit_order(order))


def release_funds(order: PlaceOrder, state: OrderState) -> ReleaseFunds:
    return ReleaseFunds(
        command_id=order_command_id(order.order_id, "release"),
        order_id=order.order_id,
        user_id=order.user_id,
        filled_lots=state.filled_lots,
        correlation_id=order.correlation_id,
    )


def submit_order(order: PlaceOrder) -> SubmitOrder:
    return SubmitOrder(
        command_id=order_command_id(order.order_id, "submit"),
        symbol=order.symbol,
        order_id=order.order_id,
        user_id=order.user_id,
        side=order.side,
        order_type=order.order_type,
        time_in_force=order.time_in_force,
        price_ticks=order.price_ticks,
        quantity_lots=order.quantity_lots,
        budget_e8=to_e8(order.reserve_amount),
        maker_fee_ppm=order.maker_fee_ppm,
        taker_fee_ppm=order.taker_fee_ppm,
        accepted_at_ms=order.accepted_at_ms,
        self_trade_prevention=order.self_trade_prevention,
        quote_e8=0 if order.quote_quantity is None else to_e8(order.quote_quantity),
        stop_ticks=order.stop_ticks,
        iceberg_lots=order.iceberg_lots,
        expires_at_ms=order.expires_at_ms,
    )


def may_hold_a_rest(order: PlaceOrder, state: OrderState, held_lots: int) -> bool:
    """Whether a closed order may have money left. A filled one may where it is by value, which
    buys whole lots only, or was amended by a task of its saga that Temporal has dropped."""
    if state.status is not OrderStatus.FILLED or order.quote_quantity is not None:
        return True
    return state.filled_lots < held_lots


def amend_order(order: PlaceOrder, request: AmendRequest) -> AmendOrder:
    return AmendOrder(
        command_id=order_command_id(order.order_id, f"amend:{request.amend_id}"),
        symbol=order.symbol,
        order_id=order.order_id,
        new_quantity_lots=request.new_quantity_lots,
    )


def reduce_reservation(
    order: PlaceOrder, request: AmendRequest, held_lots: int
) -> ReduceReservation | None:
    """Give back what the lots that an amendment took off had held; None where it took none."""
    freed_lots = held_lots - request.new_quantity_lots
    if freed_lots <= 0:
        return None
    # What one lot holds is the same for every lot: price × lot for a buy, the lot for a sell.
    lot_holds_e8 = to_e8(order.reserve_amount) // order.quantity_lots
    return ReduceReservation(
        command_id=order_command_id(order.order_id, f"reduce:{request.amend_id}"),
        order_id=order.order_id,
        user_id=order.user_id,
        amount=from_e8(lot_holds_e8 * freed_lots),
        keep=from_e8(lot_holds_e8 * request.new_quantity_lots),
        amend_id=request.amend_id,
        correlation_id=order.correlation_id,
    )


def amend_refused(request: AmendRequest, refusal: Refusal = Refusal.UNKNOWN_ORDER) -> AmendAnswer:
    """By default: the order is closed, or is another one."""
    return AmendAnswer(order_id=request.order_id, state=None, refusal=refusal)


def cancel_order(order: PlaceOrder, request: CancelRequest | None = None) -> CancelOrder:
    """Without a request it is the saga itself that takes the order back."""
    return CancelOrder(
        command_id=order_command_id(order.order_id, "cancel"),
        symbol=order.symbol,
        order_id=order.order_id,
        client_cancel_id="" if request is None else request.client_cancel_id,
    )


def report(order: PlaceOrder, state: OrderState, fills: tuple[Fill, ...]) -> Report:
    return Report(
        symbol=order.symbol,
        user_id=order.user_id,
        side=order.side,
        state=state,
        fills=fills,
    )


def changes_the_row(state: OrderState) -> bool:
    """Whether the engine's word belongs in the order's row: not a refusal, nor "never seen"."""
    return state.status is not OrderStatus.REJECTED and state.sequence > 0


def finalize_order(
    order: PlaceOrder, state: OrderState, refusal: Refusal | None, saga_state: SagaState
) -> FinalizeOrder:
    return FinalizeOrder(
        command_id=order_command_id(order.order_id, "finalize"),
        order_id=order.order_id,
        user_id=order.user_id,
        symbol=order.symbol,
        state=state,
        refusal=refusal,
        saga_state=saga_state,
        correlation_id=order.correlation_id,
    )


def final_state(
    order: PlaceOrder, state: OrderState | None, status: OrderStatus, now: datetime
) -> OrderState:
    """The engine's last word with the saga's status; without one, an order that never was."""
    if state is not None and state.sequence > 0:
        return msgspec.structs.replace(state, status=status)
    return OrderState(
        order_id=order.order_id,
        sequence=0,
        status=status,
        filled_quantity=ZERO,
        filled_quote=ZERO,
        commission=ZERO,
        filled_lots=0,
        at_ms=int(now.timestamp() * 1000),
        own=True,
    )


def placement_answer(
    order: PlaceOrder,
    state: OrderState,
    fills: tuple[Fill, ...],
    refusal: Refusal | None = None,
) -> PlacementAnswer:
    return PlacementAnswer(
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        status=state.status,
        filled_quantity=state.filled_quantity,
        filled_quote=state.filled_quote,
        transact_time_ms=state.at_ms,
        fills=fills,
        refusal=refusal,
        quantity=state.quantity,
        working=state.working,
        expiry=state.expiry,
    )


def told_again(answer: PlacementAnswer | None, order: PlaceOrder) -> PlacementAnswer:
    """The first answer, marked as repeated where another request asks for it."""
    if answer is None:
        raise RuntimeError("an answer is told only once it is there")
    if answer.order_id == order.order_id:
        return answer
    return msgspec.structs.replace(answer, repeated=True)


def outcome(state: OrderState, refusal: Refusal | None) -> OrderOutcome:
    return OrderOutcome(
        order_id=state.order_id,
        status=state.status,
        filled_quantity=state.filled_quantity,
        filled_quote=state.filled_quote,
        refusal=refusal,
    )


def repeated_outcome(answer: PlacementAnswer) -> OrderOutcome:
    return OrderOutcome(
        order_id=answer.order_id,
        status=answer.status,
        filled_quantity=answer.filled_quantity,
        filled_quote=answer.filled_quote,
        refusal=answer.refusal,
    )


def cancel_refused(request: CancelRequest) -> CancelAnswer:
    """The order is closed, or is another one."""
    return CancelAnswer(
        order_id=request.order_id,
        status=OrderStatus.REJECTED,
        filled_quantity=ZERO,
        filled_quote=ZERO,
        transact_time_ms=request.requested_at_ms,
        refusal=Refusal.UNKNOWN_ORDER,
    )


def cancel_answer(
    request: CancelRequest,
    acted_on: CancelRequest | None,
    state: OrderState | None,
    ended: OrderOutcome | None,
) -> CancelAnswer:
    """Success for the request that cancelled the order; the order had closed for any other."""
    if ended is None:
        raise RuntimeError("a cancel is answered only once the order has ended")
    won = acted_on is not None and acted_on.cancel_id == request.cancel_id
    if not won or ended.status is not OrderStatus.CANCELLED or ended.refusal is not None:
        return cancel_refused(request)
    return CancelAnswer(
        order_id=request.order_id,
        status=ended.status,
        filled_quantity=ended.filled_quantity,
        filled_quote=ended.filled_quote,
        transact_time_ms=state.at_ms if state and state.at_ms else request.requested_at_ms,
    )
