"""Time for quiet markets: a `Tick` into the log when something is due there and nothing comes.

The wall clock decides only when to send one. What expires is decided by the log's own time,
so a tick that comes early, twice or from a stopped engine does no harm.
"""

import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from contracts.matching import Tick
from contracts.message import encode
from contracts.topology import market_command_id
from matching.engine import Engine

SPACING_S: Final = 0.2


class _Log(Protocol):
    async def append(self, partition: int, message: bytes) -> int: ...


def wall_clock_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Ticker:
    """At most one tick a partition every 200 ms, and only where one is due."""

    def __init__(
        self,
        clock_ms: Callable[[], int] = wall_clock_ms,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock_ms = clock_ms
        self._clock_s = clock_s
        self._sent_at: dict[int, float] = {}

    async def tick(self, engines: Mapping[int, Engine], log: _Log) -> None:
        """Send what is due. Any command that an engine has read since has the same effect."""
        for partition, engine in engines.items():
            due = engine.next_due()
            if due is None or due[0] > self._clock_ms():
                continue
            now_s = self._clock_s()
            if now_s - self._sent_at.get(partition, float("-inf")) < SPACING_S:
                continue
            self._sent_at[partition] = now_s
            symbol = due[1]
            tick_id = market_command_id(symbol, f"tick:{engine.next_offset}")
            await log.append(partition, encode(Tick(command_id=tick_id, symbol=symbol)))
