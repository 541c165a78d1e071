"""One market's order book: price levels, first come first served within a level. Pure.

Prices are ticks, quantities lots. Price keys are signed (bids as they are, asks negated), so
that on either side the greatest key is the best price and one comparison tells what crosses.
"""

from collections.abc import Iterator
from typing import Final

from matching.order import Order
from matching.price_index import PriceIndex, SortedPriceIndex


class BookError(Exception):
    """The caller would break the book."""


class OrderNotResting(BookError):
    """The order is not on the book."""


class Level:
    """The orders at one price, oldest first, and the lots that they show together."""

    __slots__ = ("head", "key", "price", "quantity", "tail")

    def __init__(self, price: int, key: int) -> None:
        self.price = price
        self.key = key
        self.quantity = 0
        self.head: Order | None = None
        self.tail: Order | None = None


class BookSide:
    """The levels of one side. `best` is kept, since every order asks for it."""

    __slots__ = ("best", "index", "levels", "sign")

    def __init__(self, sign: int, index: PriceIndex) -> None:
        self.sign: Final = sign
        self.index: Final = index
        self.levels: Final[dict[int, Level]] = {}
        self.best: Level | None = None

    def level_at(self, price: int) -> Level:
        """The level at this price in ticks, made where there is none."""
        level = self.levels.get(price)
        if level is None:
            key = price * self.sign
            level = self.levels[price] = Level(price, key)
            self.index.add(key)
            best = self.best
            if best is None or key > best.key:
                self.best = level
        return level

    def drop(self, level: Level) -> None:
        """Take away an empty level."""
        del self.levels[level.price]
        self.index.remove(level.key)
        if level is self.best:
            key = self.index.greatest()
            self.best = None if key is None else self.levels[key * self.sign]

    def best_first(self) -> Iterator[Level]:
        """The levels, best price first. The side must not change meanwhile."""
        for key in self.index.best_first():
            yield self.levels[key * self.sign]

    def in_priority(self) -> Iterator[Order]:
        """Every resting order, best price first, oldest first within a price."""
        for level in self.best_first():
            order = level.head
            while order is not None:
                yield order
                order = order.next


class OrderBook:
    """Both sides of one market."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids: Final = BookSide(1, SortedPriceIndex())
        self.asks: Final = BookSide(-1, SortedPriceIndex())

    def side_of(self, order: Order) -> BookSide:
        """Where the order rests."""
        return self.bids if order.is_buy else self.asks

    def opposite(self, order: Order) -> BookSide:
        """Where the order's counterparties rest."""
        return self.asks if order.is_buy else self.bids

    def crosses(self, taker: Order) -> bool:
        """Whether the best price opposite is one that the taker accepts."""
        best = self.asks.best if taker.is_buy else self.bids.best
        if best is None:
            return False
        return best.price <= taker.price if taker.is_buy else best.price >= taker.price

    def rest(self, order: Order) -> Level:
        """Queue what the order shows at its price, as it stands; returns the level it joined."""
        level = (self.bids if order.is_buy else self.asks).level_at(order.price)
        enqueue(level, order)
        order.level = level
        level.quantity += order.shown
        return level

    def remove(self, order: Order) -> Level:
        """Take a resting order away; returns its level, of quantity 0 where that is gone too.

        Raises:
            OrderNotResting: the order is not on the book.
        """
        level = order.level
        if level is None:
            raise OrderNotResting(str(order.order_id))
        before, after = order.previous, order.next
        if before is None:
            level.head = after
        else:
            before.next = after
        if after is None:
            level.tail = before
        else:
            after.previous = before
        order.level = order.previous = order.next = None
        level.quantity -= order.shown
        if level.head is None:
            (self.bids if order.is_buy else self.asks).drop(level)
        return level


def enqueue(level: Level, order: Order) -> None:
    """Put the order last in the level's queue; the level's quantity is the caller's."""
    tail = level.tail
    order.previous = tail
    order.next = None
    if tail is None:
        level.head = order
    else:
        tail.next = order
    level.tail = order


def hide(order: Order) -> None:
    """Before an order rests: show a slice of an iceberg, and hide the rest."""
    if order.iceberg:
        remaining = order.shown + order.hidden
        order.shown = min(order.iceberg, remaining)
        order.hidden = remaining - order.shown
