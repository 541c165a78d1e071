"""The frames that tell a market's figures: rolling windows, average and reference price. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from contracts.amounts import E8
from contracts.streams import (
    ROLLING_WINDOWS,
    average_price_stream,
    mini_ticker_stream,
    reference_price_stream,
    ticker_stream,
)
from market_data.cadence import Cadence
from market_data.checkpoint import WindowState
from market_data.depth import Best
from market_data.forming import Timeline
from market_data.frame_log import Frame
from market_data.intervals import DAY_MS, HOUR_MS, MINUTE_MS
from market_data.records import Candle, RollingFigures, Trade
from market_data.rolling import RollingWindow, rolling_figures
from market_data.ticker_payloads import (
    average_price,
    mini_ticker,
    reference_price,
    ticker,
    window_ticker,
)

EVERY_MS: Final = 1_000
AVERAGE_MS: Final = 5 * MINUTE_MS
_LENGTHS_MS: Final = {"1h": HOUR_MS, "4h": 4 * HOUR_MS, "1d": DAY_MS}

NO_TIME: Final = {"open_ms": 0, "close_ms": 0}  # time alone is no news
NO_BEST: Final = {"bid_e8": 0, "bid_quantity_e8": 0, "ask_e8": 0, "ask_quantity_e8": 0}


class TickerFrames:
    """Each second what has changed. `day` is the last 24 hours as they were told last."""

    def __init__(self, symbol: str, second: Timeline) -> None:
        self.day: RollingFigures | None = None
        self._symbol = symbol
        self._cadence = Cadence(EVERY_MS)
        self._day = RollingWindow(DAY_MS, second)
        self._windows = {
            window: RollingWindow(_LENGTHS_MS[window], second, whole_minutes=True)
            for window in ROLLING_WINDOWS
        }
        self._average = RollingWindow(AVERAGE_MS, second)
        self._told: dict[str, object] = {}

    @property
    def windows(self) -> dict[str, RollingWindow]:
        """All of them by name. The longest is among them, and holds all seconds of the others."""
        return {"24h": self._day, "5m": self._average, **self._windows}

    def restore(self, states: Mapping[str, WindowState], seconds: Sequence[Candle]) -> None:
        """Let the windows be as others were; `seconds` are the longest one's."""
        for name, window in self.windows.items():
            window.restore(states[name], seconds)

    def cut(self, now_ms: int, last: Trade | None, best: Best) -> list[Frame]:
        """`last` is the newest trade, None before the first."""
        if not self._cadence.due(now_ms):
            return []
        frames = self._window_frames(now_ms, last, best)
        if last is not None:
            frames += self._price_frames(now_ms, last)
        return frames

    def _window_frames(self, now_ms: int, last: Trade | None, best: Best) -> list[Frame]:
        quantity_e8 = 0 if last is None else last.quantity_e8
        of_day = rolling_figures(self._symbol, self._day.figures(now_ms), quantity_e8, best)
        frames = self._day_frames(of_day, now_ms)
        for window, rolling in self._windows.items():
            figures = rolling_figures(self._symbol, rolling.figures(now_ms), quantity_e8, best)
            name = ticker_stream(self._symbol, window)
            if self._is_news(name, msgspec.structs.replace(figures, **NO_TIME, **NO_BEST)):
                frames.append((name, window_ticker(figures, window, now_ms)))
        return frames

    def _day_frames(self, figures: RollingFigures, now_ms: int) -> list[Frame]:
        frames: list[Frame] = []
        name = ticker_stream(self._symbol)
        if self._is_news(name, msgspec.structs.replace(figures, **NO_TIME)):
            self.day = figures
            frames.append((name, ticker(figures, now_ms)))
        name = mini_ticker_stream(self._symbol)
        if self._is_news(name, msgspec.structs.replace(figures, **NO_TIME, **NO_BEST)):
            frames.append((name, mini_ticker(figures, now_ms)))
        return frames

    def _price_frames(self, now_ms: int, last: Trade) -> list[Frame]:
        frames: list[Frame] = []
        candle = self._average.figures(now_ms).candle
        average_e8 = candle.quote_e8 * E8 // candle.volume_e8 if candle else last.price_e8
        name = average_price_stream(self._symbol)
        if self._is_news(name, (average_e8, last.at_ms)):
            frames.append((name, average_price(self._symbol, average_e8, last.at_ms, now_ms)))
        name = reference_price_stream(self._symbol)
        if self._is_news(name, last.price_e8):
            frames.append((name, reference_price(self._symbol, last.price_e8, last.at_ms)))
        return frames

    def _is_news(self, name: str, content: object) -> bool:
        if self._told.get(name) == content:
            return False
        self._told[name] = content
        return True
