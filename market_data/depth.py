"""One market's depth, from the engine's updates. Pure; prices and quantities in e8 units."""

from contracts.matching import BookUpdated
from market_data.errors import DepthGap


class DepthBook:
    """Levels by price, and the update that they have reached.

    `offset` is the input offset of the command that caused the last update, -1 before any.
    """

    __slots__ = ("asks", "bids", "book_seq", "offset", "symbol")

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.book_seq = 0
        self.offset = -1
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}

    def apply(self, update: BookUpdated, offset: int) -> bool:
        """Take in the next update; False where it was seen before.

        Raises:
            DepthGap: an update between this and the last one is missing.
        """
        if update.book_seq <= self.book_seq:
            return False
        if update.book_seq != self.book_seq + 1:
            raise DepthGap(f"{self.symbol}: update {update.book_seq} came after {self.book_seq}")
        _set_levels(self.bids, update.bids)
        _set_levels(self.asks, update.asks)
        self.book_seq = update.book_seq
        self.offset = offset
        return True


def _set_levels(levels: dict[int, int], changes: tuple[tuple[int, int], ...]) -> None:
    for price_e8, quantity_e8 in changes:
        if quantity_e8:
            levels[price_e8] = quantity_e8
        else:
            levels.pop(price_e8, None)
