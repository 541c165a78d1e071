"""One market's trades on their way to the written history. Pure."""

from collections.abc import Sequence
from typing import Protocol

from contracts.matching import TradeEntry
from contracts.streams import Interval
from market_data.checkpoint import MarketState
from market_data.forming import Timeline
from market_data.history_pending import Position
from market_data.records import AggregateTrade, Candle, Trade
from market_data.trades import TradeTape


class Writer(Protocol):
    """Whoever writes what it is told; `market_data.history.HistoryWriter` says more."""

    def take(self, trades: Sequence[Trade], aggregates: Sequence[AggregateTrade]) -> None: ...
    def close(self, symbol: str, interval: Interval, candle: Candle) -> None: ...
    def form(self, symbol: str, candle_1m: Candle | None, candle_1s: Candle | None) -> None: ...


class RecordedMarket:
    """Adds trades up to seconds and minutes, and hands all of them on."""

    def __init__(self, symbol: str, history: Writer) -> None:
        self._symbol = symbol
        self._history = history
        self._tape = TradeTape(symbol)
        self._second = Timeline(Interval.SECOND_1)
        self._minute = Timeline(Interval.MINUTE_1, 0, self._second)
        self._second.followers.append(_Closed(symbol, Interval.SECOND_1, history))
        self._minute.followers.append(_Closed(symbol, Interval.MINUTE_1, history))
        self._changed = False

    def restore(self, state: MarketState) -> None:
        """Go on from what the log had added up to."""
        self._tape.restore(state.last, state.aggregates)
        for timeline in (self._second, self._minute):
            timeline.restore(state.timelines[timeline.name])
        self._changed = state.last is not None

    def take(self, entry: TradeEntry) -> None:
        trades, aggregates = self._tape.take(entry)
        if trades:
            self._history.take(trades, aggregates)
            for trade in trades:
                self._second.take(trade)
            self._changed = True

    def form(self) -> None:
        """Tell of the candles that are open, where a trade has changed them."""
        if self._changed:
            self._history.form(self._symbol, self._minute.present(), self._second.present())
            self._changed = False


class _Closed:
    """Hands on one timeline's closed candles."""

    def __init__(self, symbol: str, interval: Interval, history: Writer) -> None:
        self._symbol = symbol
        self._interval = interval
        self._history = history

    def fold(self, candle: Candle) -> None:
        self._history.close(self._symbol, self._interval, candle)

    def advance(self, at_ms: int) -> None:
        pass


def written_by(state: MarketState) -> Position:
    """What of a market has been written where all that it adds up to has been."""
    return Position(
        trade_id=-1 if state.last is None else state.last.trade_id,
        aggregate_id=state.aggregates or -1,
        minute_ms=_last_closed(state, Interval.MINUTE_1),
        second_ms=_last_closed(state, Interval.SECOND_1),
    )


def _last_closed(state: MarketState, interval: Interval) -> int:
    closed = state.timelines[interval].closed
    return -1 if closed is None else closed.open_ms
