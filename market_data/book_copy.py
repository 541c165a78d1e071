"""What a book's display copy must become, and what of it is not yet shown. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.amounts import e8_text
from contracts.matching import BookUpdated
from market_data.depth import DepthBook


@dataclass(frozen=True)
class BookChange:
    """What one book's display copy needs. Texts with eight decimals; quantity None removes.

    The copy must be at `follows` for the change to fit; None means that the change holds the
    whole book and replaces whatever is there.
    """

    symbol: str
    follows: int | None
    book_seq: int
    offset: int
    bids: dict[str, str | None]
    asks: dict[str, str | None]


class BookCopy:
    """How far a copy is, None where that is not known, and the prices that differ since."""

    def __init__(self, book: DepthBook) -> None:
        self._book = book
        self._shown: int | None = None
        self._bids: set[int] = set()
        self._asks: set[int] = set()

    @property
    def current(self) -> bool:
        """Whether the copy surely was the book when it was last written."""
        return self._shown == self._book.book_seq

    @property
    def lost(self) -> bool:
        return self._shown is None

    def take(self, update: BookUpdated) -> None:
        if self._shown is not None:
            self._bids.update([price for price, _ in update.bids])
            self._asks.update([price for price, _ in update.asks])

    def change(self) -> BookChange:
        book, whole = self._book, self._shown is None
        return BookChange(
            symbol=book.symbol,
            follows=self._shown,
            book_seq=book.book_seq,
            offset=book.offset,
            bids=_texts(book.bids, book.bids if whole else self._bids),
            asks=_texts(book.asks, book.asks if whole else self._asks),
        )

    def mark(self, shown: int | None) -> None:
        """The copy is after this update now; None: it is gone or doubtful."""
        self._shown = shown
        self._bids, self._asks = set(), set()


def _texts(levels: Mapping[int, int], prices: Iterable[int]) -> dict[str, str | None]:
    return {e8_text(price): e8_text(levels[price]) if price in levels else None for price in prices}
