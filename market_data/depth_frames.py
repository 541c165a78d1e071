"""The frames that tell of one book: its best prices, its changes, its best levels. Pure."""

from contracts.matching import BookUpdated
from contracts.streams import (
    DEPTH_LEVELS,
    book_ticker_stream,
    depth_stream,
    partial_depth_stream,
)
from market_data.cadence import Cadence
from market_data.depth import Best, DepthBook
from market_data.depth_changes import DepthChanges
from market_data.frame_log import Frame
from market_data.payloads import book_ticker, partial_depth

FAST_MS = 100
SLOW_MS = 1_000

Sides = tuple[list[list[str]], list[list[str]]]


class DepthFrames:
    """bookTicker whenever the best prices differ, the others at their speeds; only changes."""

    def __init__(self, book: DepthBook, told_fast: int, told_slow: int) -> None:
        self._book = book
        self._speeds = (_Speed(book, FAST_MS, told_fast), _Speed(book, SLOW_MS, told_slow))
        self._best: Best | None = None
        self._best_of = -1  # the update that it was looked up after; an empty book is told too

    @property
    def told(self) -> tuple[int, int]:
        """The last update of the fast and of the slow depth stream."""
        fast, slow = self._speeds
        return fast.changes.told, slow.changes.told

    def take(self, update: BookUpdated) -> None:
        for speed in self._speeds:
            speed.changes.take(update)

    def begin_here(self) -> None:
        """The readers start from the book as it is."""
        for speed in self._speeds:
            speed.changes.begin_at(self._book.book_seq)

    def cut(self, now_ms: int) -> list[Frame]:
        frames: list[Frame] = []
        book = self._book
        if book.book_seq != self._best_of:
            self._best_of = book.book_seq
            best = book.best()
            if best != self._best:
                self._best = best
                name = book_ticker_stream(book.symbol)
                frames.append((name, book_ticker(book.symbol, book.book_seq, best)))
        for speed in self._speeds:
            frames += speed.cut(now_ms)
        return frames


class _Speed:
    """The depth streams of one speed."""

    def __init__(self, book: DepthBook, every_ms: int, told: int) -> None:
        fast = every_ms == FAST_MS
        self.changes = DepthChanges(told)
        self._book = book
        self._cadence = Cadence(every_ms)
        self._name = depth_stream(book.symbol, fast=fast)
        self._partial = [
            (levels, partial_depth_stream(book.symbol, levels, fast=fast))
            for levels in DEPTH_LEVELS
        ]
        self._top: Sides = ([], [])
        self._top_of = -1

    def cut(self, now_ms: int) -> list[Frame]:
        if not self._cadence.due(now_ms):
            return []
        payload = self.changes.cut(self._book, now_ms)
        frames = [] if payload is None else [(self._name, payload)]
        if self._book.book_seq != self._top_of:
            frames += self._best_levels()
        return frames

    def _best_levels(self) -> list[Frame]:
        """Those of the partial streams whose levels differ from what they last showed."""
        shown, (bids, asks) = self._top, self._book.top(DEPTH_LEVELS[-1])
        first = self._top_of < 0
        self._top, self._top_of = (bids, asks), self._book.book_seq
        return [
            (name, partial_depth(self._book.book_seq, bids[:levels], asks[:levels]))
            for levels, name in self._partial
            if first or (bids[:levels], asks[:levels]) != (shown[0][:levels], shown[1][:levels])
        ]
