"""When a refresh token that was used may be used once more, and when its reuse is a theft.

A page that is reloaded while it renews has used its token and never read the answer. So the
token that a session used last is good for a few seconds more. Every use of an unused token makes
the other unused ones of its session used: two holders of one session meet at the next renewal.
"""

from typing import Final

REUSE_GRACE_MS: Final = 10_000


def may_repeat(used_at_ms: int, last_use_ms: int, now_ms: int) -> bool:
    """Whether a token is its session's newest used one, and that a moment ago."""
    return used_at_ms == last_use_ms and now_ms - used_at_ms <= REUSE_GRACE_MS
