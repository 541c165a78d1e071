"""The steps of an order's saga: what it asks of its partners, each under its policy.

Every step is a local activity and is tried again until it is done. Its command carries an id
that is computed from the order, so a step that is repeated has one effect.

Raises, all of them:
    ActivityError: the step can never succeed.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.accepting import AcceptingActivities
    from activities.matching import MatchingActivities
    from activities.orders import OrderActivities
    from activities.wallet import WalletActivities
    from contracts.acceptance import Acceptance
    from contracts.orders import (
        AmendRequest,
        CancelRequest,
        Fill,
        OrderState,
        PlaceOrder,
        PlaceOrderList,
        Refusal,
        SagaState,
    )
    from contracts.registration import (
        Amendment,
        ListRegistration,
        ListSubmission,
        Registration,
        Submission,
    )
    from contracts.wallet import (
        FundsRefused,
        FundsReleased,
        FundsReserved,
        ReduceReservation,
        ReleaseFunds,
        ReserveFunds,
    )
    from workflows import list_messages, order_messages
    from workflows.options import ACCEPT, STEP, SUBMIT


async def accept(order: PlaceOrder) -> Acceptance:
    """Register, reserve, submit and record in one step."""
    return await workflow.execute_local_activity_method(
        AcceptingActivities.accept_order, order_messages.accept_order(order), **ACCEPT
    )


async def register(order: PlaceOrder) -> Registration:
    return await workflow.execute_local_activity_method(
        OrderActivities.register_order, order, **STEP
    )


async def register_list(order_list: PlaceOrderList) -> ListRegistration:
    return await workflow.execute_local_activity_method(
        OrderActivities.register_list, order_list, **STEP
    )


async def reserve(command: ReserveFunds) -> FundsReserved | FundsRefused:
    return await workflow.execute_local_activity_method(
        WalletActivities.reserve_funds, command, **STEP
    )


async def submit(order: PlaceOrder) -> Submission:
    return await workflow.execute_local_activity_method(
        MatchingActivities.submit_order, order_messages.submit_order(order), **SUBMIT
    )


async def submit_list(order_list: PlaceOrderList) -> ListSubmission:
    return await workflow.execute_local_activity_method(
        MatchingActivities.submit_list, list_messages.submit_list(order_list), **SUBMIT
    )


async def cancel(order: PlaceOrder, request: CancelRequest | None) -> OrderState:
    """Cancel in the engine, for a user's `request` or without one; how the order then stands."""
    return await workflow.execute_local_activity_method(
        MatchingActivities.cancel_order, order_messages.cancel_order(order, request), **STEP
    )


async def amend(order: PlaceOrder, request: AmendRequest) -> Amendment:
    return await workflow.execute_local_activity_method(
        MatchingActivities.amend_order, order_messages.amend_order(order, request), **STEP
    )


async def record(order: PlaceOrder, state: OrderState, fills: tuple[Fill, ...]) -> None:
    """Bring the order's row up to what the engine has said. What the engine refused, or has
    never seen, changes no row."""
    if order_messages.changes_the_row(state):
        await workflow.execute_local_activity_method(
            OrderActivities.record_report, order_messages.report(order, state, fills), **STEP
        )


async def read_row(order: PlaceOrder) -> OrderState | None:
    """The engine's word as the order's row has it, None where it has none."""
    state = await workflow.execute_local_activity_method(
        OrderActivities.read_state, order.order_id, **STEP
    )
    return state if state is not None and state.sequence > 0 else None


async def reduce(command: ReduceReservation) -> None:
    await workflow.execute_local_activity_method(
        WalletActivities.reduce_reservation, command, **STEP
    )


async def release(command: ReleaseFunds) -> FundsReleased:
    return await workflow.execute_local_activity_method(
        WalletActivities.release_funds, command, **STEP
    )


async def finalize(
    order: PlaceOrder, state: OrderState, refusal: Refusal | None, saga: SagaState
) -> None:
    command = order_messages.finalize_order(order, state, refusal, saga)
    await workflow.execute_local_activity_method(OrderActivities.finalize_order, command, **STEP)
