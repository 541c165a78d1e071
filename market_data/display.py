"""What the display copies must become: the books of the log, and what of them is not yet shown.

Pure: the projector feeds it from Kafka and hands what it tells to the store.
"""

from dataclasses import dataclass, field

from contracts.amounts import amount_text, from_e8
from contracts.matching import BookBatch, BookUpdated, TradeBatch
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


@dataclass
class _Shown:
    """How far a copy is, None where that is not known, and the prices that differ since."""

    book_seq: int | None = None
    bids: set[int] = field(default_factory=set)
    asks: set[int] = field(default_factory=set)


class Display:
    """The books and last prices of all markets, with what has changed since they were shown."""

    def __init__(self, symbols: tuple[str, ...]) -> None:
        self._books: dict[str, DepthBook] = {}
        self._shown: dict[str, _Shown] = {}
        self._last_trade: dict[str, int] = {}
        self._prices: dict[str, int] = {}
        for symbol in symbols:
            self._book(symbol)

    def _book(self, symbol: str) -> DepthBook:
        book = self._books.get(symbol)
        if book is None:
            book = self._books[symbol] = DepthBook(symbol)
            self._shown[symbol] = _Shown()
        return book

    def take_updates(self, batch: BookBatch) -> None:
        """Raises DepthGap where an update is missing; what was seen before is passed over."""
        for entry in batch.entries:
            self._take(entry.update, entry.offset)

    def _take(self, update: BookUpdated, offset: int) -> None:
        if self._book(update.symbol).apply(update, offset):
            shown = self._shown[update.symbol]
            if shown.book_seq is not None:
                shown.bids.update(price for price, _ in update.bids)
                shown.asks.update(price for price, _ in update.asks)

    def take_trades(self, batch: TradeBatch) -> None:
        """Remember each symbol's newest price."""
        for entry in batch.entries:
            for trade in entry.trades:
                if trade.trade_id > self._last_trade.get(trade.symbol, 0):
                    self._last_trade[trade.symbol] = trade.trade_id
                    self._prices[trade.symbol] = trade.price_e8

    def prices(self) -> dict[str, str]:
        """Symbol → last price, as text."""
        return {symbol: amount_text(from_e8(e8)) for symbol, e8 in self._prices.items()}

    def changes(self) -> list[BookChange]:
        """What every copy needs, also where that is nothing: the store checks them all."""
        return [self._change(symbol) for symbol in self._books]

    def _change(self, symbol: str) -> BookChange:
        book, shown = self._books[symbol], self._shown[symbol]
        whole = shown.book_seq is None
        return BookChange(
            symbol=symbol,
            follows=shown.book_seq,
            book_seq=book.book_seq,
            offset=book.offset,
            bids=_texts(book.bids, set(book.bids) if whole else shown.bids),
            asks=_texts(book.asks, set(book.asks) if whole else shown.asks),
        )

    def mark_shown(self, changes: list[BookChange]) -> None:
        """The copies have these changes now."""
        for change in changes:
            self._shown[change.symbol] = _Shown(change.book_seq)

    def mark_lost(self, symbols: set[str]) -> None:
        """The copies are gone or doubtful: the next changes hold the whole books."""
        for symbol in symbols:
            self._shown[symbol] = _Shown()


def _texts(levels: dict[int, int], prices: set[int]) -> dict[str, str | None]:
    return {
        amount_text(from_e8(price)): (
            amount_text(from_e8(levels[price])) if price in levels else None
        )
        for price in prices
    }
