"""The life of one order, from the request to the last cent released.

    register the row → reserve funds → submit to matching → answer the client
    → wait for fills or a cancel → release what is left → finalize

The rules that hold at every step: a refusal is a value, an exception is something broken and
is tried again; whatever may have happened is undone only after the engine has said how the
order stands; a timer never releases money.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.matching import MatchingActivities
    from activities.orders import OrderActivities
    from activities.wallet import WalletActivities
    from contracts.orders import (
        CancelAnswer,
        CancelRequest,
        OrderOutcome,
        OrderState,
        OrderStatus,
        PlacementAnswer,
        PlaceOrder,
        Refusal,
        SagaState,
        SagaStep,
        SagaView,
    )
    from contracts.registration import Submission
    from contracts.wallet import FundsRefused
    from workflows import order_messages as messages
    from workflows.attributes import SAGA_STATE
    from workflows.options import ENGINE_SILENCE_LIMIT, STEP, SUBMIT


@workflow.defn
class PlaceOrderWorkflow:
    @workflow.init
    def __init__(self, order: PlaceOrder) -> None:
        self._order = order
        self._saga_state = SagaState.STARTED
        self._steps: list[SagaStep] = []
        self._state: OrderState | None = None  # the newest that the engine has told
        self._answer: PlacementAnswer | None = None
        self._cancel: CancelRequest | None = None
        self._outcome: OrderOutcome | None = None
        self._silent = False  # the engine did not answer in time, and the saga took the order back

    @workflow.run
    async def run(self, order: PlaceOrder) -> OrderOutcome:
        outcome = await self._live(order)
        self._outcome = outcome
        await workflow.wait_condition(workflow.all_handlers_finished)
        return outcome

    async def _live(self, order: PlaceOrder) -> OrderOutcome:
        registration = await workflow.execute_local_activity_method(
            OrderActivities.register_order, order, **STEP
        )
        if registration.answer is not None:
            return self._repeat(registration.answer)
        self._step("registered")
        try:
            refused = await self._reserve(order)
            if refused is not None:
                return await self._reject(order, refused)
            if self._cancel is None:
                await self._submit(order)
        except ActivityError as broken:
            # What never can succeed was refused without effect, but earlier steps had theirs.
            self._step("broken", str(broken.cause or broken))
            return await self._compensate(order, Refusal.INVALID_ORDER)
        if self._state is None and self._cancel is None:
            await self._await_first_state()
        if self._state is None:
            self._silent = self._cancel is None
            await self._withdraw(order)
        return await self._follow(order)

    async def _reserve(self, order: PlaceOrder) -> Refusal | None:
        reply = await workflow.execute_local_activity_method(
            WalletActivities.reserve_funds, messages.reserve_funds(order), **STEP
        )
        if isinstance(reply, FundsRefused):
            self._step("funds_refused", reply.reason)
            return Refusal.INSUFFICIENT_FUNDS
        self._saga_state = SagaState.FUNDS_RESERVED
        self._step("funds_reserved", f"{order.reserve_amount} {order.reserve_currency}")
        return None

    async def _submit(self, order: PlaceOrder) -> None:
        self._saga_state = SagaState.MATCHING_SUBMITTED
        submission = await workflow.execute_local_activity_method(
            MatchingActivities.submit_order, messages.submit_order(order), **SUBMIT
        )
        self._step("submitted")
        if submission.state is not None:
            await self._learn(submission.state, submission)

    async def _await_first_state(self) -> None:
        """The engine was silent at first: its answer may still come as a signal."""
        self._step("awaiting_engine")
        try:
            await workflow.wait_condition(
                lambda: self._state is not None or self._cancel is not None,
                timeout=ENGINE_SILENCE_LIMIT,
            )
        except TimeoutError:
            self._step("engine_silent")

    async def _withdraw(self, order: PlaceOrder) -> None:
        """Cancel in the engine and learn how the order stands; only that releases money."""
        state = await workflow.execute_local_activity_method(
            MatchingActivities.cancel_order, messages.cancel_order(order), **STEP
        )
        if self._state is not None and state.sequence < self._state.sequence:
            raise RuntimeError("the engine has forgotten an order that it had accepted")
        self._step("cancelled_in_engine", state.status)
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
            if self._answer is None:
                self._answer = messages.placement_answer(self._order, state, submission.fills)

    async def _follow(self, order: PlaceOrder) -> OrderOutcome:
        """Stay with the order until the engine has closed it."""
        if self._state is not None and not self._state.status.terminal:
            workflow.upsert_search_attributes([SAGA_STATE.value_set(self._saga_state)])
        while not self._closed():
            await workflow.wait_condition(lambda: self._closed() or self._cancel is not None)
            if not self._closed():
                await self._withdraw(order)
        return await self._close(order)

    async def _close(self, order: PlaceOrder) -> OrderOutcome:
        state = self._final_state()
        if state.status is OrderStatus.REJECTED:
            return await self._compensate(order, state.refusal or Refusal.INVALID_ORDER)
        if state.status is not OrderStatus.FILLED:
            await self._release(order, state)
        refusal = None
        if self._silent and state.status is OrderStatus.CANCELLED:
            refusal = Refusal.NO_ANSWER
        return await self._finalize(order, state.status, refusal, SagaState.COMPLETED)

    async def _compensate(self, order: PlaceOrder, refusal: Refusal) -> OrderOutcome:
        """Undo the reservation of an order that the engine refused, or that broke on its way."""
        self._saga_state = SagaState.COMPENSATING
        if self._state is None:
            await self._withdraw(order)
        state = self._final_state()
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
        self._step("released", "after settlement" if released.pending else str(released.amount))

    async def _finalize(
        self, order: PlaceOrder, status: OrderStatus, refusal: Refusal | None, saga: SagaState
    ) -> OrderOutcome:
        self._saga_state = saga
        state = messages.final_state(order, self._state, status, workflow.now())
        await workflow.execute_local_activity_method(
            OrderActivities.finalize_order,
            messages.finalize_order(order, state, refusal, saga),
            **STEP,
        )
        self._step("finalized", status)
        if self._answer is None:
            self._answer = messages.placement_answer(order, state, (), refusal)
        workflow.upsert_search_attributes([SAGA_STATE.value_set(saga)])
        return messages.outcome(state, refusal)

    def _repeat(self, answer: PlacementAnswer) -> OrderOutcome:
        """The request was here before; whoever asks gets the first answer."""
        self._answer = answer
        self._saga_state = SagaState.COMPLETED
        self._step("repeated", str(answer.order_id))
        workflow.upsert_search_attributes([SAGA_STATE.value_set(self._saga_state)])
        return messages.repeated_outcome(answer)

    def _apply(self, state: OrderState) -> None:
        """Events overtake one another: only what is newer counts."""
        if self._state is None or state.sequence > self._state.sequence:
            if self._state is None or state.status is not self._state.status:
                self._step(f"order_{state.status.lower()}", f"{state.filled_quantity} filled")
            self._state = state

    def _closed(self) -> bool:
        return self._state is not None and self._state.status.terminal

    def _final_state(self) -> OrderState:
        if self._state is None:
            raise RuntimeError("the engine's answer is known before an order is closed")
        return self._state

    def _step(self, name: str, detail: str = "") -> None:
        at_ms = int(workflow.now().timestamp() * 1000)
        self._steps.append(SagaStep(name=name, at_ms=at_ms, detail=detail))

    @workflow.signal
    def engine_reported(self, state: OrderState) -> None:
        """A counterparty changed the order, or an own answer went astray."""
        self._apply(state)
        if self._answer is None and state.status is not OrderStatus.REJECTED:
            self._answer = messages.placement_answer(self._order, state, ())

    @workflow.update
    async def placed(self, order: PlaceOrder) -> PlacementAnswer:
        """The first answer to this order, as soon as there is one; the same for a repeat."""
        if order.body_hash != self._order.body_hash:
            return messages.duplicate_refused(order)
        await workflow.wait_condition(lambda: self._answer is not None)
        return messages.told_again(self._answer, order)

    @workflow.update
    async def cancel(self, request: CancelRequest) -> CancelAnswer:
        """Record the wish; the saga acts on it, and this answers with how the order ended."""
        if request.order_id != self._order.order_id or self._closed() or self._outcome:
            return messages.cancel_refused(request)
        if self._cancel is None:
            self._cancel = request
        await workflow.wait_condition(lambda: self._outcome is not None)
        return messages.cancel_answer(request, self._cancel, self._state, self._outcome)

    @workflow.query
    def saga(self) -> SagaView:
        """How far the saga has come, step by step."""
        status = OrderStatus.PENDING_VALIDATION if self._state is None else self._state.status
        if self._outcome is not None:
            status = self._outcome.status
        return SagaView(
            order_id=self._order.order_id,
            state=self._saga_state,
            status=status,
            steps=tuple(self._steps),
        )
