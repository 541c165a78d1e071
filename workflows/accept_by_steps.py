"""Accepting an order in steps of their own: register, reserve, submit.

So accept sagas of shape 1, and those that are to be cancelled before they begin: such an order
is registered and reserved, which its id needs to be refused later, and not submitted.
"""

from collections.abc import Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from contracts.acceptance import Acceptance
    from contracts.orders import PlaceOrder, SagaState
    from contracts.wallet import FundsRefused
    from workflows import order_messages, steps
    from workflows.saga_log import SagaLog


async def accept_by_steps(
    order: PlaceOrder, log: SagaLog, cancelled: Callable[[], bool]
) -> Acceptance:
    """How far the order came, with its steps in `log`; no submission where it is `cancelled`.
    What the engine said is not in the row yet."""
    registration = await steps.register(order)
    if registration.answer is not None:
        return Acceptance(answer=registration.answer)
    log.step("registered")
    reply = await steps.reserve(order_messages.reserve_funds(order))
    if isinstance(reply, FundsRefused):
        log.step("funds_refused", reply.reason)
        return Acceptance(refused=reply.reason)
    log.state = SagaState.FUNDS_RESERVED
    log.step("funds_reserved", f"{order.reserve_amount} {order.reserve_currency}")
    if cancelled():
        return Acceptance()
    log.state = SagaState.MATCHING_SUBMITTED
    submission = await steps.submit(order)
    log.step("submitted")
    return Acceptance(submission=submission)
