"""The life of a one-cancels-the-other list: two orders, one reservation, one story.

    register the rows → reserve once → submit both in one command → answer the client
    → wait until both are closed, or a cancel → release what is left → finalize both

The engine links the two orders: the first fill or trigger of one ends the other, and so does a
cancel. The rules are those of a single order.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from contracts.answers import duplicate_list
    from contracts.carried import CarriedList
    from contracts.orders import (
        CancelAnswer,
        CancelRequest,
        ListAnswer,
        OrderOutcome,
        OrderState,
        OrderStatus,
        PlacementAnswer,
        PlaceOrder,
        PlaceOrderList,
        Refusal,
        SagaState,
        SagaView,
    )
    from contracts.registration import Submission
    from contracts.wallet import FundsRefused
    from workflows import list_messages as messages
    from workflows import order_messages, steps
    from workflows.options import ENGINE_SILENCE_LIMIT, SIGNALS_PER_RUN
    from workflows.saga_log import SagaLog


@workflow.defn
class PlaceOrderListWorkflow:
    @workflow.init
    def __init__(self, begin: PlaceOrderList | CarriedList) -> None:
        self._list = begin if isinstance(begin, PlaceOrderList) else begin.order_list
        self._log = SagaLog()
        self._states: dict[int, OrderState] = {}  # by order id, the newest of each leg
        self._answers: dict[int, PlacementAnswer] = {}
        self._answer: ListAnswer | None = None
        self._cancel: CancelRequest | None = None
        self._outcomes: dict[int, OrderOutcome] = {}  # by order id; a repeat may bring none
        self._ended = False
        self._silent = False
        self._incident = False
        self._signals = 0
        if isinstance(begin, CarriedList):
            self._log.state, self._log.steps = begin.saga_state, list(begin.steps)
            self._states = {state.order_id: state for state in begin.states}
            self._answers = {told.order_id: told for told in begin.answers}
            self._answer = messages.answer(self._list, begin.answers)

    @workflow.run
    async def run(self, begin: PlaceOrderList | CarriedList) -> tuple[OrderOutcome, ...]:
        if isinstance(begin, PlaceOrderList):
            outcomes = await self._live(begin)
        else:
            outcomes = await self._follow(begin.order_list)
        self._outcomes = {outcome.order_id: outcome for outcome in outcomes}
        self._ended = True
        await workflow.wait_condition(workflow.all_handlers_finished)
        return outcomes

    async def _live(self, order_list: PlaceOrderList) -> tuple[OrderOutcome, ...]:
        registration = await steps.register_list(order_list)
        if registration.answer is not None:
            return self._repeat(registration.answer)
        self._log.step("registered")
        try:
            reply = await steps.reserve(messages.reserve_funds(order_list))
            if isinstance(reply, FundsRefused):
                self._log.step("funds_refused", reply.reason)
                return await self._finalize(
                    order_list, Refusal.INSUFFICIENT_FUNDS, SagaState.FAILED
                )
            self._log.state = SagaState.FUNDS_RESERVED
            self._log.step("funds_reserved", f"{reply.amount} {reply.currency}")
            if self._cancel is None:
                await self._submit(order_list)
        except ActivityError as broken:
            self._log.step("broken", str(broken.cause or broken))
            return await self._compensate(order_list, Refusal.INVALID_ORDER)
        if not self._known() and self._cancel is None:
            await self._await_first_states()
        if not self._known():
            self._silent = self._cancel is None
            await self._withdraw(order_list)
        if not self._closed():
            self._log.publish()
        return await self._follow(order_list)

    async def _submit(self, order_list: PlaceOrderList) -> None:
        self._log.state = SagaState.MATCHING_SUBMITTED
        submission = await steps.submit_list(order_list)
        self._log.step("submitted")
        if submission.indeterminate:
            await self._ask_the_rows(order_list)
        for leg, told in zip(order_list.legs, submission.legs, strict=False):
            await self._learn(leg, told)

    async def _ask_the_rows(self, order_list: PlaceOrderList) -> None:
        """The engine no longer knows so old a list; see the saga of a single order."""
        for leg in order_list.legs:
            state = await steps.read_row(leg)
            if state is not None:
                await self._learn(leg, Submission(state=state))
        if not self._known():
            self._incident = True
            self._log.state = SagaState.INCIDENT
            self._log.step("incident", "too old for the engine, and its rows know no more")
            self._log.publish()
            await workflow.wait_condition(self._known)

    async def _await_first_states(self) -> None:
        self._log.step("awaiting_engine")
        try:
            await workflow.wait_condition(
                lambda: self._known() or self._cancel is not None, timeout=ENGINE_SILENCE_LIMIT
            )
        except TimeoutError:
            self._log.step("engine_silent")

    async def _withdraw(self, order_list: PlaceOrderList) -> None:
        """Cancel both in the engine: a leg that was never seen must never come in alone."""
        for leg in order_list.legs:
            state = await steps.cancel(leg, self._cancel)
            known = self._states.get(leg.order_id, state)
            if not max(known, state, key=lambda s: s.sequence).status.terminal:
                raise RuntimeError("the engine has forgotten an order that it had accepted")
            self._log.step("cancelled_in_engine", f"{leg.order_id} {state.status}")
            await self._learn(leg, Submission(state=state))

    async def _learn(self, leg: PlaceOrder, told: Submission) -> None:
        """Take in the engine's word on one leg, and bring its row up to it."""
        state = told.state
        if state is None:
            return
        self._apply(state)
        await steps.record(leg, state, told.fills)
        if order_messages.changes_the_row(state):
            self._tell(order_messages.placement_answer(leg, state, told.fills))

    async def _follow(self, order_list: PlaceOrderList) -> tuple[OrderOutcome, ...]:
        """Stay with the orders until the engine has closed both."""
        while not self._closed():
            await workflow.wait_condition(
                lambda: self._closed() or self._cancel is not None or self._long()
            )
            if self._closed():
                break
            if self._cancel is not None:
                await self._withdraw(order_list)
            else:
                self._continue_as_new(order_list)
        return await self._close(order_list)

    def _long(self) -> bool:
        grown = self._signals >= SIGNALS_PER_RUN or workflow.info().is_continue_as_new_suggested()
        return grown and self._answer is not None and workflow.all_handlers_finished()

    def _continue_as_new(self, order_list: PlaceOrderList) -> None:
        first, second = (leg.order_id for leg in order_list.legs)
        carried = CarriedList(
            order_list=order_list,
            saga_state=self._log.state,
            steps=tuple(self._log.steps),
            states=(self._states[first], self._states[second]),
            answers=(self._answers[first], self._answers[second]),
        )
        workflow.continue_as_new(carried)

    async def _close(self, order_list: PlaceOrderList) -> tuple[OrderOutcome, ...]:
        states = self._leg_states(order_list)
        if any(state.status is OrderStatus.REJECTED for state in states):
            refusals = [state.refusal for state in states if state.refusal is not None]
            return await self._compensate(order_list, (*refusals, Refusal.INVALID_ORDER)[0])
        await self._release(order_list, states)
        cancelled = all(state.status is OrderStatus.CANCELLED for state in states)
        refusal = Refusal.NO_ANSWER if self._silent and cancelled else None
        return await self._finalize(order_list, refusal, SagaState.COMPLETED)

    async def _compensate(
        self, order_list: PlaceOrderList, refusal: Refusal
    ) -> tuple[OrderOutcome, ...]:
        self._log.state = SagaState.COMPENSATING
        if not self._known():
            await self._withdraw(order_list)
        await self._release(order_list, self._leg_states(order_list))
        return await self._finalize(order_list, refusal, SagaState.FAILED)

    async def _release(self, order_list: PlaceOrderList, states: tuple[OrderState, ...]) -> None:
        released = await steps.release(messages.release_funds(order_list, states))
        self._log.step("released", "after settlement" if released.pending else str(released.amount))

    async def _finalize(
        self, order_list: PlaceOrderList, refusal: Refusal | None, saga: SagaState
    ) -> tuple[OrderOutcome, ...]:
        """Both rows reach their last status; a refusal is that of the list as a whole."""
        self._log.state = saga
        outcomes = []
        for leg in order_list.legs:
            known = self._states.get(leg.order_id)
            status = OrderStatus.REJECTED if known is None else known.status
            if status is OrderStatus.REJECTED and known is not None:
                status = OrderStatus.CANCELLED  # it had money reserved, which has gone back
            state = order_messages.final_state(leg, known, status, workflow.now())
            await steps.finalize(leg, state, refusal, saga)
            self._log.step("finalized", f"{leg.order_id} {status}")
            outcomes.append(order_messages.outcome(state, refusal))
        if self._answer is None:
            self._answer = messages.refused(order_list, refusal or Refusal.NO_ANSWER)
        self._log.publish()
        return tuple(outcomes)

    def _repeat(self, answer: ListAnswer) -> tuple[OrderOutcome, ...]:
        self._answer = answer
        self._log.state = SagaState.COMPLETED
        self._log.step("repeated", str(answer.list_id))
        self._log.publish()
        return tuple(order_messages.repeated_outcome(leg) for leg in answer.legs)

    def _apply(self, state: OrderState) -> None:
        known = self._states.get(state.order_id)
        if known is None or state.sequence > known.sequence:
            if known is None or state.status is not known.status:
                self._log.step(f"order_{state.status.lower()}", str(state.order_id))
            self._states[state.order_id] = state

    def _tell(self, answer: PlacementAnswer) -> None:
        """Keep a leg's first answer; the list is answered once both have one."""
        self._answers.setdefault(answer.order_id, answer)
        if self._answer is None and len(self._answers) == len(self._list.legs):
            legs = tuple(self._answers[leg.order_id] for leg in self._list.legs)
            self._answer = messages.answer(self._list, legs)

    def _known(self) -> bool:
        return len(self._states) == len(self._list.legs)

    def _closed(self) -> bool:
        return self._known() and all(s.status.terminal for s in self._states.values())

    def _leg_states(self, order_list: PlaceOrderList) -> tuple[OrderState, ...]:
        return tuple(self._states[leg.order_id] for leg in order_list.legs)

    @workflow.signal
    def engine_reported(self, state: OrderState) -> None:
        """A counterparty, time or the other leg changed an order, or an own answer went astray."""
        legs = {leg.order_id: leg for leg in self._list.legs}
        if state.order_id not in legs:
            return
        self._signals += 1
        self._apply(state)
        if state.status is not OrderStatus.REJECTED:
            self._tell(order_messages.placement_answer(legs[state.order_id], state, ()))

    @workflow.update
    async def placed(self, order_list: PlaceOrderList) -> ListAnswer:
        """The first answer to this list, as soon as there is one; the same for a repeat."""
        if order_list.body_hash != self._list.body_hash:
            return duplicate_list(order_list)
        await workflow.wait_condition(lambda: self._answer is not None)
        return messages.told_again(self._answer, order_list)

    @workflow.update
    async def cancel(self, request: CancelRequest) -> CancelAnswer:
        """Record the wish to cancel a leg, and with it the list; answer how that leg ended."""
        ours = any(leg.order_id == request.order_id for leg in self._list.legs)
        if not ours or self._closed() or self._ended:
            return order_messages.cancel_refused(request)
        if self._cancel is None and not self._incident:
            self._cancel = request
        await workflow.wait_condition(lambda: self._ended)
        outcome = self._outcomes.get(request.order_id)
        if outcome is None:  # the request was here before, with other orders, or was refused
            return order_messages.cancel_refused(request)
        known = self._states.get(request.order_id)
        return order_messages.cancel_answer(request, self._cancel, known, outcome)

    @workflow.query
    def saga(self) -> SagaView:
        """How far the saga has come, step by step."""
        status = messages.status_of(tuple(self._states.values()))
        return self._log.view(self._list.list_id, status)
