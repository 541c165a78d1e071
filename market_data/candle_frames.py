"""The frames that tell of candles: as they form, and once when they are over. Pure."""

from collections import deque
from typing import Final

from contracts.streams import Interval, candle_stream
from market_data.cadence import Cadence
from market_data.candle_grid import filled
from market_data.forming import Timeline, Timelines, same_at_plus_8
from market_data.frame_log import Frame
from market_data.intervals import DAY_MS, LENGTHS_MS, closes_at, opens_at
from market_data.payloads import kline
from market_data.records import Candle, flat_candle

SECOND_MS: Final = 1_000  # how often the candle of a second is told while it forms
OTHERS_MS: Final = 2_000
GRACE_MS: Final = 200  # how long a trade may be on its way before its candle counts as over
CATCH_UP: Final = 60  # closed candles of one interval told at once after a silence


class CandleFrames:
    """All candle streams of one market. Nothing is told before its first trade; from then on
    the last that each stream has told is the candle that forms, also one without a trade.

    `told_ms` is the moment up to which everything that was over has been told.
    """

    def __init__(self, symbol: str, timelines: Timelines, told_ms: int) -> None:
        self.told_ms = told_ms
        self._seconds = Cadence(SECOND_MS)
        self._others = Cadence(OTHERS_MS)
        self._streams = [_Stream(symbol, timeline, told_ms) for timeline in timelines.all]

    def begin_at(self, now_ms: int) -> None:
        """What is over now is not told any more."""
        self.told_ms = now_ms
        for stream in self._streams:
            stream.begin_at(now_ms)

    def cut(self, now_ms: int, last_trade_ms: int) -> list[Frame]:
        """`last_trade_ms` is the log's time, which also tells that a candle is over."""
        self.told_ms = max(self.told_ms, now_ms - GRACE_MS, last_trade_ms)
        seconds, others = self._seconds.due(now_ms), self._others.due(now_ms)
        frames: list[Frame] = []
        for stream in self._streams:
            due = seconds if stream.interval is Interval.SECOND_1 else others
            frames += stream.cut(now_ms, self.told_ms, forming=due)
        return frames


class _Stream:
    """One timeline's stream, under its two names where UTC+8 has the same candles."""

    def __init__(self, symbol: str, timeline: Timeline, told_ms: int) -> None:
        self.interval = timeline.interval
        self._symbol = symbol
        self._timeline = timeline
        self._names = [candle_stream(symbol, self.interval, utc_plus_8=timeline.offset_ms > 0)]
        if same_at_plus_8(self.interval):
            self._names.append(candle_stream(symbol, self.interval, utc_plus_8=True))
        self._catch_up_ms = CATCH_UP * LENGTHS_MS.get(self.interval, 31 * DAY_MS)
        self._closed: deque[Candle] = deque(maxlen=CATCH_UP)
        self._next_ms = self._opens_at(told_ms)  # what opens before is told
        self._is_over_ms = 0  # when the next one is over
        self._told = (-1, -1)  # when the last one told opens, and its last trade
        self._told_forming = (-1, -1)
        self._close_e8: int | None = None
        timeline.followers.append(self)

    def begin_at(self, now_ms: int) -> None:
        if self._closed:
            self._close_e8 = self._closed[-1].close_e8
            self._closed.clear()
        self._next_ms = self._opens_at(now_ms)

    def fold(self, candle: Candle) -> None:
        if candle.open_ms >= self._next_ms or self._is_revised(candle):
            self._closed.append(candle)
            self._is_over_ms = 0
        else:
            self._close_e8 = candle.close_e8

    def advance(self, at_ms: int) -> None:
        pass

    def cut(self, now_ms: int, over_ms: int, *, forming: bool) -> list[Frame]:
        """Frames of what was over at `over_ms`; of what forms where that is due and changed, and
        wherever a candle was over."""
        candles: list[tuple[Candle, bool]] = []
        if forming or over_ms >= self._is_over_ms:
            present = self._timeline.present()
            candles = [(candle, True) for candle in self._over(over_ms, present)]
            forms = self._forming(over_ms, present)
            if forms is not None and (candles or (forming and self._is_news(forms))):
                self._told_forming = forms.open_ms, forms.last_id
                candles.append((forms, False))
        texts = [kline(self._symbol, self.interval, one, over, now_ms) for one, over in candles]
        return [(name, text) for text in texts for name in self._names]

    def _over(self, over_ms: int, present: Candle | None) -> list[Candle]:
        """The candles that were over then and are not told, flat ones among them."""
        opens_ms = self._opens_at(over_ms)  # the one that is not over
        traded = list(self._closed)
        self._closed.clear()
        if present is not None and present.open_ms < opens_ms:
            if present.open_ms >= self._next_ms or self._is_revised(present):
                traded.append(present)
            else:
                self._close_e8 = present.close_e8
        revised = [candle for candle in traded if candle.open_ms < self._next_ms]
        fresh = traded[len(revised) :]
        first_ms = max(self._next_ms, self._opens_at(opens_ms - self._catch_up_ms))
        while fresh and fresh[0].open_ms < first_ms:
            self._close_e8 = fresh.pop(0).close_e8
        told = revised
        if first_ms < opens_ms:
            span = (first_ms, opens_ms - 1)
            told += filled(fresh, self.interval, span, self._close_e8, self._timeline.offset_ms)
        if told:
            self._told = told[-1].open_ms, told[-1].last_id
            self._close_e8 = told[-1].close_e8
        self._next_ms = max(self._next_ms, opens_ms)
        self._is_over_ms = closes_at(self.interval, opens_ms, self._timeline.offset_ms) + 1
        return told

    def _forming(self, over_ms: int, present: Candle | None) -> Candle | None:
        """The candle that forms: a flat one until there is a trade in it."""
        if present is None or present.close_ms >= over_ms:
            return present
        closes_ms = closes_at(self.interval, self._next_ms, self._timeline.offset_ms)
        return flat_candle(present.close_e8, self._next_ms, closes_ms)

    def _is_news(self, forms: Candle) -> bool:
        return (forms.open_ms, forms.last_id) != self._told_forming

    def _is_revised(self, candle: Candle) -> bool:
        """Whether a trade came later than the grace, into the candle that was told last."""
        return candle.open_ms == self._told[0] and candle.last_id != self._told[1]

    def _opens_at(self, at_ms: int) -> int:
        return opens_at(self.interval, at_ms, self._timeline.offset_ms)
