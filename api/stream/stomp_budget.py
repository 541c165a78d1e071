"""How fast one client may send messages. Pure: the caller says what time it is, in seconds."""

from api.stream.stomp_frames import POLICY_VIOLATION, StompError


class MessageBudget:
    """A bucket that holds `burst` messages and gains `per_s` every second."""

    def __init__(self, per_s: int, burst: int, now: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._left = float(burst)
        self._at = now

    def take(self, now: float) -> None:
        """Count one message. Raises StompError where there were too many."""
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s) - 1
        self._at = now
        if self._left < 0:
            raise StompError(
                "Too many messages",
                f"Send at most {self._per_s} messages a second, {self._burst} at once.",
                code=POLICY_VIOLATION,
            )
