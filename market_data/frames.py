"""All frames of one market, each at its stream's speed. Pure."""

from collections.abc import Sequence

from market_data.candle_frames import CandleFrames
from market_data.checkpoint import MarketState
from market_data.depth import DepthBook
from market_data.depth_frames import DepthFrames
from market_data.forming import Timelines
from market_data.frame_log import Frame
from market_data.records import AggregateTrade, RollingFigures, Trade
from market_data.rolling import RollingWindow
from market_data.ticker_frames import TickerFrames
from market_data.told import Told
from market_data.trade_frames import TradeFrames


class MarketFrames:
    """What is due is cut once, and only where something has changed."""

    def __init__(self, book: DepthBook, told: Told, state: MarketState | None = None) -> None:
        """`state` is what the log has added up to; nobody lacks a frame of that."""
        self.timelines = Timelines()
        self._book = book
        self._last: Trade | None = None
        if state is not None:
            self.timelines.restore(state.timelines)
            self._last = state.last
        newest = 0 if self._last is None else self._last.trade_id
        self.depth = DepthFrames(book, told.depth_fast, told.depth_slow)
        self._trades = TradeFrames(book.symbol, told.trade_id, newest)
        self._candles = CandleFrames(book.symbol, self.timelines, told.closed_ms)
        self._tickers = TickerFrames(book.symbol, self.timelines.second)
        if state is not None:
            self._tickers.restore(state.windows, state.seconds)

    @property
    def told(self) -> Told:
        fast, slow = self.depth.told
        return Told(fast, slow, self._trades.told, self._candles.told_ms)

    @property
    def day(self) -> RollingFigures | None:
        """The last 24 hours as they were told last."""
        return self._tickers.day

    @property
    def windows(self) -> dict[str, RollingWindow]:
        """The rolling windows by name."""
        return self._tickers.windows

    def take_trades(self, trades: Sequence[Trade], aggregates: Sequence[AggregateTrade]) -> None:
        self._trades.take(trades, aggregates)
        for trade in trades:
            self.timelines.second.take(trade)
        self._last = trades[-1]

    def begin_here(self, now_ms: int) -> None:
        """Nobody has been told anything: readers start from what is."""
        self.depth.begin_here()
        self._trades.begin_here()
        self._candles.begin_at(now_ms)

    def cut(self, now_ms: int) -> list[Frame]:
        last_ms = 0 if self._last is None else self._last.at_ms
        return [
            *self._trades.cut(now_ms),
            *self.depth.cut(now_ms),
            *self._candles.cut(now_ms, last_ms),
            *self._tickers.cut(now_ms, self._last, self._book.best()),
        ]
