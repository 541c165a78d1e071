"""Every timeout and retry policy of the sagas, in one place."""

from datetime import timedelta
from typing import Final, TypedDict

from temporalio.common import RetryPolicy

TASK_TIMEOUT: Final = timedelta(seconds=2)  # a dead worker's task runs elsewhere after this
ENGINE_SILENCE_LIMIT: Final = timedelta(seconds=30)  # then the order is cancelled there
FOREVER: Final = timedelta(days=30)
SIGNALS_PER_RUN: Final = 2_000  # then the saga goes on in a new run; Temporal's limit is 10,000

INFRASTRUCTURE: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=10),
)


class StepOptions(TypedDict):
    start_to_close_timeout: timedelta
    schedule_to_close_timeout: timedelta
    retry_policy: RetryPolicy
    local_retry_threshold: timedelta


# A step that must happen: tried until it does. Longer pauses become durable timers.
STEP: Final = StepOptions(
    start_to_close_timeout=timedelta(seconds=5),
    schedule_to_close_timeout=FOREVER,
    retry_policy=INFRASTRUCTURE,
    local_retry_threshold=timedelta(seconds=1),
)

# A submit comes back as silence when the log does not take it, so its time-out is only for a
# worker that hangs. It never ends by `schedule_to_close`: a local activity that expires between
# two tries, with a durable timer in between, leaves a history that does not replay.
SUBMIT: Final = StepOptions(
    start_to_close_timeout=timedelta(seconds=15),
    schedule_to_close_timeout=FOREVER,
    retry_policy=INFRASTRUCTURE,
    local_retry_threshold=timedelta(seconds=1),
)

# The accepting path as a whole, whose last part is a submit.
ACCEPT: Final = SUBMIT
