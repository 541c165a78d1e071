"""What of one market's history is not written yet. Pure, and bounded."""

from collections import deque
from collections.abc import Callable
from itertools import islice
from operator import attrgetter
from typing import Any, Final

import msgspec

from contracts.streams import Interval
from market_data.candle_series import RETENTION_MS
from market_data.intervals import LENGTHS_MS
from market_data.records import AggregateTrade, Candle, Trade
from market_data.trade_log import TRADES_KEPT

MINUTES_MAX: Final = 50_000  # five weeks of them, should Redis be away so long
SECONDS_MAX: Final = RETENTION_MS[Interval.SECOND_1] // LENGTHS_MS[Interval.SECOND_1]
PORTION_TRADES: Final = 2_000
PORTION_CANDLES: Final = 250


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """How far a market's history is written: the last ids, and the opening times in ms of the
    last closed candles. -1 before the first."""

    trade_id: int = -1
    aggregate_id: int = -1
    minute_ms: int = -1
    second_ms: int = -1

    def reaches(self, other: "Position") -> bool:
        """Whether all that is written there is written here."""
        return all(getattr(self, name) >= getattr(other, name) for name in self.__struct_fields__)


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """What one transaction writes, and where the history is then."""

    trades: list[Trade]
    aggregates: list[AggregateTrade]
    minutes: list[Candle]
    seconds: list[Candle]
    position: Position
    last: bool  # nothing is left behind it


class Pending:
    """Trades and closed candles in order. Of trades and seconds the newest are kept, as many as
    the history holds."""

    def __init__(self) -> None:
        self.trades: deque[Trade] = deque(maxlen=TRADES_KEPT)
        self.aggregates: deque[AggregateTrade] = deque(maxlen=TRADES_KEPT)
        self.minutes: deque[Candle] = deque()
        self.seconds: deque[Candle] = deque(maxlen=SECONDS_MAX)

    @property
    def too_many(self) -> bool:
        """There are more minutes than are kept here."""
        return len(self.minutes) > MINUTES_MAX

    def portion(self, position: Position, *, minutes_only: bool) -> Portion | None:
        """The first of what is behind `position`, None where there is nothing."""
        self._forget(position)
        minutes = list(islice(self.minutes, PORTION_CANDLES))
        seconds = [] if minutes_only else list(islice(self.seconds, PORTION_CANDLES))
        trades = [] if minutes_only else list(islice(self.trades, PORTION_TRADES))
        aggregates = [] if minutes_only else list(islice(self.aggregates, PORTION_TRADES))
        if not (minutes or seconds or trades or aggregates):
            return None
        then = Position(
            trade_id=trades[-1].trade_id if trades else position.trade_id,
            aggregate_id=aggregates[-1].aggregate_id if aggregates else position.aggregate_id,
            minute_ms=minutes[-1].open_ms if minutes else position.minute_ms,
            second_ms=seconds[-1].open_ms if seconds else position.second_ms,
        )
        taken = len(minutes) + len(seconds) + len(trades) + len(aggregates)
        return Portion(
            trades=trades,
            aggregates=aggregates,
            minutes=minutes,
            seconds=seconds,
            position=then,
            last=taken == self._size(),
        )

    def _size(self) -> int:
        return len(self.minutes) + len(self.seconds) + len(self.trades) + len(self.aggregates)

    def _forget(self, position: Position) -> None:
        _drop(self.trades, attrgetter("trade_id"), position.trade_id)
        _drop(self.aggregates, attrgetter("aggregate_id"), position.aggregate_id)
        _drop(self.minutes, attrgetter("open_ms"), position.minute_ms)
        _drop(self.seconds, attrgetter("open_ms"), position.second_ms)


def _drop(queue: deque[Any], key: Callable[[Any], int], through: int) -> None:
    while queue and key(queue[0]) <= through:
        queue.popleft()
