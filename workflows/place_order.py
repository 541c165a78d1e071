"""The life of one order, from the request to the last cent released.

    register the row → reserve funds → submit to matching → answer the client
    → wait for fills, amendments or a cancel → release what is left → finalize

The rules that hold at every step: a refusal is a value, an exception is something broken and
is tried again; whatever may have happened is undone only after the engine has said how the
order stands; a timer never releases money.
"""

import asyncio
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.accepting import AcceptingActivities
    from activities.matching import MatchingActivities
    from activities.orders import OrderActivities
    from activities.wallet import WalletActivities
    from contracts.answers import duplicate_order
    from contracts.carried import CarriedOrder
    from contracts.orders import (
        AmendAnswer,
        AmendRequest,
        CancelAnswer,
        CancelRequest,
        OrderOutcome,
        OrderState,
        OrderStatus,
        PlacementAnswer,
        PlaceOrder,
        Refusal,
        SagaState,
        SagaView,
    )
    from contracts.registration import Submission
    from contracts.wallet import FundsRefused
    from workflows import order_messages as messages
    from workflows.options import ACCEPT, ENGINE_SILENCE_LIMIT, SIGNALS_PER_RUN, STEP, SUBMIT
    from workflows.saga_log import SagaLog

AMENDMENTS_REMEMBERED: Final = 100  # for whoever asks for an answer again


@workflow.defn
class PlaceOrderWorkflow:
    @workflow.init
    def __init__(self, begin: PlaceOrder | CarriedOrder) -> None:
        self._order = order = begin if isinstance(begin, PlaceOrder) else begin.order
        self._log = SagaLog()
        self._state: OrderState | None = None  # the newest that the engine has told
        self._answer: PlacementAnswer | None = None
        self._cancel: CancelRequest | None = None
        self._amendments: list[AmendRequest] = []  # asked for, not yet carried out
        self._amended: dict[str, AmendAnswer] = {}
        self._held_lots = order.quantity_lots
        self._outcome: OrderOutcome | None = None
        self._silent = False  # the engine did not answer in time, and the saga took the order back
        self._incident = False  # nobody can tell how the order stands
        self._signals = 0
        self._one_run_only = False  # a history from before there was a next run
        if isinstance(begin, CarriedOrder):
            self._log.state, self._log.steps = begin.saga_state, list(begin.steps)
            self._state, self._answer = begin.state, begin.answer
            self._held_lots = begin.held_lots

    @workflow.run
    async def run(self, begin: PlaceOrder | CarriedOrder) -> OrderOutcome:
        if isinstance(begin, PlaceOrder):
            outcome = await self._live(begin)
        else:
            outcome = await self._follow(begin.order)
        self._outcome = outcome
        await workflow.wait_condition(workflow.all_handlers_finished)
        return outcome

    async def _live(self, order: PlaceOrder) -> OrderOutcome:
        await asyncio.sleep(0)  # lets a cancel be heard that came before this first task
        in_one_step = order.saga_version > 1 and self._cancel is None
        try:
            ended = await (self._accept if in_one_step else self._accept_by_steps)(order)
        except ActivityError as broken:
            # What never can succeed was refused without effect, but earlier steps had theirs.
            self._log.step("broken", str(broken.cause or broken))
            return await self._compensate(order, Refusal.INVALID_ORDER)
        if ended is not None:
            return ended
        if self._state is None and self._cancel is None:
            await self._await_first_state()
        if self._state is None:
            self._silent = self._cancel is None
            await self._withdraw(order)
        if self._state is not None and not self._state.status.terminal:
            self._log.publish()
        return await self._follow(order)

    async def _accept(self, order: PlaceOrder) -> OrderOutcome | None:
        """Register, reserve, submit and record in one step; an outcome where it ends there."""
        accepted = await workflow.execute_local_activity_method(
            AcceptingActivities.accept_order, messages.accept_order(order), **ACCEPT
        )
        self._log.tell(accepted.steps)
        if accepted.answer is not None:
            return self._repeat(accepted.answer)
        if accepted.refused is not None:
            return await self._reject(order, Refusal.INSUFFICIENT_FUNDS)
        self._log.state = SagaState.MATCHING_SUBMITTED
        submission = accepted.submission or Submission(state=None)
        if submission.indeterminate:
            submission = await self._ask_the_row(order)
            if submission.state is not None:
                await self._learn(submission.state, submission)
        elif submission.state is not None:
            self._take(submission.state, submission)
        return None

    async def _accept_by_steps(self, order: PlaceOrder) -> OrderOutcome | None:
        """The same in four steps: what is to be cancelled already is registered and reserved,
        which its id needs to be refused later, and not submitted."""
        registration = await workflow.execute_local_activity_method(
            OrderActivities.register_order, order, **STEP
        )
        if registration.answer is not None:
            return self._repeat(registration.answer)
        self._log.step("registered")
        refused = await self._reserve(order)
        if refused is not None:
            return await self._reject(order, refused)
        if self._cancel is None:
            await self._submit(order)
        return None

    async def _reserve(self, order: PlaceOrder) -> Refusal | None:
        reply = await workflow.execute_local_activity_method(
            WalletActivities.reserve_funds, messages.reserve_funds(order), **STEP
        )
        if isinstance(reply, FundsRefused):
            self._log.step("funds_refused", reply.reason)
            return Refusal.INSUFFICIENT_FUNDS
        self._log.state = SagaState.FUNDS_RESERVED
        self._log.step("funds_reserved", f"{order.reserve_amount} {order.reserve_currency}")
        return None

    async def _submit(self, order: PlaceOrder) -> None:
        self._log.state = SagaState.MATCHING_SUBMITTED
        submission = await workflow.execute_local_activity_method(
            MatchingActivities.submit_order, messages.submit_order(order), **SUBMIT
        )
        self._log.step("submitted")
        if submission.indeterminate:
            submission = await self._ask_the_row(order)
        if submission.state is not None:
            await self._learn(submission.state, submission)

    async def _ask_the_row(self, order: PlaceOrder) -> Submission:
        """The engine no longer knows so old an order: what its row knows is what there is.

        A row without the engine's word is an incident. It holds the money until the engine's
        word comes as a signal: releasing it could give back what a trade has spent.
        """
        state = await workflow.execute_local_activity_method(
            OrderActivities.read_state, order.order_id, **STEP
        )
        if state is not None and state.sequence > 0:
            return Submission(state=state)
        self._incident = True
        self._log.state = SagaState.INCIDENT
        self._log.step("incident", "too old for the engine, and its row knows no more")
        self._log.publish()
        await workflow.wait_condition(lambda: self._state is not None)
        return Submission(state=self._state)

    async def _await_first_state(self) -> None:
        """The engine was silent at first: its answer may still come as a signal."""
        self._log.step("awaiting_engine")
        try:
            await workflow.wait_condition(
                lambda: self._state is not None or self._cancel is not None,
                timeout=ENGINE_SILENCE_LIMIT,
            )
        except TimeoutError:
            self._log.step("engine_silent")

    async def _withdraw(self, order: PlaceOrder) -> None:
        """Cancel in the engine and learn how the order stands; only that releases money."""
        state = await workflow.execute_local_activity_method(
            MatchingActivities.cancel_order, messages.cancel_order(order, self._cancel), **STEP
        )
        if self._state is not None and state.sequence < self._state.sequence:
            raise RuntimeError("the engine has forgotten an order that it had accepted")
        self._log.step("cancelled_in_engine", state.status)
        await self._learn(state, Submission(state=state))

    async def _learn(self, state: OrderState, submission: Submission) -> None:
        """Take in an answer of the engine, and bring the row up to it before the client hears."""
        self._apply(state)
        if state.status is not OrderStatus.REJECTED and state.sequence > 0:
            await workflow.execute_local_activity_method(
                OrderActivities.record_report,
                messages.report(self._order, state, submission.fills),
                **STEP,
            )
        self._take(state, submission)

    def _take(self, state: OrderState, submission: Submission) -> None:
        """Take in an answer of the engine that the row knows."""
        self._apply(state)
        known = state.status is not OrderStatus.REJECTED and state.sequence > 0
        if known and self._answer is None:
            self._answer = messages.placement_answer(self._order, state, submission.fills)

    async def _follow(self, order: PlaceOrder) -> OrderOutcome:
        """Stay with the order until the engine has closed it."""
        while not self._closed():
            await workflow.wait_condition(lambda: self._closed() or self._asked() or self._long())
            if self._closed():
                break
            if self._cancel is not None:
                await self._withdraw(order)
            elif self._amendments:
                await self._amend(order, self._amendments[0])
            elif workflow.patched("continue-as-new"):
                self._continue_as_new(order)
            else:
                self._one_run_only = True
        return await self._close(order)

    def _asked(self) -> bool:
        return self._cancel is not None or bool(self._amendments)

    def _long(self) -> bool:
        """Whether this run's history is long enough, and no update would be cut off."""
        grown = self._signals >= SIGNALS_PER_RUN or workflow.info().is_continue_as_new_suggested()
        return grown and workflow.all_handlers_finished() and not self._one_run_only

    def _continue_as_new(self, order: PlaceOrder) -> None:
        carried = CarriedOrder(
            order=order,
            saga_state=self._log.state,
            steps=tuple(self._log.steps),
            state=self._known_state(),
            answer=self._answer,
            held_lots=self._held_lots,
        )
        workflow.continue_as_new(carried)

    async def _amend(self, order: PlaceOrder, request: AmendRequest) -> None:
        """Reduce the order in the engine, then give back what it no longer needs."""
        amendment = await workflow.execute_local_activity_method(
            MatchingActivities.amend_order, messages.amend_order(order, request), **STEP
        )
        if amendment.state is not None and amendment.refusal is None:
            freed = messages.reduce_reservation(order, request, self._held_lots)
            if freed is not None:
                await workflow.execute_local_activity_method(
                    WalletActivities.reduce_reservation, freed, **STEP
                )
                self._held_lots = request.new_quantity_lots
                self._log.step("amended", f"{request.new_quantity} left, {freed.amount} released")
            await self._learn(amendment.state, Submission(state=amendment.state))
        self._amendments.pop(0)
        if len(self._amended) >= AMENDMENTS_REMEMBERED:
            del self._amended[next(iter(self._amended))]
        self._amended[str(request.amend_id)] = AmendAnswer(
            order_id=order.order_id, state=amendment.state, refusal=amendment.refusal
        )

    async def _close(self, order: PlaceOrder) -> OrderOutcome:
        state = self._known_state()
        if state.status is OrderStatus.REJECTED:
            return await self._compensate(order, state.refusal or Refusal.INVALID_ORDER)
        if state.status is not OrderStatus.FILLED or self._may_hold_a_rest(order, state):
            await self._release(order, state)
        refusal = None
        if self._silent and state.status is OrderStatus.CANCELLED:
            refusal = Refusal.NO_ANSWER
        return await self._finalize(order, state.status, refusal, SagaState.COMPLETED)

    def _may_hold_a_rest(self, order: PlaceOrder, state: OrderState) -> bool:
        """Whether a filled order may have money left: one by value, or one that was amended by
        a task of this saga that Temporal has dropped."""
        return messages.may_leave_a_rest(order) or state.filled_lots < self._held_lots

    async def _compensate(self, order: PlaceOrder, refusal: Refusal) -> OrderOutcome:
        """Undo the reservation of an order that the engine refused, or that broke on its way."""
        self._log.state = SagaState.COMPENSATING
        if self._state is None:
            await self._withdraw(order)
        state = self._known_state()
        await self._release(order, state)
        status = state.status if state.sequence and state.filled_lots else OrderStatus.CANCELLED
        return await self._finalize(order, status, refusal, SagaState.FAILED)

    async def _reject(self, order: PlaceOrder, refusal: Refusal) -> OrderOutcome:
        """Nothing was reserved, and the reserve's id can never reserve later."""
        return await self._finalize(order, OrderStatus.REJECTED, refusal, SagaState.FAILED)

    async def _release(self, order: PlaceOrder, state: OrderState) -> None:
        released = await workflow.execute_local_activity_method(
            WalletActivities.release_funds, messages.release_funds(order, state), **STEP
        )
        self._log.step("released", "after settlement" if released.pending else str(released.amount))

    async def _finalize(
        self, order: PlaceOrder, status: OrderStatus, refusal: Refusal | None, saga: SagaState
    ) -> OrderOutcome:
        self._log.state = saga
        state = messages.final_state(order, self._state, status, workflow.now())
        await workflow.execute_local_activity_method(
            OrderActivities.finalize_order,
            messages.finalize_order(order, state, refusal, saga),
            **STEP,
        )
        self._log.step("finalized", status)
        if self._answer is None:
            self._answer = messages.placement_answer(order, state, (), refusal)
        self._log.publish()
        return messages.outcome(state, refusal)

    def _repeat(self, answer: PlacementAnswer) -> OrderOutcome:
        """The request was here before; whoever asks gets the first answer."""
        self._answer = answer
        self._log.state = SagaState.COMPLETED
        self._log.step("repeated", str(answer.order_id))
        self._log.publish()
        return messages.repeated_outcome(answer)

    def _apply(self, state: OrderState) -> None:
        """Events overtake one another: only what is newer counts."""
        if self._state is None or state.sequence > self._state.sequence:
            if self._state is None or state.status is not self._state.status:
                self._log.step(f"order_{state.status.lower()}", f"{state.filled_quantity} filled")
            self._state = state

    def _closed(self) -> bool:
        return self._state is not None and self._state.status.terminal

    def _known_state(self) -> OrderState:
        if self._state is None:
            raise RuntimeError("the engine's answer is known before an order is closed")
        return self._state

    @workflow.signal
    def engine_reported(self, state: OrderState) -> None:
        """A counterparty or time changed the order, or an own answer went astray."""
        self._signals += 1
        self._apply(state)
        if self._answer is None and state.status is not OrderStatus.REJECTED:
            self._answer = messages.placement_answer(self._order, state, ())

    @workflow.update
    async def placed(self, order: PlaceOrder) -> PlacementAnswer:
        """The first answer to this order, as soon as there is one; the same for a repeat."""
        if order.body_hash != self._order.body_hash:
            return duplicate_order(order)
        await workflow.wait_condition(lambda: self._answer is not None)
        return messages.told_again(self._answer, order)

    @workflow.update
    async def cancel(self, request: CancelRequest) -> CancelAnswer:
        """Record the wish; the saga acts on it, and this answers with how the order ended."""
        if request.order_id != self._order.order_id or self._closed() or self._outcome:
            return messages.cancel_refused(request)
        if self._cancel is None and not self._incident:
            self._cancel = request
        await workflow.wait_condition(lambda: self._outcome is not None)
        return messages.cancel_answer(request, self._cancel, self._state, self._outcome)

    @workflow.update
    async def amend(self, request: AmendRequest) -> AmendAnswer:
        """Record the wish; the saga asks the engine, and this answers with what it said."""
        if request.order_id != self._order.order_id or self._closed() or self._outcome:
            return messages.amend_refused(request)
        if request.new_quantity_lots >= self._order.quantity_lots:
            # Less than at first, so that no amendment at all looks like one that comes again.
            return messages.amend_refused(request, Refusal.INVALID_AMENDMENT)
        self._amendments.append(request)
        key = str(request.amend_id)
        await workflow.wait_condition(lambda: key in self._amended or self._outcome is not None)
        return self._amended.get(key) or messages.amend_refused(request)

    @workflow.query
    def saga(self) -> SagaView:
        """How far the saga has come, step by step."""
        status = OrderStatus.PENDING_VALIDATION if self._state is None else self._state.status
        if self._outcome is not None:
            status = self._outcome.status
        return self._log.view(self._order.order_id, status)
