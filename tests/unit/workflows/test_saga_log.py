"""The steps of a saga stand in the order in which they happened, whoever timed them."""

from datetime import UTC, datetime

from contracts.orders import SagaStep
from workflows.saga_log import MAX_STEPS, SagaLog


class Clock:
    """Temporal's time, as a test sets it."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.ms / 1000, UTC)


def names(log: SagaLog) -> list[str]:
    return [step.name for step in log.steps]


def test_a_step_is_not_earlier_than_what_another_clock_timed_before_it() -> None:
    clock = Clock()
    log = SagaLog(clock)
    log.tell((SagaStep(name="registered", at_ms=990), SagaStep(name="submitted", at_ms=1_003)))
    clock.ms = 1_001
    log.step("order_filled")
    assert [(step.name, step.at_ms) for step in log.steps[1:]] == [
        ("submitted", 1_003),
        ("order_filled", 1_003),
    ]


def test_a_signal_that_overtook_the_activity_stands_after_the_steps_before_it() -> None:
    clock = Clock()
    log = SagaLog(clock)
    clock.ms = 1_600
    log.step("order_filled")
    log.tell((SagaStep(name="registered", at_ms=990), SagaStep(name="submitted", at_ms=1_003)))
    assert names(log) == ["registered", "submitted", "order_filled"]


def test_no_more_steps_are_kept_than_a_run_can_carry() -> None:
    log = SagaLog(Clock())
    for _ in range(MAX_STEPS + 1):
        log.step("again")
    log.tell((SagaStep(name="late", at_ms=0),))
    assert names(log) == ["again"] * MAX_STEPS
