"""The conditional orders of one market that wait for the last price. Pure."""

from sortedcontainers import SortedList

from contracts.orders import OrderType, Side
from matching.order import Order

_RISING = {
    (OrderType.STOP_LOSS, Side.BUY),
    (OrderType.STOP_LOSS_LIMIT, Side.BUY),
    (OrderType.TAKE_PROFIT, Side.SELL),
    (OrderType.TAKE_PROFIT_LIMIT, Side.SELL),
}


def waits_for_rise(order_type: OrderType, side: Side) -> bool:
    """Whether such an order waits for the last price to be at or above its stop price."""
    return (order_type, side) in _RISING


def is_reached(order_type: OrderType, side: Side, stop: int, last: int) -> bool:
    """Whether the last price has reached the stop price (both in ticks)."""
    return last >= stop if waits_for_rise(order_type, side) else last <= stop


class Stops:
    """Inactive orders, each side nearest stop price first, oldest first within a price.

    Keys are (stop price, arrival, order id), the stop price negated where a fall is waited for.
    """

    __slots__ = ("falling", "rising", "size")

    def __init__(self) -> None:
        self.rising: SortedList[tuple[int, int, int]] = SortedList()
        self.falling: SortedList[tuple[int, int, int]] = SortedList()
        self.size = 0

    def add(self, order: Order) -> None:
        """Let an inactive order wait."""
        keys, key = self._place(order)
        keys.add(key)
        self.size += 1

    def discard(self, order: Order) -> None:
        """Take an order away, if it waits here."""
        keys, key = self._place(order)
        if key in keys:
            keys.remove(key)
            self.size -= 1

    def pop_reached(self, last: int) -> list[int]:
        """Take away what the last price has reached: order ids, in the order of activation."""
        reached: list[int] = []
        for keys, bound in ((self.rising, last), (self.falling, -last)):
            while keys and keys[0][0] <= bound:
                reached.append(keys.pop(0)[2])
        self.size -= len(reached)
        return reached

    def _place(self, order: Order) -> tuple["SortedList[tuple[int, int, int]]", tuple[int, ...]]:
        if waits_for_rise(order.order_type, order.side):
            return self.rising, (order.stop, order.arrival, order.order_id)
        return self.falling, (-order.stop, order.arrival, order.order_id)
