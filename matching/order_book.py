"""One market's order book: price levels, first come first served within a level. Pure.

Prices are ticks, quantities lots. Price keys are signed (bids as they are, asks negated), so
that on either side the greatest key is the best price and one comparison tells what crosses.
"""

from collections.abc import Iterator
from typing import Final

from contracts.matching import SubmitOrder
from contracts.orders import OrderStatus, Side
from matching.price_index import PriceIndex, SortedPriceIndex


class BookError(Exception):
    """The caller would break the book."""


class OrderNotResting(BookError):
    """The order is not on the book."""


class Order:
    """A live order and its cumulative figures; its place in the queue while it rests.

    `quantity`, `remaining` and `filled` are lots, `price` is ticks, `filled_quote_e8` and
    `commission_e8` are units of 0.00000001. The book lowers `remaining`; the engine accounts
    for it in `filled` and the money. `level` is None while the order does not rest.
    """

    __slots__ = (
        "commission_e8",
        "filled",
        "filled_quote_e8",
        "is_buy",
        "level",
        "maker_fee_ppm",
        "next",
        "order_id",
        "previous",
        "price",
        "quantity",
        "remaining",
        "sequence",
        "side",
        "status",
        "symbol",
        "taker_fee_ppm",
        "user_id",
    )

    def __init__(self, command: SubmitOrder) -> None:
        self.symbol = command.symbol
        self.order_id = command.order_id
        self.user_id = command.user_id
        self.side = command.side
        self.is_buy = command.side is Side.BUY
        self.price = command.price_ticks
        self.quantity = self.remaining = command.quantity_lots
        self.maker_fee_ppm = command.maker_fee_ppm
        self.taker_fee_ppm = command.taker_fee_ppm
        self.filled = 0
        self.filled_quote_e8 = 0
        self.commission_e8 = 0
        self.sequence = 1
        self.status = OrderStatus.OPEN
        self.level: Level | None = None
        self.previous: Order | None = None
        self.next: Order | None = None


class Level:
    """The orders at one price, oldest first, and the lots that they add up to."""

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

    def in_priority(self) -> Iterator[Order]:
        """Every resting order, best price first, oldest first within a price."""
        for key in self.index.descending():
            order = self.levels[key * self.sign].head
            while order is not None:
                yield order
                order = order.next


class OrderBook:
    """Both sides of one market."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids: Final = BookSide(1, SortedPriceIndex())
        self.asks: Final = BookSide(-1, SortedPriceIndex())

    def rest(self, order: Order) -> Level:
        """Queue the order's remaining lots at its price; returns the level it joined."""
        level = (self.bids if order.is_buy else self.asks).level_at(order.price)
        tail = level.tail
        order.level = level
        order.previous = tail
        if tail is None:
            level.head = order
        else:
            tail.next = order
        level.tail = order
        level.quantity += order.remaining
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
        level.quantity -= order.remaining
        if level.head is None:
            (self.bids if order.is_buy else self.asks).drop(level)
        return level

    def crosses(self, taker: Order) -> bool:
        """Whether the best price opposite is one that the taker accepts."""
        side = self.asks if taker.is_buy else self.bids
        return side.best is not None and side.best.key >= taker.price * side.sign

    def take(
        self, taker: Order, most: int, matches: list[tuple[Order, int]]
    ) -> list[tuple[int, int]]:
        """Match the taker with what it crosses, at the makers' prices, in priority.

        Appends (maker, lots) to `matches`, at most `most` times, and lowers what remains of
        both. Returns the changed levels as (price, lots left), best first; a maker that is
        filled leaves the book.
        """
        side = self.asks if taker.is_buy else self.bids
        limit = taker.price * side.sign
        wanted = taker.remaining
        changed: list[tuple[int, int]] = []
        level = side.best
        while level is not None and level.key >= limit and wanted and most:
            maker = level.head
            quantity = level.quantity
            while maker is not None and wanted and most:
                most -= 1
                available = maker.remaining
                if available > wanted:
                    maker.remaining = available - wanted
                    quantity -= wanted
                    matches.append((maker, wanted))
                    wanted = 0
                    break
                wanted -= available
                quantity -= available
                maker.remaining = 0
                matches.append((maker, available))
                filled, maker = maker, maker.next
                filled.level = filled.previous = filled.next = None
            level.head = maker
            level.quantity = quantity
            changed.append((level.price, quantity))
            if maker is None:
                level.tail = None
                side.drop(level)
                level = side.best
            else:
                maker.previous = None
        taker.remaining = wanted
        return changed
