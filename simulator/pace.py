"""Stated rates, kept: a token bucket."""

from collections.abc import Callable


class TokenBucket:
    """`per_second` tokens on average, at most `burst` at once. `clock_s` never goes back."""

    def __init__(self, per_second: float, burst: int, clock_s: Callable[[], float]) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._clock_s = clock_s
        self._tokens = float(burst)
        self._at_s = clock_s()

    def take(self) -> float:
        """Take one token; the seconds to wait until it is there (0: it is)."""
        now_s = self._clock_s()
        self._tokens = min(self._burst, self._tokens + (now_s - self._at_s) * self._per_second)
        self._at_s = now_s
        self._tokens -= 1
        return max(-self._tokens / self._per_second, 0.0)
