"""What a saga asks of the matching engine."""

from typing import Final

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.ports import MatchingPort
from contracts.amounts import ZERO
from contracts.matching import (
    AmendOrder,
    AmendRejected,
    CancelAllOrders,
    CancelOrder,
    CancelRejected,
    SubmitIndeterminate,
    SubmitOrder,
    SubmitOrderList,
)
from contracts.orders import CancelAllAnswer, OrderState, OrderStatus
from contracts.registration import Amendment, ListSubmission, Submission

SUBMIT_ANSWER_TIMEOUT_S: Final = 1.0  # after that the saga itself waits, for a signal
ANSWER_TIMEOUT_S: Final = 3.0


class MatchingActivities:
    def __init__(self, matching: MatchingPort) -> None:
        self._matching = matching

    @activity.defn
    async def submit_order(self, command: SubmitOrder) -> Submission:
        """Submit and await the engine's first answer for a bounded time.

        A log that does not acknowledge is silence too: the submit may be in it all the same.
        """
        try:
            answer = await self._matching.submit(command, SUBMIT_ANSWER_TIMEOUT_S)
        except ConnectionError as error:
            activity.logger.warning("the log has not acknowledged a submit: %r", error)
            answer = None
        if answer is None:
            return Submission(state=None)
        if isinstance(answer, SubmitIndeterminate):
            return Submission(state=None, indeterminate=True)
        state, fills = answer
        return Submission(state=state, fills=fills)

    @activity.defn
    async def submit_list(self, command: SubmitOrderList) -> ListSubmission:
        """`submit_order`, for the two orders of a list in one command."""
        try:
            answer = await self._matching.submit_list(command, SUBMIT_ANSWER_TIMEOUT_S)
        except ConnectionError as error:
            activity.logger.warning("the log has not acknowledged a list: %r", error)
            answer = None
        if answer is None:
            return ListSubmission(legs=())
        if isinstance(answer, SubmitIndeterminate):
            return ListSubmission(legs=(), indeterminate=True)
        return ListSubmission(
            legs=tuple(Submission(state=state, fills=fills) for state, fills in answer)
        )

    @activity.defn
    async def cancel_order(self, command: CancelOrder) -> OrderState:
        """Cancel and return the order's final state; silence is tried again.

        An order that the engine has never seen is cancelled all the same: the engine keeps a
        tombstone, so that a late submit of it is refused.
        """
        answer = await self._matching.cancel(command, ANSWER_TIMEOUT_S)
        if answer is None:
            raise _silent("cancel")
        if isinstance(answer, CancelRejected):
            return never_seen(answer)
        return answer

    @activity.defn
    async def cancel_all_orders(self, command: CancelAllOrders) -> CancelAllAnswer:
        """Cancel a user's orders in one market; silence is tried again."""
        states = await self._matching.cancel_all(command, ANSWER_TIMEOUT_S)
        if states is None:
            raise _silent("cancel of all orders")
        return CancelAllAnswer(states=states)

    @activity.defn
    async def amend_order(self, command: AmendOrder) -> Amendment:
        """Reduce an order's quantity; silence is tried again."""
        answer = await self._matching.amend(command, ANSWER_TIMEOUT_S)
        if answer is None:
            raise _silent("amendment")
        if isinstance(answer, AmendRejected):
            return Amendment(refusal=answer.refusal)
        return Amendment(state=answer.state)


def _silent(question: str) -> ApplicationError:
    return ApplicationError(f"the engine has not answered the {question}", type="EngineSilent")


def never_seen(answer: CancelRejected) -> OrderState:
    """The state of an order that was cancelled before the engine ever saw it."""
    return OrderState(
        order_id=answer.order_id,
        sequence=0,
        status=OrderStatus.CANCELLED,
        filled_quantity=ZERO,
        filled_quote=ZERO,
        commission=ZERO,
        filled_lots=0,
        at_ms=0,
        own=True,
        refusal=answer.refusal,
    )
