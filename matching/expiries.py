"""The good-till dates of one market's live orders. Pure."""

from sortedcontainers import SortedList

from matching.order import Order


class Expiries:
    """Live orders with a date, soonest first, lower id first within a millisecond.

    What is due is off the book at once (`swept_ms`: everything up to here), even where the
    number that one command may tell of does not reach it.
    """

    __slots__ = ("first_ms", "keys", "swept_ms")

    def __init__(self) -> None:
        self.keys: SortedList[tuple[int, int]] = SortedList()
        self.first_ms: int | None = None
        self.swept_ms = 0

    def add(self, order: Order) -> None:
        self.keys.add((order.expires_at_ms, order.order_id))
        self.first_ms = self.keys[0][0]

    def remove(self, order: Order) -> None:
        """Raises ValueError where the order is not here."""
        self.keys.remove((order.expires_at_ms, order.order_id))
        self.first_ms = self.keys[0][0] if self.keys else None

    def sweep(self, now_ms: int) -> list[int]:
        """Ids of the orders that have become due since the last sweep."""
        newly_due = self.keys.irange((self.swept_ms + 1,), (now_ms + 1,))
        ids = [order_id for _, order_id in newly_due]
        self.swept_ms = now_ms
        return ids

    def due(self, now_ms: int) -> int | None:
        """The id of the next order whose date has passed, None where there is none."""
        if self.first_ms is None or self.first_ms > now_ms:
            return None
        order_id: int = self.keys[0][1]
        return order_id
