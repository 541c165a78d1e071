"""The frames that tell of trades, each once, also over a restart. Pure."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from contracts.streams import aggregate_trade_stream, trade_stream
from market_data.frame_log import Frame
from market_data.payloads import aggregate_trade, trade
from market_data.records import AggregateTrade, Trade

AT_ONCE: Final = 100  # frames of either stream in one moment
UNSENT: Final = 5_000  # trades kept while nobody can be told; older ones are only in the history


class TradeFrames:
    """Trades after `told`, the last trade that readers have been told of."""

    def __init__(self, symbol: str, told: int, newest: int = 0) -> None:
        """`newest` was the last trade before those that will be taken."""
        self.told = told
        self._names = trade_stream(symbol), aggregate_trade_stream(symbol)
        self._trades: deque[Trade] = deque(maxlen=UNSENT)
        self._aggregates: deque[AggregateTrade] = deque(maxlen=UNSENT)
        self._newest = newest

    def take(self, trades: Sequence[Trade], aggregates: Sequence[AggregateTrade]) -> None:
        self._newest = trades[-1].trade_id
        if self._newest > self.told:
            self._trades.extend(one for one in trades if one.trade_id > self.told)
            self._aggregates.extend(one for one in aggregates if one.last_id > self.told)

    def begin_here(self) -> None:
        """The readers start with the next trade."""
        self.told = self._newest
        self._trades.clear()
        self._aggregates.clear()

    def cut(self, now_ms: int) -> list[Frame]:
        """The frames of the next entries of the log, whole: an entry is told at once or later."""
        of_trades, of_aggregates = self._names
        frames: list[Frame] = []
        while self._aggregates and len(frames) < 2 * AT_ONCE:
            aggregate = self._aggregates.popleft()
            while self._trades and self._trades[0].trade_id <= aggregate.last_id:
                frames.append((of_trades, trade(self._trades.popleft(), now_ms)))
            frames.append((of_aggregates, aggregate_trade(aggregate, now_ms)))
            self.told = aggregate.last_id
        return frames
