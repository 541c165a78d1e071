"""Keeps the written history whole: from the log's trades on Kafka to candles and trades in Redis.

It reads the log by itself, beside the projector, so that a history that is written again holds
up no frame. Whenever the history has been lost, all of it is written again from the log's
beginning; where it is whole, the process goes on from a checkpoint that the projector has taken.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer
from redis.exceptions import RedisError

from contracts.matching import TradeBatch
from contracts.message import MalformedMessage, decode
from contracts.topology import TRADES_EXECUTED
from market_data.checkpoint import Checkpoint
from market_data.checkpoints import Checkpoints
from market_data.clock import wall_clock_ms
from market_data.errors import DisplayBehind
from market_data.history_pending import Position
from market_data.log_reader import LogReader
from market_data.recorded_market import RecordedMarket, Writer, written_by

T = TypeVar("T")

log = structlog.get_logger()

POLL_WAIT_MS: Final = 500  # and so often a lost history is looked for when no trades come
ROUND_S: Final = 0.2  # between two writes
BACKOFF_S: Final = 0.5


class History(Writer, Protocol):
    """Where it is written; `market_data.history.HistoryWriter` says more."""

    async def begin(self) -> bool: ...
    async def go_on_from(self, written: Mapping[str, Position]) -> bool: ...
    async def complete(self) -> None: ...
    async def flush(self) -> None: ...
    async def keep_fresh(self, for_ms: int) -> None: ...
    async def intact(self) -> bool: ...


class Recorder:
    """Writes what is traded, and everything again where that was lost. One process at a time."""

    def __init__(
        self, consumer: AIOKafkaConsumer, history: History, checkpoints: Checkpoints
    ) -> None:
        self._reader = LogReader("recorder", consumer, (TRADES_EXECUTED,))
        self._history = history
        self._checkpoints = checkpoints
        self._markets: dict[str, RecordedMarket] = {}
        self._whole = False
        self._shown_until_ms = 0  # until when readers are shown it

    async def check(self) -> None:
        """Raises DisplayBehind while readers are not shown all that was traded: the history is
        being written again, Redis is away, or Kafka does not tell."""
        if not self._whole or wall_clock_ms() >= self._shown_until_ms:
            raise DisplayBehind(f"partitions being replayed: {self._reader.unread}")

    async def run(self) -> None:
        """Record until cancelled."""
        while True:
            await self._rebuild()
            await self._follow()
            self._whole = False
            log.warning("market_data.history_lost")

    async def _rebuild(self) -> None:
        """Everything to what is the log's end now: what a whole history lacks, else all of it."""
        whole = await _until_done(self._history.begin)
        checkpoint = await self._checkpoints.newest(self._reader, self._fits) if whole else None
        self._markets = {}
        if checkpoint is None:
            await self._reader.begin()
        else:
            await self._reader.begin(checkpoint.places)
            for symbol, state in checkpoint.markets.items():
                self._market(symbol).restore(state)
        while self._reader.unread:
            await self._read()
            await _until_done(self._history.flush)
        for market in self._markets.values():
            market.form()
        await _until_done(self._history.complete)

    async def _fits(self, checkpoint: Checkpoint) -> str | None:
        """What Redis lacks of a history comes from the log's beginning, which alone has it."""
        written = {symbol: written_by(state) for symbol, state in checkpoint.markets.items()}
        if await _until_done(lambda: self._history.go_on_from(written)):
            return None
        return "the written history does not hold all of it"

    async def _follow(self) -> None:
        """What comes, for as long as what was written is there."""
        while True:
            try:
                if not await self._history.intact():
                    return
                await self._history.flush()
                await self._keep_fresh()
                self._whole = True
            except RedisError as error:
                self._whole = False
                log.warning("market_data.redis_away", error=repr(error))
            await asyncio.sleep(ROUND_S)
            await self._read()
            for market in self._markets.values():
                market.form()

    async def _keep_fresh(self) -> None:
        """All that was read is written. Where that is all there is, readers may be shown it."""
        now_ms = wall_clock_ms()
        fresh_ms = self._reader.fresh_ms(now_ms)
        if fresh_ms:
            await self._history.keep_fresh(fresh_ms)
            self._shown_until_ms = now_ms + fresh_ms

    async def _read(self) -> None:
        for _, message in await self._reader.read(POLL_WAIT_MS):
            self._take(message)

    def _take(self, message: bytes) -> None:
        try:
            batch: TradeBatch = decode(message, TradeBatch)
        except MalformedMessage as error:
            log.error("market_data.malformed_batch", topic=TRADES_EXECUTED, error=str(error))
            return
        for entry in batch.entries:
            self._market(entry.trades[0].symbol).take(entry)

    def _market(self, symbol: str) -> RecordedMarket:
        market = self._markets.get(symbol)
        if market is None:
            market = self._markets[symbol] = RecordedMarket(symbol, self._history)
        return market


async def _until_done(step: Callable[[], Awaitable[T]]) -> T:
    """Redis may be away; each of these steps may be asked for again."""
    while True:
        try:
            return await step()
        except RedisError as error:
            log.warning("market_data.redis_away", error=repr(error))
            await asyncio.sleep(BACKOFF_S)
