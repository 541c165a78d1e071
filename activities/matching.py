"""What a saga asks of the matching engine."""

from typing import Final

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.ports import MatchingPort
from contracts.amounts import ZERO
from contracts.matching import CancelOrder, CancelRejected, SubmitOrder
from contracts.orders import OrderState, OrderStatus
from contracts.registration import Submission

SUBMIT_ANSWER_TIMEOUT_S: Final = 1.0  # after that the saga itself waits, for a signal
CANCEL_ANSWER_TIMEOUT_S: Final = 3.0


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
        state, fills = answer
        return Submission(state=state, fills=fills)

    @activity.defn
    async def cancel_order(self, command: CancelOrder) -> OrderState:
        """Cancel and return the order's final state; silence is tried again.

        An order that the engine has never seen is cancelled all the same: the engine keeps a
        tombstone, so that a late submit of it is refused.
        """
        answer = await self._matching.cancel(command, CANCEL_ANSWER_TIMEOUT_S)
        if answer is None:
            raise ApplicationError("the engine has not answered the cancel", type="EngineSilent")
        if isinstance(answer, CancelRejected):
            return never_seen(answer)
        return answer


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
