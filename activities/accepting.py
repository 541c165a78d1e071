"""The accepting path of an order in one step: register, reserve, submit, record.

One local activity instead of four: each costs two trips through the SDK, which is most of what
an order costs the process that runs its saga. Every part is idempotent by the order's id, so
the whole is: a retry finds what the last attempt has done and goes on from there.
"""

import time

from temporalio import activity

from activities.matching import MatchingActivities
from activities.orders import OrderActivities
from activities.wallet import WalletActivities
from contracts.acceptance import Acceptance, AcceptOrder
from contracts.orders import OrderStatus, SagaStep
from contracts.registration import Report, Submission
from contracts.wallet import FundsRefused


class AcceptingActivities:
    """The partners' own activities, called one after the other in one go."""

    def __init__(
        self,
        orders: OrderActivities,
        wallet: WalletActivities,
        matching: MatchingActivities,
    ) -> None:
        self._orders = orders
        self._wallet = wallet
        self._matching = matching

    @activity.defn
    async def accept_order(self, request: AcceptOrder) -> Acceptance:
        """Bring an order to the engine's first answer, or to what stands in its way.

        The row comes first: a request that was here before must not touch any money.
        """
        order = request.order
        registration = await self._orders.register_order(order)
        if registration.answer is not None:
            return Acceptance(answer=registration.answer)
        steps = [_step("registered")]
        funds = await self._wallet.reserve_funds(request.reserve)
        if isinstance(funds, FundsRefused):
            steps.append(_step("funds_refused", funds.reason))
            return Acceptance(refused=funds.reason, steps=tuple(steps))
        steps.append(
            _step("funds_reserved", f"{request.reserve.amount} {request.reserve.currency}")
        )
        submission = await self._matching.submit_order(request.submit)
        steps.append(_step("submitted"))
        await self._record(request, submission)
        return Acceptance(submission=submission, steps=tuple(steps))

    async def _record(self, request: AcceptOrder, submission: Submission) -> None:
        state = submission.state
        if state is not None and state.status is not OrderStatus.REJECTED and state.sequence > 0:
            order = request.order
            await self._orders.record_report(
                Report(
                    symbol=order.symbol,
                    user_id=order.user_id,
                    side=order.side,
                    state=state,
                    fills=submission.fills,
                )
            )


def _step(name: str, detail: str = "") -> SagaStep:
    return SagaStep(name=name, at_ms=time.time_ns() // 1_000_000, detail=detail)
