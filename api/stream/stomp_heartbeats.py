"""STOMP's heart-beats in both directions. Pure: the caller says what time it is, in seconds."""

import re
from typing import Final

from api.stream.stomp_frames import StompError

SENDS_EVERY_MS: Final = 1_000  # the fastest that a client can ask us for
WANTS_EVERY_MS: Final = 10_000  # the most that we ask of a client
OFFER: Final = f"{SENDS_EVERY_MS},{WANTS_EVERY_MS}"
SILENCE_FACTOR: Final = 3  # beats that may be late: timers of hidden browser tabs are slow
_HEADER: Final = re.compile(r"([0-9]{1,9}),([0-9]{1,9})")


class HeartBeats:
    """What was agreed with one client, and when it was last kept."""

    def __init__(self, now: float) -> None:
        self._out_s = 0.0
        self._silence_s = 0.0
        self._sent_at = now
        self._heard_at = now

    def agree(self, header: str | None, now: float) -> None:
        """Take the client's `heart-beat: can,wants` in ms; without it, or 0: none that way.

        Raises:
            StompError: not two whole numbers.
        """
        found = _HEADER.fullmatch(header or "0,0")
        if not found:
            raise StompError(
                "Malformed heart-beat", "Write two whole numbers of milliseconds: 10000,10000."
            )
        can_ms, wants_ms = int(found[1]), int(found[2])
        self._out_s = max(SENDS_EVERY_MS, wants_ms) / 1000 if wants_ms else 0.0
        self._silence_s = SILENCE_FACTOR * max(WANTS_EVERY_MS, can_ms) / 1000 if can_ms else 0.0
        self._sent_at = self._heard_at = now

    def sent(self, now: float) -> None:
        """Something went out: it counts as a beat."""
        self._sent_at = now

    def heard(self, now: float) -> None:
        """Something came in, a whole frame or less."""
        self._heard_at = now

    def is_due(self, now: float) -> bool:
        """Whether a beat must go out by now."""
        return bool(self._out_s) and now >= self._sent_at + self._out_s

    def is_silent(self, now: float) -> bool:
        """Whether the client missed so many beats that it must be gone."""
        return bool(self._silence_s) and now >= self._heard_at + self._silence_s

    def wake_in(self, now: float, at_most: float) -> float:
        """Seconds until one of the two can become true, never more than `at_most`."""
        waits = [at_most]
        if self._out_s:
            waits.append(self._sent_at + self._out_s - now)
        if self._silence_s:
            waits.append(self._heard_at + self._silence_s - now)
        return max(min(waits), 0.0)
