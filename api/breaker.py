"""A circuit breaker: stop asking a partner that keeps failing, and try again a little later.

It judges the last ten calls and opens when half of at least five have failed. After five
seconds three probes decide whether it closes.
"""

import time
from collections import deque
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final, ParamSpec, TypeVar

from api.errors import ApiError

WINDOW_CALLS: Final = 10
CALLS_MIN: Final = 5
FAILURE_RATE: Final = 0.5
OPEN_S: Final = 5.0
PROBES: Final = 3

P = ParamSpec("P")
T = TypeVar("T")


class BreakerState(StrEnum):
    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


class CircuitOpen(Exception):
    """The partner was not asked."""


class CircuitBreaker:
    """Guards one partner's calls. One event loop, no locks: nothing here awaits but the call."""

    def __init__(self, name: str, clock_s: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._clock_s = clock_s
        self._failed: deque[bool] = deque(maxlen=WINDOW_CALLS)
        self._opened_at_s = 0.0
        self._state = BreakerState.CLOSED
        self._probes_started = 0
        self._probes_passed = 0

    @property
    def state(self) -> BreakerState:
        """The state; an open breaker becomes half-open by the passing of time."""
        if self._state is BreakerState.OPEN and self._clock_s() >= self._opened_at_s + OPEN_S:
            self._state = BreakerState.HALF_OPEN
            self._probes_started = self._probes_passed = 0
        return self._state

    async def call(
        self, operation: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run the operation and learn from how it ends. Raises CircuitOpen instead where open.

        An `ApiError` is an answer, not a failure of the partner. A cancelled call teaches nothing.
        """
        self._admit()
        try:
            result = await operation(*args, **kwargs)
        except ApiError:
            self._record(failed=False)
            raise
        except Exception:
            self._record(failed=True)
            raise
        except BaseException:
            self._probes_started = max(0, self._probes_started - 1)
            raise
        self._record(failed=False)
        return result

    def _admit(self) -> None:
        state = self.state
        if state is BreakerState.OPEN:
            raise CircuitOpen(self.name)
        if state is BreakerState.HALF_OPEN:
            if self._probes_started >= PROBES:
                raise CircuitOpen(self.name)
            self._probes_started += 1

    def _record(self, *, failed: bool) -> None:
        if self._state is BreakerState.HALF_OPEN:
            if failed:
                self._open()
                return
            self._probes_passed += 1
            if self._probes_passed >= PROBES:
                self._state = BreakerState.CLOSED
                self._failed.clear()
            return
        if self._state is BreakerState.OPEN:
            return  # a call that began before the breaker opened
        self._failed.append(failed)
        if len(self._failed) >= CALLS_MIN and sum(self._failed) / len(self._failed) >= FAILURE_RATE:
            self._open()

    def _open(self) -> None:
        self._state = BreakerState.OPEN
        self._opened_at_s = self._clock_s()
        self._failed.clear()
