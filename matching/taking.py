"""How a taker meets the makers that it crosses, in priority, and how much it could get. Pure."""

from collections import deque
from typing import Final

from contracts.orders import SelfTradePrevention
from matching.order import Order
from matching.order_book import Level, OrderBook, enqueue

_STAYS: Final = (SelfTradePrevention.EXPIRE_TAKER, SelfTradePrevention.EXPIRE_BOTH)

Meeting = tuple[Order, int]
"""A maker and the lots that trade with it; 0 lots where self-trade prevention forbids it."""


class Spending:
    """What an order by value may still use: `value_e8` of quote, at most `lots`.

    `unit_e8` is what one lot costs at a price of one tick.
    """

    __slots__ = ("lots", "unit_e8", "value_e8")

    def __init__(self, value_e8: int, lots: int, unit_e8: int) -> None:
        self.value_e8 = value_e8
        self.lots = lots
        self.unit_e8 = unit_e8

    def lots_at(self, price: int) -> int:
        """Whole lots that it may take at this price."""
        return min(self.lots, self.value_e8 // (price * self.unit_e8))

    def spend(self, price: int, lots: int) -> None:
        self.lots -= lots
        self.value_e8 -= price * self.unit_e8 * lots


def take(
    book: OrderBook,
    taker: Order,
    *,
    most: int,
    touched: dict[int, int],
    spending: Spending | None = None,
) -> tuple[list[Meeting], bool]:
    """Match the taker with what it crosses, at the makers' prices, at most `most` times.

    Notes in `touched` what each level showed before, and lowers what is left of the makers and
    of the taker (or of `spending`, for an order by value). A maker that is filled, or that
    self-trade prevention expires, leaves the book; one that has more to show queues again
    behind the others. Returns the meetings, and whether self-trade prevention ends the taker.
    """
    side = book.asks if taker.is_buy else book.bids
    limit = taker.price * side.sign
    meetings: list[Meeting] = []
    wanted = taker.shown
    ended = False
    level = side.best
    while level is not None and level.key >= limit and not ended:
        if spending is not None:
            wanted = spending.lots_at(level.price)
        if not wanted or len(meetings) >= most:
            break
        touched.setdefault(level.price, level.quantity)
        left, ended = _meet(level, taker, wanted, most, meetings)
        if spending is not None:
            spending.spend(level.price, wanted - left)
        wanted = left
        if level.head is None:
            side.drop(level)
            level = side.best
    if spending is None:
        taker.shown = wanted
    return meetings, ended


def _meet(
    level: Level, taker: Order, wanted: int, most: int, meetings: list[Meeting]
) -> tuple[int, bool]:
    """Match within one level; returns the lots still wanted, and whether the taker ends."""
    mode = taker.self_trade_prevention
    avoided = None if mode is SelfTradePrevention.NONE else taker.user_id
    quantity = level.quantity
    ended = False
    maker = level.head
    while maker is not None and wanted and not ended and len(meetings) < most:
        available = maker.shown
        if maker.user_id == avoided:
            meetings.append((maker, 0))
            ended = mode in _STAYS
            if mode is SelfTradePrevention.EXPIRE_TAKER:
                break
            quantity -= available
            maker = _unlink_first(maker)
        elif available > wanted:
            meetings.append((maker, wanted))
            maker.shown = available - wanted
            quantity -= wanted
            wanted = 0
        else:
            meetings.append((maker, available))
            wanted -= available
            quantity -= available
            if maker.hidden:
                quantity += min(maker.iceberg, maker.hidden)
                maker = _refill(level, maker)
            else:
                maker.shown = 0
                maker = _unlink_first(maker)
    level.quantity = quantity
    level.head = maker
    if maker is None:
        level.tail = None
    else:
        maker.previous = None
    return wanted, ended


def _unlink_first(maker: Order) -> Order | None:
    """Let go of the first in a queue; returns the next."""
    following = maker.next
    maker.level = maker.previous = maker.next = None
    return following


def _refill(level: Level, iceberg: Order) -> Order:
    """Show the next slice of the first in the queue, behind the others; returns who is first."""
    iceberg.shown = min(iceberg.iceberg, iceberg.hidden)
    iceberg.hidden -= iceberg.shown
    following = iceberg.next
    if following is None:
        return iceberg
    enqueue(level, iceberg)
    return following


def can_fill(book: OrderBook, taker: Order, most: int) -> bool:
    """Whether `take` would fill the whole taker within `most` meetings. Changes nothing."""
    side = book.asks if taker.is_buy else book.bids
    limit = taker.price * side.sign
    wanted = taker.shown
    for level in side.best_first():
        if level.key < limit:
            break
        wanted, most = _wanted_after(level, taker, wanted, most)
        if wanted <= 0 or most <= 0:
            break
    return wanted <= 0


def _wanted_after(level: Level, taker: Order, wanted: int, most: int) -> tuple[int, int]:
    """What the taker would still want, and how often it might still meet, after this level.

    No meetings are left where the taker would meet an order of its user and expire.
    """
    mode = taker.self_trade_prevention
    avoided = None if mode is SelfTradePrevention.NONE else taker.user_id
    refilled: deque[tuple[int, int]] = deque()  # (slice, lots left) of icebergs met before
    maker = level.head
    while wanted > 0 and most > 0 and (maker is not None or refilled):
        most -= 1
        if maker is None:
            size, left = refilled.popleft()
            available = min(size, left)
            hidden = left - available
        else:
            size, available, hidden = maker.iceberg, maker.shown, maker.hidden
            own = maker.user_id == avoided
            maker = maker.next
            if own:
                if mode in _STAYS:
                    return wanted, 0
                continue
        wanted -= available
        if hidden:
            refilled.append((size, hidden))
    return wanted, most
