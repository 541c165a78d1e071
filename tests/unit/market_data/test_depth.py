"""Depth from updates: repetitions change nothing, gaps are errors."""

import pytest

from contracts.matching import BookUpdated
from market_data.depth import DepthBook
from market_data.errors import DepthGap

Levels = tuple[tuple[int, int], ...]


def update(book_seq: int, bids: Levels = (), asks: Levels = ()) -> BookUpdated:
    return BookUpdated(symbol="BTCUSDT", book_seq=book_seq, bids=bids, asks=asks)


def test_an_update_sets_and_removes_levels() -> None:
    book = DepthBook("BTCUSDT")

    assert book.apply(update(1, bids=((100, 5), (99, 7))), 10)
    assert book.apply(update(2, bids=((100, 0),), asks=((101, 3),)), 12)

    assert (book.bids, book.asks) == ({99: 7}, {101: 3})
    assert (book.book_seq, book.offset) == (2, 12)


def test_an_update_that_was_seen_changes_nothing() -> None:
    book = DepthBook("BTCUSDT")
    book.apply(update(1, bids=((100, 5),)), 10)
    book.apply(update(2, bids=((100, 2),)), 11)

    assert not book.apply(update(1, bids=((100, 5),)), 10)

    assert (book.bids, book.book_seq, book.offset) == ({100: 2}, 2, 11)


@pytest.mark.parametrize("book_seq", [3, 9])
def test_a_missing_update_is_an_error(book_seq: int) -> None:
    book = DepthBook("BTCUSDT")
    book.apply(update(1), 0)

    with pytest.raises(DepthGap):
        book.apply(update(book_seq), 1)


def test_a_log_that_begins_in_the_middle_is_an_error() -> None:
    with pytest.raises(DepthGap):
        DepthBook("BTCUSDT").apply(update(2), 1)
