"""What one depth stream has told of a book, and what has changed since. Pure."""

from contracts.matching import BookUpdated
from market_data.depth import DepthBook
from market_data.payloads import depth_update


class DepthChanges:
    """The changes of one speed's depth stream: each begins where the one before it ended.

    `told` is the last update that the stream's readers have been told of (Binance's `u`). What
    came before it is passed over, so a replay of the log gathers just what they still miss.
    However long nobody can be told, what is kept is one entry a price, and the range grows.
    """

    __slots__ = ("_asks", "_bids", "told")

    def __init__(self, told: int = 0) -> None:
        self.told = told
        self._bids: set[int] = set()
        self._asks: set[int] = set()

    def take(self, update: BookUpdated) -> None:
        if update.book_seq > self.told:
            self._bids.update([price for price, _ in update.bids])
            self._asks.update([price for price, _ in update.asks])

    def begin_at(self, book_seq: int) -> None:
        """Forget what has changed: the readers start from here."""
        self.told = book_seq
        self._bids.clear()
        self._asks.clear()

    def cut(self, book: DepthBook, now_ms: int) -> str | None:
        """The payload that brings readers up to the book; None where they are there."""
        if book.book_seq == self.told:
            return None
        payload = depth_update(
            book, self.told + 1, sorted(self._bids, reverse=True), sorted(self._asks), now_ms
        )
        self.begin_at(book.book_seq)
        return payload
