"""Candles as they form, each length from the next finer one. Pure.

A trade touches only its second. When a second is over it is added to its minute, a minute when
it is over to what minutes make up, and so on: boundaries nest. Only the log's time counts here,
so what has formed is a function of the log.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from contracts.streams import UTC_PLUS_8, UTC_PLUS_8_MS, Interval
from market_data.checkpoint import TimelineState
from market_data.intervals import closes_at, opens_at
from market_data.records import Candle, Trade

_MADE_OF: Final = {
    Interval.SECOND_1: (Interval.MINUTE_1,),
    Interval.MINUTE_1: (
        Interval.MINUTE_3,
        Interval.MINUTE_5,
        Interval.MINUTE_15,
        Interval.MINUTE_30,
        Interval.HOUR_1,
    ),
    Interval.HOUR_1: (
        Interval.HOUR_2,
        Interval.HOUR_4,
        Interval.HOUR_6,
        Interval.HOUR_8,
        Interval.HOUR_12,
        Interval.DAY_1,
    ),
    Interval.DAY_1: (Interval.DAY_3, Interval.WEEK_1, Interval.MONTH_1),
}
"""Interval → those that are added up from it."""

_OTHER_AT_PLUS_8: Final = frozenset(
    (
        Interval.HOUR_6,
        Interval.HOUR_12,
        Interval.DAY_1,
        Interval.DAY_3,
        Interval.WEEK_1,
        Interval.MONTH_1,
    )
)
"""Those whose boundaries are not the same in UTC: eight hours are no multiple of them."""


class Follower(Protocol):
    """Whoever is told of a timeline's closed candles."""

    def fold(self, candle: Candle) -> None:
        """Take the next candle in which there was a trade."""

    def advance(self, at_ms: int) -> None:
        """There is a trade at this time, which `fold` has not told of yet."""


class CandleSum:
    """A candle that grows, by trades or by whole candles that follow in order."""

    __slots__ = Candle.__struct_fields__

    def __init__(self, open_ms: int, close_ms: int) -> None:
        self.open_ms = open_ms
        self.close_ms = close_ms
        self.open_e8 = self.high_e8 = self.low_e8 = self.close_e8 = 0
        self.volume_e8 = self.quote_e8 = self.trades = 0
        self.taker_volume_e8 = self.taker_quote_e8 = 0
        self.first_id = self.last_id = -1

    @classmethod
    def of(cls, candle: Candle) -> "CandleSum":
        """The one that has grown to this."""
        made = cls(candle.open_ms, candle.close_ms)
        for name in cls.__slots__:
            setattr(made, name, getattr(candle, name))
        return made

    def add_trade(self, trade: Trade) -> None:
        price = trade.price_e8
        if not self.trades:
            self.open_e8 = self.high_e8 = self.low_e8 = price
            self.first_id = trade.trade_id
        elif price > self.high_e8:
            self.high_e8 = price
        elif price < self.low_e8:
            self.low_e8 = price
        self.close_e8 = price
        self.last_id = trade.trade_id
        self.trades += 1
        self.volume_e8 += trade.quantity_e8
        self.quote_e8 += trade.quote_e8
        if not trade.buyer_is_maker:
            self.taker_volume_e8 += trade.quantity_e8
            self.taker_quote_e8 += trade.quote_e8

    def add(self, other: "Candle | CandleSum") -> None:
        if not self.trades:
            self.open_e8, self.high_e8, self.low_e8 = other.open_e8, other.high_e8, other.low_e8
            self.first_id = other.first_id
        else:
            self.high_e8 = max(self.high_e8, other.high_e8)
            self.low_e8 = min(self.low_e8, other.low_e8)
        self.close_e8 = other.close_e8
        self.last_id = other.last_id
        self.trades += other.trades
        self.volume_e8 += other.volume_e8
        self.quote_e8 += other.quote_e8
        self.taker_volume_e8 += other.taker_volume_e8
        self.taker_quote_e8 += other.taker_quote_e8

    def candle(self) -> Candle:
        return Candle(**{name: getattr(self, name) for name in self.__slots__})


class Timeline:
    """One interval's candles of one market: the one that forms, and followers of the closed.

    `closed` is the last that was over, None before the first.
    """

    def __init__(
        self, interval: Interval, offset_ms: int = 0, finer: "Timeline | None" = None
    ) -> None:
        self.interval = interval
        self.offset_ms = offset_ms
        self.followers: list[Follower] = []
        self.closed: Candle | None = None
        self._finer = finer
        self._sum: CandleSum | None = None
        if finer is not None:
            finer.followers.append(self)

    @property
    def name(self) -> str:
        """Which one of a market's it is."""
        return f"{self.interval}{'@' + UTC_PLUS_8 if self.offset_ms else ''}"

    def state(self) -> TimelineState:
        """What `restore` needs to be as this one is."""
        return TimelineState(self.closed, None if self._sum is None else self._sum.candle())

    def restore(self, state: TimelineState) -> None:
        self.closed = state.closed
        self._sum = None if state.forming is None else CandleSum.of(state.forming)

    def take(self, trade: Trade) -> None:
        """The next trade; only of the finest timeline, which tells the others."""
        self.advance(trade.at_ms)
        if self._sum is None:
            self._sum = self._begun(trade.at_ms)
        self._sum.add_trade(trade)

    def fold(self, candle: Candle) -> None:
        if self._sum is None:
            self._sum = self._begun(candle.open_ms)
        self._sum.add(candle)

    def advance(self, at_ms: int) -> None:
        """Close what is over at this time."""
        if self._sum is not None and at_ms > self._sum.close_ms:
            closed, self._sum = self._sum.candle(), None
            self.closed = closed
            for follower in self.followers:
                follower.fold(closed)
                follower.advance(at_ms)

    def present(self) -> Candle | None:
        """The candle of the last trade, closed or not by now. None before the first trade."""
        parts: list[CandleSum] = []
        timeline: Timeline | None = self
        while timeline is not None:
            if timeline._sum is not None:
                parts.append(timeline._sum)
            timeline = timeline._finer
        if not parts:
            return None
        if len(parts) == 1 and self._sum is not None:
            return self._sum.candle()
        whole = self._begun(parts[0].open_ms)
        for part in parts:
            whole.add(part)
        return whole.candle()

    def _begun(self, at_ms: int) -> CandleSum:
        open_ms = opens_at(self.interval, at_ms, self.offset_ms)
        return CandleSum(open_ms, closes_at(self.interval, open_ms, self.offset_ms))


class Timelines:
    """All intervals of one market, in UTC and in UTC+8 where that differs.

    `second` is the finest: trades are given to it. `all` has the finer ones first.
    """

    def __init__(self) -> None:
        self.second = Timeline(Interval.SECOND_1)
        self.all = [self.second]
        of_utc = {Interval.SECOND_1: self.second}
        of_plus_8: dict[Interval, Timeline] = {}
        for finer, coarser in _MADE_OF.items():
            for interval in coarser:
                of_utc[interval] = Timeline(interval, 0, of_utc[finer])
                self.all.append(of_utc[interval])
                if interval in _OTHER_AT_PLUS_8:
                    source = of_plus_8.get(finer, of_utc[finer])
                    of_plus_8[interval] = Timeline(interval, UTC_PLUS_8_MS, source)
                    self.all.append(of_plus_8[interval])
        self.minute = of_utc[Interval.MINUTE_1]

    def states(self) -> dict[str, TimelineState]:
        """By name, what `restore` needs to be as these are."""
        return {timeline.name: timeline.state() for timeline in self.all}

    def restore(self, states: Mapping[str, TimelineState]) -> None:
        for timeline in self.all:
            timeline.restore(states[timeline.name])


def same_at_plus_8(interval: Interval) -> bool:
    """Whether that interval's candles in UTC+8 are those in UTC."""
    return interval not in _OTHER_AT_PLUS_8
