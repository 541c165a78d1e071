"""One market's history in Redis: each portion written whole or not at all."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from contracts.message import encode
from contracts.streams import Interval
from contracts.topology import (
    HISTORY_FRESH_KEY,
    HISTORY_KEY,
    aggregate_trades_key,
    market_history_key,
    trades_key,
)
from market_data.candle_series import all_series_keys, creation, insertion
from market_data.errors import HistoryLost
from market_data.history_pending import Portion, Position
from market_data.records import Candle
from market_data.trade_log import APPEND, aggregate_entries, trade_entries

BUILDING: Final = "building"
WHOLE: Final = "whole"
Forming = tuple[Candle | None, Candle | None]  # the minute, the second


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """Which history this is, and how many writes it has seen."""

    name: str
    writes: int
    whole: bool


class HistoryStore:
    """Writes for one generation, which must still be there each time."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def generation(self) -> Generation | None:
        """What is there now."""
        name, state, writes = await self._redis.hmget(
            HISTORY_KEY, ["generation", "state", "writes"]
        )
        if name is None or state is None or writes is None:
            return None
        return Generation(name=str(name), writes=int(writes), whole=state == WHOLE)

    async def begin(self, name: str) -> None:
        """Begin a new history; nobody reads it until it is whole."""
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.delete(HISTORY_KEY)
            pipeline.hset(
                HISTORY_KEY, mapping={"generation": name, "state": BUILDING, "writes": "0"}
            )
            await pipeline.execute()

    async def complete(self) -> None:
        """Let it be read from here on."""
        await self._redis.hset(HISTORY_KEY, "state", WHOLE)

    async def keep_fresh(self, for_ms: int) -> None:
        """Let readers be shown it for so long from now on."""
        await self._redis.set(HISTORY_FRESH_KEY, 1, px=for_ms)

    async def forget(self) -> None:
        """Let nobody read what is there."""
        await self._redis.delete(HISTORY_KEY)

    async def position(self, symbol: str, generation: str) -> Position:
        """How far this market is written; what another generation wrote is thrown away."""
        key = market_history_key(symbol)
        found = await self._redis.hgetall(key)
        if found.get("generation") == generation:
            return Position(**{name: int(found[name]) for name in Position.__struct_fields__})
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.delete(
                key, trades_key(symbol), aggregate_trades_key(symbol), *all_series_keys(symbol)
            )
            for command in creation(symbol):
                pipeline.execute_command(*command)
            pipeline.hset(key, "generation", generation)
            _queue_position(pipeline, symbol, Position())
            await pipeline.execute()
        return Position()

    async def write(
        self, symbol: str, expected: Generation, portion: Portion | None, forming: Forming | None
    ) -> None:
        """Write all of it, as the generation's next write.

        Raises:
            HistoryLost: the generation is not there, or has lost writes; what was written now
                belongs to none.
            redis.exceptions.RedisError: Redis is away; what was written is unknown.
        """
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.hget(HISTORY_KEY, "generation")
            pipeline.hincrby(HISTORY_KEY, "writes", 1)
            if portion is not None:
                _queue(pipeline, symbol, portion)
            if forming is not None:
                minute, second = ["" if c is None else encode(c).decode() for c in forming]
                pipeline.hset(
                    market_history_key(symbol),
                    mapping={"forming_minute": minute, "forming_second": second},
                )
            name, writes, *results = await pipeline.execute()
        if name != expected.name or writes != expected.writes + 1 or _failed(results):
            raise HistoryLost(symbol)


def _queue(pipeline: Pipeline, symbol: str, portion: Portion) -> None:
    if portion.minutes:
        pipeline.execute_command(*insertion(symbol, Interval.MINUTE_1, portion.minutes))
    if portion.seconds:
        pipeline.execute_command(*insertion(symbol, Interval.SECOND_1, portion.seconds))
    if portion.trades:
        pipeline.eval(APPEND, 1, trades_key(symbol), *trade_entries(portion.trades))
    if portion.aggregates:
        pipeline.eval(
            APPEND, 1, aggregate_trades_key(symbol), *aggregate_entries(portion.aggregates)
        )
    _queue_position(pipeline, symbol, portion.position)


def _queue_position(pipeline: Pipeline, symbol: str, position: Position) -> None:
    pipeline.hset(
        market_history_key(symbol),
        mapping={name: getattr(position, name) for name in Position.__struct_fields__},
    )


def _failed(results: Sequence[Any]) -> bool:
    """A sample whose series is gone is an error among the results, not one that is raised."""
    return any(isinstance(r, list) and any(isinstance(s, Exception) for s in r) for r in results)
