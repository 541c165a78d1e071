"""When a name may not be tried again from one address. Pure: time comes as an argument."""

from typing import Final

import msgspec

FAILURES_MAX: Final = 5
WINDOW_MS: Final = 60_000
LOCK_MS: Final = 60_000


class LoginAttempts(msgspec.Struct, frozen=True):
    """Attempts since `window_started_ms` that have not (yet) succeeded."""

    failures: int
    window_started_ms: int
    locked_until_ms: int


def register_attempt(before: LoginAttempts | None, now_ms: int) -> tuple[LoginAttempts, bool]:
    """Count an attempt before its password is looked at, and tell whether it may go on.

    Counting first keeps a burst of parallel guesses within the same five; a success clears
    the count afterwards.
    """
    if before is None:
        return LoginAttempts(1, now_ms, 0), True
    if before.locked_until_ms > now_ms:
        return before, False
    if before.locked_until_ms or before.window_started_ms + WINDOW_MS <= now_ms:
        return LoginAttempts(1, now_ms, 0), True
    failures = before.failures + 1
    locked_until_ms = now_ms + LOCK_MS if failures >= FAILURES_MAX else 0
    return LoginAttempts(failures, before.window_started_ms, locked_until_ms), True
