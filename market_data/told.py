"""How far a market's streams have told what happened. It lives beside the book's copy in Redis.

A projector that starts anew reads it, reads the log, and tells exactly what comes after.
"""

from collections.abc import Mapping
from typing import NamedTuple, Self

from market_data.checkpoint import MarketState


class Told(NamedTuple):
    """The last update of either depth stream, the last trade, the last closed moment in ms."""

    depth_fast: int = 0
    depth_slow: int = 0
    trade_id: int = 0
    closed_ms: int = 0

    def fields(self) -> dict[str, str]:
        """As fields of the book's meta hash."""
        return {f"told_{name}": str(value) for name, value in self._asdict().items()}

    def covers(self, state: MarketState | None) -> bool:
        """Whether all that the log adds up to there has been told; None where that is nothing."""
        if state is None:
            return True
        last = state.last
        return min(self.depth_fast, self.depth_slow) >= state.book_seq and (
            last is None or (self.trade_id >= last.trade_id and self.closed_ms >= last.at_ms)
        )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self | None:
        """None where the hash does not tell, as before the first frame."""
        try:
            return cls(*(int(fields[f"told_{name}"]) for name in cls._fields))
        except (KeyError, ValueError):
            return None
