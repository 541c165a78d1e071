"""What the scripts that keep a local order book share: how long, and the fingerprint of a book."""

import os
import time
from collections.abc import Iterable
from hashlib import sha256

BENCH_SYMBOL = os.environ.get("BENCH_SYMBOL", "BENCHUSDT")
SECONDS = float(os.environ.get("SECONDS_LONG", "20"))


def fingerprint(bids: Iterable[Iterable[float]], asks: Iterable[Iterable[float]]) -> str:
    """The same for the same levels, best first on both sides, at eight decimals."""
    lines = [f"{price:.8f} {quantity:.8f}" for side in (bids, asks) for price, quantity in side]
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


class Clock:
    """Runs for SECONDS; half-way it is time to break the connection, once."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._broken = False

    @property
    def runs(self) -> bool:
        return time.monotonic() < self._began + SECONDS

    def breaks_now(self) -> bool:
        due = not self._broken and time.monotonic() > self._began + SECONDS / 2
        self._broken |= due
        return due
