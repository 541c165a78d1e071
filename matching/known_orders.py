"""Every order id that an engine knows: live, closed within a window of time, or buried. Pure."""

from collections import deque

from matching.order import Order
from matching.outcome import ClosedOrder


class KnownOrders:
    """Live orders, final states of closed ones, tombstones of ids that were cancelled unseen.

    `now_ms` is the log's time. Each queue holds (log time in ms, order id), oldest first, so
    that forgetting costs as much as remembering did. A tombstone that a refusal has replaced
    leaves its entry in the queue behind.
    """

    __slots__ = ("buried_at", "closed", "closed_at", "live", "now_ms", "tombstones")

    def __init__(self) -> None:
        self.now_ms = 0
        self.live: dict[int, Order] = {}
        self.closed: dict[int, ClosedOrder] = {}
        self.closed_at: deque[tuple[int, int]] = deque()
        self.tombstones: set[int] = set()
        self.buried_at: deque[tuple[int, int]] = deque()

    def close(self, order_id: int, state: ClosedOrder) -> None:
        """Keep a final state; a tombstone of this id has served."""
        self.closed[order_id] = state
        self.closed_at.append((self.now_ms, order_id))
        self.tombstones.discard(order_id)

    def bury(self, order_id: int) -> None:
        """Remember that the id must never trade."""
        if order_id not in self.tombstones:
            self.tombstones.add(order_id)
            self.buried_at.append((self.now_ms, order_id))

    def forget_before(self, since_ms: int) -> None:
        """Let go of what is older than the window."""
        closed_at, buried_at = self.closed_at, self.buried_at
        while closed_at and closed_at[0][0] < since_ms:
            del self.closed[closed_at.popleft()[1]]
        while buried_at and buried_at[0][0] < since_ms:
            self.tombstones.discard(buried_at.popleft()[1])
