"""One market as the log tells it, and all that readers are to be told of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.amounts import e8_text
from contracts.matching import BookUpdated, TradeEntry
from contracts.streams import (
    ALL_MINI_TICKERS,
    ROLLING_WINDOWS,
    all_tickers_stream,
    mini_ticker_stream,
    ticker_stream,
)
from market_data.book_copy import BookChange, BookCopy
from market_data.checkpoint import MarketState
from market_data.depth import Best, DepthBook
from market_data.frame_log import Entry, EntryId, Frame, FrameLog, State
from market_data.frames import MarketFrames
from market_data.records import RollingFigures
from market_data.told import Told
from market_data.trades import TradeTape


@dataclass(frozen=True)
class MarketUpdate:
    """What Redis needs to show of one market, all at once.

    It fits where the copy is as `change` says and `follows_entry` is the last entry of the
    frames. `price` is the last trade's, None before the first; `day` is the last 24 hours,
    None where that was written already. `states` are those streams' that the entries tell of.
    """

    change: BookChange
    best: Best
    price: str | None
    day: RollingFigures | None
    told: Told
    follows_entry: EntryId
    entries: tuple[Entry, ...]
    states: Mapping[str, State]

    @property
    def symbol(self) -> str:
        return self.change.symbol

    @property
    def last_entry(self) -> EntryId:
        return self.entries[-1].entry_id if self.entries else self.follows_entry


class Market:
    """The state that the log adds up to, its copy in Redis, and the frames of its changes.

    `told_of_all`: this market's stream → the stream that tells the same of all markets.
    """

    def __init__(self, symbol: str, told: Told | None, state: MarketState | None = None) -> None:
        """`state` is where the log is gone on from, else it comes from its beginning."""
        self.symbol = symbol
        self.book = DepthBook(symbol)
        self.tape = TradeTape(symbol)
        self.log = FrameLog()
        self.told_of_all = {mini_ticker_stream(symbol): ALL_MINI_TICKERS} | {
            ticker_stream(symbol, window): all_tickers_stream(window)
            for window in ("", *ROLLING_WINDOWS)
        }
        self._copy = BookCopy(self.book)
        self._day_written: RollingFigures | None = None
        self._told_before = told is not None
        if state is not None:
            self.book.restore(state.book_seq, state.offset, state.bids, state.asks)
            self.tape.restore(state.last, state.aggregates)
        self._frames = MarketFrames(self.book, told or Told(), state)

    def state(self) -> MarketState:
        """What the log has added up to. Copies references alone, since the loop waits for it."""
        windows = self._frames.windows
        states = {name: window.state() for name, window in windows.items()}
        longest = max(states, key=lambda name: states[name].seconds)
        return MarketState(
            symbol=self.symbol,
            book_seq=self.book.book_seq,
            offset=self.book.offset,
            bids=list(self.book.bids.items()),
            asks=list(self.book.asks.items()),
            last=self.tape.last,
            aggregates=self.tape.aggregates,
            timelines=self._frames.timelines.states(),
            windows=states,
            seconds=windows[longest].seconds(),
        )

    def take_update(self, update: BookUpdated, offset: int) -> None:
        """What was seen before is passed over. Raises DepthGap where an update is missing."""
        if self.book.apply(update, offset):
            self._copy.take(update)
            self._frames.depth.take(update)

    def take_trades(self, entry: TradeEntry) -> None:
        trades, aggregates = self.tape.take(entry)
        if trades:
            self._frames.take_trades(trades, aggregates)

    def go_live(self, now_ms: int) -> None:
        """The log has been replayed: from here on frames are cut.

        What earlier frames did not tell is told first. Where there were none, or they told of
        more than the log holds, readers start from here.
        """
        told, last = self._frames.told, self.tape.last
        fits = max(told.depth_fast, told.depth_slow) <= self.book.book_seq
        fits = fits and told.trade_id <= (0 if last is None else last.trade_id)
        if not (self._told_before and fits):
            self._frames.begin_here(now_ms)

    def cut(self, now_ms: int) -> list[Frame]:
        """Make the frames that are due; none while some are unwritten, so changes gather."""
        if self.log.unwritten():
            return []
        frames = self._frames.cut(now_ms)
        self.log.add(frames, now_ms)
        return frames

    @property
    def current(self) -> bool:
        """Whether Redis surely has been given everything."""
        return self._copy.current and not self.log.unwritten()

    def update(self) -> MarketUpdate:
        """What Redis lacks; also where that is nothing, to see whether it is all there."""
        last = self.tape.last
        return MarketUpdate(
            change=self._copy.change(),
            best=self.book.best(),
            price=None if last is None else e8_text(last.price_e8),
            day=None if self._frames.day is self._day_written else self._frames.day,
            told=self._frames.told,
            follows_entry=self.log.written,
            entries=self.log.unwritten(),
            states=self.log.unwritten_states(),
        )

    def mark_written(self, update: MarketUpdate) -> None:
        self._copy.mark(update.change.book_seq)
        self.log.mark_written(update.last_entry)
        self._day_written = update.day or self._day_written

    def mark_lost(self) -> None:
        """The copy is gone or doubtful: the next update holds the whole book."""
        self._copy.mark(None)
        self._day_written = None
