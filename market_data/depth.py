"""One market's depth, from the engine's updates. Pure; prices and quantities in e8 units."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from sortedcontainers import SortedDict

from contracts.amounts import e8_text
from contracts.matching import BookUpdated
from market_data.errors import DepthGap

Level = tuple[int, int]  # price, quantity
EMPTY: Final[Level] = (0, 0)


class Best(NamedTuple):
    """The best level of each side, zeros where a side is empty."""

    bid: Level
    ask: Level


class DepthBook:
    """Levels by price, and the update that they have reached.

    `offset` is the input offset of the command that caused the last update, -1 before any.
    """

    __slots__ = ("asks", "bids", "book_seq", "offset", "symbol")

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.book_seq = 0
        self.offset = -1
        self.bids: SortedDict = SortedDict()
        self.asks: SortedDict = SortedDict()

    def restore(
        self, book_seq: int, offset: int, bids: Iterable[Level], asks: Iterable[Level]
    ) -> None:
        """Be as another was after that update; only before the first one is applied."""
        self.book_seq, self.offset = book_seq, offset
        self.bids.update(bids)
        self.asks.update(asks)

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

    def best(self) -> Best:
        return Best(
            self.bids.peekitem(-1) if self.bids else EMPTY,
            self.asks.peekitem(0) if self.asks else EMPTY,
        )

    def top(self, levels: int) -> tuple[list[list[str]], list[list[str]]]:
        """Bids and asks as [price, quantity] texts, at most so many a side, best first."""
        bids, asks = self.bids, self.asks
        return (
            [[e8_text(p), e8_text(bids[p])] for p in reversed(bids.keys()[-levels:])],
            [[e8_text(p), e8_text(asks[p])] for p in asks.keys()[:levels]],
        )


def _set_levels(levels: SortedDict, changes: tuple[Level, ...]) -> None:
    for price_e8, quantity_e8 in changes:
        if quantity_e8:
            levels[price_e8] = quantity_e8
        else:
            levels.pop(price_e8, None)
