"""The life of one order, from the request to the last cent released.

    register the row → reserve funds → submit to matching → answer the client
    → wait for fills, amendments or a cancel → release what is left → finalize

The rules that hold at every step: a refusal is a value, an exception is something broken and
is tried again; whatever may have happened is undone only after the engine has said how the
order stands; a timer never releases money.
"""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from contracts.answers import duplicate_order
    from contracts.carried import CarriedOrder
    from contracts.orders import (
        AmendAnswer,
        AmendRequest,
        CancelAnswer,
        CancelRequest,
        Fill,
        OrderOutcome,
        OrderState,
        OrderStatus,
        PlacementAnswer,
        PlaceOrder,
        Refusal,
        SagaState,
        SagaView,
    )
    from workflows import order_messages as messages
    from workflows import steps
    from workflows.accept_by_steps import accept_by_steps
    from workflows.amendments import Amendments
    from workflows.options import ENGINE_SILENCE_LIMIT, SIGNALS_PER_RUN
    from workflows.saga_log import SagaLog


@workflow.defn
class PlaceOrderWorkflow:
    @workflow.init
    def __init__(self, begin: PlaceOrder | CarriedOrder) -> None:
        self._order = order = begin if isinstance(begin, PlaceOrder) else begin.order
        self._log = SagaLog()
        self._state: OrderState | None = None  # the newest that the engine has told
        self._answer: PlacementAnswer | None = None
        self._cancel: CancelRequest | None = None
        self._amendments = Amendments(order.quantity_lots)
        self._outcome: OrderOutcome | None = None
        self._silent = False  # the engine did not answer in time, and the saga took the order back
        self._incident = False  # nobody can tell how the order stands
        self._signals = 0
        self._one_run_only = False  # a history from before there was a next run
        if isinstance(begin, CarriedOrder):
            self._log.state, self._log.steps = begin.saga_state, list(begin.steps)
            self._state, self._answer = begin.state, begin.answer
            self._amendments = Amendments(begin.held_lots)

    @workflow.run
    async def run(self, begin: PlaceOrder | CarriedOrder) -> OrderOutcome:
        life = self._live(begin) if isinstance(begin, PlaceOrder) else self._follow(begin.order)
        self._outcome = outcome = await life
        await workflow.wait_condition(workflow.all_handlers_finished)
        return outcome

    async def _live(self, order: PlaceOrder) -> OrderOutcome:
        await asyncio.sleep(0)  # lets a cancel be heard that came before this first task
        try:
            ended = await self._accept(order)
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
        if not self._closed():
            self._log.publish()
        return await self._follow(order)

    async def _accept(self, order: PlaceOrder) -> OrderOutcome | None:
        """Register, reserve, submit and record; an outcome where it ends there."""
        in_one_step = order.saga_version > 1 and self._cancel is None
        if in_one_step:
            accepted = await steps.accept(order)
            self._log.tell(accepted.steps)
        else:
            accepted = await accept_by_steps(order, self._log, lambda: self._cancel is not None)
        if accepted.answer is not None:
            return self._repeat(accepted.answer)
        if accepted.refused is not None:  # and the reserve's id can never reserve later
            no_funds = Refusal.INSUFFICIENT_FUNDS
            return await self._finalize(order, OrderStatus.REJECTED, no_funds, SagaState.FAILED)
        submission = accepted.submission
        if submission is None:  # a cancel was there first
            return None
        self._log.state = SagaState.MATCHING_SUBMITTED
        if submission.indeterminate:
            await self._learn(await self._ask_the_row(order))
        elif submission.state is not None and in_one_step:
            self._take(submission.state, submission.fills)
        elif submission.state is not None:
            await self._learn(submission.state, submission.fills)
        return None

    async def _ask_the_row(self, order: PlaceOrder) -> OrderState:
        """The engine no longer knows so old an order: what its row knows is what there is.

        A row without the engine's word is an incident. It holds the money until the engine's
        word comes as a signal: releasing it could give back what a trade has spent.
        """
        state = await steps.read_row(order)
        if state is not None:
            return state
        self._incident = True
        self._log.state = SagaState.INCIDENT
        self._log.step("incident", "too old for the engine, and its row knows no more")
        self._log.publish()
        await workflow.wait_condition(lambda: self._state is not None)
        return self._known_state()

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
        state = await steps.cancel(order, self._cancel)
        if self._state is not None and state.sequence < self._state.sequence:
            raise RuntimeError("the engine has forgotten an order that it had accepted")
        self._log.step("cancelled_in_engine", state.status)
        await self._learn(state)

    async def _learn(self, state: OrderState, fills: tuple[Fill, ...] = ()) -> None:
        """Take in an answer of the engine, and bring the row up to it before the client hears."""
        self._apply(state)
        await steps.record(self._order, state, fills)
        self._take(state, fills)

    def _take(self, state: OrderState, fills: tuple[Fill, ...]) -> None:
        """Take in an answer of the engine that the row knows."""
        self._apply(state)
        if self._answer is None and messages.changes_the_row(state):
            self._answer = messages.placement_answer(self._order, state, fills)

    async def _follow(self, order: PlaceOrder) -> OrderOutcome:
        """Stay with the order until the engine has closed it."""
        while not self._closed():
            await workflow.wait_condition(lambda: self._closed() or self._asked() or self._long())
            if self._closed():
                break
            if self._cancel is not None:
                await self._withdraw(order)
            elif self._amendments.waiting:
                await self._amendments.carry_out(order, self._log, self._learn)
            elif workflow.patched("continue-as-new"):
                self._continue_as_new(order)
            else:
                self._one_run_only = True
        return await self._close(order)

    def _asked(self) -> bool:
        return self._cancel is not None or self._amendments.waiting

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
            held_lots=self._amendments.held_lots,
        )
        workflow.continue_as_new(carried)

    async def _close(self, order: PlaceOrder) -> OrderOutcome:
        state = self._known_state()
        if state.status is OrderStatus.REJECTED:
            return await self._compensate(order, state.refusal or Refusal.INVALID_ORDER)
        if messages.may_hold_a_rest(order, state, self._amendments.held_lots):
            await self._release(order, state)
        given_up = self._silent and state.status is OrderStatus.CANCELLED
        refusal = Refusal.NO_ANSWER if given_up else None
        return await self._finalize(order, state.status, refusal, SagaState.COMPLETED)

    async def _compensate(self, order: PlaceOrder, refusal: Refusal) -> OrderOutcome:
        """Undo the reservation of an order that the engine refused, or that broke on its way."""
        self._log.state = SagaState.COMPENSATING
        if self._state is None:
            await self._withdraw(order)
        state = self._known_state()
        await self._release(order, state)
        status = state.status if state.sequence and state.filled_lots else OrderStatus.CANCELLED
        return await self._finalize(order, status, refusal, SagaState.FAILED)

    async def _release(self, order: PlaceOrder, state: OrderState) -> None:
        released = await steps.release(messages.release_funds(order, state))
        self._log.step("released", "after settlement" if released.pending else str(released.amount))

    async def _finalize(
        self, order: PlaceOrder, status: OrderStatus, refusal: Refusal | None, saga: SagaState
    ) -> OrderOutcome:
        self._log.state = saga
        state = messages.final_state(order, self._state, status, workflow.now())
        await steps.finalize(order, state, refusal, saga)
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
        self._amendments.ask(request)
        await workflow.wait_condition(
            lambda: self._amendments.answer(request) is not None or self._outcome is not None
        )
        return self._amendments.answer(request) or messages.amend_refused(request)

    @workflow.query
    def saga(self) -> SagaView:
        """How far the saga has come, step by step."""
        known = self._outcome or self._state
        status = OrderStatus.PENDING_VALIDATION if known is None else known.status
        return self._log.view(self._order.order_id, status)
