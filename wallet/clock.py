"""The wall clock of the wallet's rows, as a function so that tests can hold it still."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Milliseconds since 1970."""


def wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000
