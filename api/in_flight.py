"""Orders that this gateway is placing: their rows do not show them as open yet."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce

from contracts.order_views import OpenCounts

Place = tuple[int, str]  # a user in a market


class OrdersInFlight:
    """Counts them, so that orders that come at once do not all see the same free place."""

    def __init__(self) -> None:
        self._added: defaultdict[Place, dict[object, OpenCounts]] = defaultdict(dict)

    @contextmanager
    def adding(self, user_id: int, symbol: str, counts: OpenCounts) -> Iterator[OpenCounts]:
        """Count these for as long as the block lasts; it is given those that came before.

        What is open must be read inside: an order that has arrived by then counts twice for a
        moment, where none would be a limit that does not hold.
        """
        place, key = (user_id, symbol), object()
        before = reduce(together, self._added[place].values(), OpenCounts())
        self._added[place][key] = counts
        try:
            yield before
        finally:
            del self._added[place][key]
            if not self._added[place]:
                del self._added[place]


def together(one: OpenCounts, other: OpenCounts) -> OpenCounts:
    return OpenCounts(
        orders=one.orders + other.orders,
        conditional=one.conditional + other.conditional,
        iceberg=one.iceberg + other.iceberg,
        lists=one.lists + other.lists,
    )
