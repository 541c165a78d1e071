"""Order ids: time-ordered, unique per gateway process, below 2^53 so that JavaScript keeps them."""

import time
from collections.abc import Callable

EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
NODE_BITS = 3
SEQUENCE_BITS = 9
_MAX_SEQUENCE = (1 << SEQUENCE_BITS) - 1


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class OrderIdAllocator:
    """Allocates ids of 41 bits of milliseconds, 3 of node, 9 of sequence.

    Past 512 ids in a millisecond, or when the clock steps back, it borrows from the next
    millisecond: ids of one node always rise.
    """

    def __init__(self, node_id: int, clock_ms: Callable[[], int] = _now_ms) -> None:
        if not 0 <= node_id < 1 << NODE_BITS:
            raise ValueError(f"node_id must be 0..{(1 << NODE_BITS) - 1}, not {node_id}")
        self._node_id = node_id
        self._clock_ms = clock_ms
        self._last_ms = 0
        self._sequence = 0

    def allocate(self) -> int:
        """Return the next id."""
        now = self._clock_ms() - EPOCH_MS
        if now > self._last_ms:
            self._last_ms, self._sequence = now, 0
        elif self._sequence < _MAX_SEQUENCE:
            self._sequence += 1
        else:
            self._last_ms, self._sequence = self._last_ms + 1, 0
        return (
            self._last_ms << (NODE_BITS + SEQUENCE_BITS)
            | self._node_id << SEQUENCE_BITS
            | self._sequence
        )
