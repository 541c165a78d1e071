"""The trades of the last hours in figures, in buckets of a second. Pure.

A window ends now. It begins at the first whole second that lies in it, or, as Binance's windows
of an hour and more do, at the last whole minute that does not: up to 59,999 ms earlier than its
length says. The figures are those of exactly the trades from its first to its last millisecond.
"""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from market_data.checkpoint import WindowState
from market_data.depth import Best
from market_data.forming import Timeline
from market_data.intervals import MINUTE_MS, rolling_opens_at
from market_data.records import Candle, RollingFigures


class WindowFigures(NamedTuple):
    """The window as one candle, None without a trade in it; the price before it, 0 for none."""

    open_ms: int
    close_ms: int
    candle: Candle | None
    previous_close_e8: int


class RollingWindow:
    """Follows the seconds of one market. Holds at most one candle a second of its length, and
    those of another minute where it begins at `whole_minutes`."""

    def __init__(self, length_ms: int, second: Timeline, *, whole_minutes: bool = False) -> None:
        self._length_ms = length_ms
        self._whole_minutes = whole_minutes
        self._second = second
        self._seconds: deque[Candle] = deque()
        self._highs: deque[Candle] = deque()  # falling: the first is the highest
        self._lows: deque[Candle] = deque()  # rising
        self._previous_e8 = 0
        self._volume_e8 = self._quote_e8 = self._trades = 0
        self._taker_volume_e8 = self._taker_quote_e8 = 0
        second.followers.append(self)

    def state(self) -> WindowState:
        """With `seconds`, what `restore` needs to be as this one is."""
        return WindowState(len(self._seconds), self._previous_e8)

    def seconds(self) -> list[Candle]:
        """The closed seconds that are in it."""
        return list(self._seconds)

    def restore(self, state: WindowState, seconds: Sequence[Candle]) -> None:
        """Only before the first second is folded; the last of `seconds` are its own."""
        self._previous_e8 = state.previous_e8
        for second in seconds[len(seconds) - state.seconds :]:
            self.fold(second)

    def fold(self, candle: Candle) -> None:
        self._seconds.append(candle)
        while self._highs and self._highs[-1].high_e8 <= candle.high_e8:
            self._highs.pop()
        self._highs.append(candle)
        while self._lows and self._lows[-1].low_e8 >= candle.low_e8:
            self._lows.pop()
        self._lows.append(candle)
        self._count(candle, 1)

    def advance(self, at_ms: int) -> None:
        self._drop_before(self._opens_at(at_ms))

    def figures(self, now_ms: int) -> WindowFigures:
        """Of the window that ends at `now_ms`, which must not run back."""
        open_ms = self._opens_at(now_ms)
        self._drop_before(open_ms)
        present, previous = self._second.present(), self._previous_e8
        if present is not None and present.open_ms < open_ms:
            previous, present = present.close_e8, None
        return WindowFigures(open_ms, now_ms, self._joined(open_ms, now_ms, present), previous)

    def _opens_at(self, now_ms: int) -> int:
        if self._whole_minutes:
            return (now_ms - self._length_ms) // MINUTE_MS * MINUTE_MS
        return rolling_opens_at(now_ms, self._length_ms)

    def _drop_before(self, open_ms: int) -> None:
        seconds = self._seconds
        while seconds and seconds[0].open_ms < open_ms:
            gone = seconds.popleft()
            self._count(gone, -1)
            self._previous_e8 = gone.close_e8
            if self._highs[0] is gone:
                self._highs.popleft()
            if self._lows[0] is gone:
                self._lows.popleft()

    def _count(self, candle: Candle, sign: int) -> None:
        self._volume_e8 += sign * candle.volume_e8
        self._quote_e8 += sign * candle.quote_e8
        self._trades += sign * candle.trades
        self._taker_volume_e8 += sign * candle.taker_volume_e8
        self._taker_quote_e8 += sign * candle.taker_quote_e8

    def _joined(self, open_ms: int, close_ms: int, present: Candle | None) -> Candle | None:
        first = self._seconds[0] if self._seconds else present
        last = present or (self._seconds[-1] if self._seconds else None)
        if first is None or last is None:
            return None
        highs = [c.high_e8 for c in (self._highs[0] if self._highs else None, present) if c]
        lows = [c.low_e8 for c in (self._lows[0] if self._lows else None, present) if c]
        return Candle(
            open_ms=open_ms,
            close_ms=close_ms,
            open_e8=first.open_e8,
            high_e8=max(highs),
            low_e8=min(lows),
            close_e8=last.close_e8,
            volume_e8=self._volume_e8 + (present.volume_e8 if present else 0),
            quote_e8=self._quote_e8 + (present.quote_e8 if present else 0),
            trades=self._trades + (present.trades if present else 0),
            taker_volume_e8=self._taker_volume_e8 + (present.taker_volume_e8 if present else 0),
            taker_quote_e8=self._taker_quote_e8 + (present.taker_quote_e8 if present else 0),
            first_id=first.first_id,
            last_id=last.last_id,
        )


def rolling_figures(
    symbol: str, window: WindowFigures, last_quantity_e8: int, best: Best
) -> RollingFigures:
    """With the quantity of the market's last trade, and the best prices of this moment."""
    candle = window.candle
    return RollingFigures(
        symbol=symbol,
        open_ms=window.open_ms,
        close_ms=window.close_ms,
        open_e8=candle.open_e8 if candle else 0,
        high_e8=candle.high_e8 if candle else 0,
        low_e8=candle.low_e8 if candle else 0,
        last_e8=candle.close_e8 if candle else 0,
        last_quantity_e8=last_quantity_e8 if candle else 0,
        previous_close_e8=window.previous_close_e8,
        volume_e8=candle.volume_e8 if candle else 0,
        quote_e8=candle.quote_e8 if candle else 0,
        first_id=candle.first_id if candle else -1,
        last_id=candle.last_id if candle else -1,
        trades=candle.trades if candle else 0,
        bid_e8=best.bid[0],
        bid_quantity_e8=best.bid[1],
        ask_e8=best.ask[0],
        ask_quantity_e8=best.ask[1],
    )
