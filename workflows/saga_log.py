"""What a saga tells of itself: its state, and the steps that it has taken."""

from typing import Final

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from contracts.orders import OrderStatus, SagaState, SagaStep, SagaView
    from workflows.attributes import SAGA_STATE

MAX_STEPS: Final = 200
"""The first steps tell how an order came in; an order that does more than this has told enough."""


class SagaLog:
    """The state and the steps of one saga; part of what its next run is given."""

    def __init__(self) -> None:
        self.state = SagaState.STARTED
        self.steps: list[SagaStep] = []

    def step(self, name: str, detail: str = "") -> None:
        """Note a step, at Temporal's time."""
        if len(self.steps) < MAX_STEPS:
            at_ms = int(workflow.now().timestamp() * 1000)
            self.steps.append(SagaStep(name=name, at_ms=at_ms, detail=detail))

    def tell(self, steps: tuple[SagaStep, ...]) -> None:
        """Note steps that were taken elsewhere, at their own times."""
        self.steps.extend(steps[: MAX_STEPS - len(self.steps)])

    def publish(self) -> None:
        """Make the saga findable by the state that it is in."""
        workflow.upsert_search_attributes([SAGA_STATE.value_set(self.state)])

    def view(self, order_id: int, status: OrderStatus) -> SagaView:
        """What ops see."""
        return SagaView(order_id=order_id, state=self.state, status=status, steps=tuple(self.steps))
