"""What a saga tells of itself: its state, and the steps that it has taken."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from contracts.orders import OrderStatus, SagaState, SagaStep, SagaView
    from workflows.attributes import SAGA_STATE

MAX_STEPS: Final = 200
"""The first steps tell how an order came in; an order that does more than this has told enough."""


class SagaLog:
    """The state and the steps of one saga, in the order of their times; part of what its next
    run is given."""

    def __init__(self, now: Callable[[], datetime] = workflow.now) -> None:
        self._now = now
        self.state = SagaState.STARTED
        self.steps: list[SagaStep] = []

    def step(self, name: str, detail: str = "") -> None:
        """Note a step, at Temporal's time: never earlier than what came before it, which the
        clock of another process may have timed a moment later."""
        if len(self.steps) < MAX_STEPS:
            at_ms = int(self._now().timestamp() * 1000)
            if self.steps:
                at_ms = max(at_ms, self.steps[-1].at_ms)
            self.steps.append(SagaStep(name=name, at_ms=at_ms, detail=detail))

    def tell(self, steps: tuple[SagaStep, ...]) -> None:
        """Note steps that were taken elsewhere, at their own times: a signal may have been heard
        before the activity that took them came back."""
        self.steps.extend(steps[: MAX_STEPS - len(self.steps)])
        self.steps.sort(key=lambda step: step.at_ms)

    def publish(self) -> None:
        """Make the saga findable by the state that it is in."""
        workflow.upsert_search_attributes([SAGA_STATE.value_set(self.state)])

    def view(self, order_id: int, status: OrderStatus) -> SagaView:
        """What ops see."""
        return SagaView(order_id=order_id, state=self.state, status=status, steps=tuple(self.steps))
