"""From the engine's output on Kafka to the display copies and the frames in Redis.

When the process starts, the markets are taken from a checkpoint and built from the log after it,
or from the log's beginning. While it runs, what Redis has lost is written again as a whole.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer
from redis.exceptions import RedisError

from contracts.matching import BookBatch, TradeBatch
from contracts.message import MalformedMessage, decode
from contracts.topology import ALL_MARKETS, ORDERBOOK_UPDATES, TRADES_EXECUTED
from market_data.cadence import Cadence
from market_data.checkpoint import Checkpoint
from market_data.checkpoints import Checkpoints
from market_data.clock import wall_clock_ms
from market_data.display import Display
from market_data.errors import DisplayBehind
from market_data.log_reader import LogReader
from market_data.store import DisplayStore
from market_data.told import Told

log = structlog.get_logger()

ROUND_MS: Final = 20  # between two writes; what comes meanwhile is written together
SLOT_MS: Final = 100  # the frames' finest speed; no wait goes past such a boundary
CHECK_MS: Final = 500  # and so often lost copies are looked for when no news come
BACKOFF_MS: Final = 500


class Projector:
    """Keeps what Redis shows of all markets current. One process at a time."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        store: DisplayStore,
        symbols: Collection[str],
        checkpoints: Checkpoints,
        *,
        clock_ms: Callable[[], int] = wall_clock_ms,
    ) -> None:
        self._reader = LogReader("projector", consumer, (ORDERBOOK_UPDATES, TRADES_EXECUTED))
        self._store = store
        self._symbols = symbols
        self._checkpoints = checkpoints
        self._clock_ms = clock_ms
        self._display = Display(())
        self._cut_ms = 0  # the latest moment that figures were cut for
        self._sound = True  # whether all that was read was understood
        self._current = False  # whether Redis has been given everything that was read
        self._shown_until_ms = 0  # until when readers are shown it
        self._doubtful = True  # whether it must be asked what Redis has
        self._next_ms = 0  # when to write next
        self._checks = Cadence(CHECK_MS)

    @property
    def is_current(self) -> bool:
        """Whether readers are shown everything that the log tells."""
        return self._current and self._clock_ms() < self._shown_until_ms

    async def check(self) -> None:
        """Raises DisplayBehind while the copies are not current."""
        if not self.is_current:
            raise DisplayBehind(f"partitions being replayed: {self._reader.unread}")

    async def run(self) -> None:
        """Project until cancelled.

        Raises:
            DepthGap: the log lacks an update; showing a wrong book is worse than none.
        """
        await self._begin()
        while self._reader.unread:
            await self._read()
        self._display.go_live(self._clock_ms())
        while True:
            now_ms = self._clock_ms()
            if now_ms >= self._next_ms:
                self._next_ms = now_ms + ROUND_MS
                await self._show(now_ms)
            if self._current and self._sound and self._checkpoints.due:
                self._checkpoints.take(self._reader.places(), self._display.states(), self._cut_ms)
            if self._current:  # while Redis is away, only reading goes on
                await asyncio.sleep(max(0, self._next_ms - self._clock_ms()) / 1_000)
            await self._read()

    async def _begin(self) -> None:
        """Learn how far the frames have told, then where to begin in the log."""
        told = await self._told()

        async def fits(checkpoint: Checkpoint) -> str | None:
            if checkpoint.cut_ms > self._clock_ms():
                return "the clock was set back, and its windows lack what is in them again"
            untold = [s for s, t in told.items() if not t.covers(checkpoint.markets.get(s))]
            return f"not all of it was told: {', '.join(untold)}" if untold else None

        checkpoint = await self._checkpoints.newest(self._reader, fits)
        if checkpoint is None:
            self._display = Display(self._symbols, told)
            await self._reader.begin()
        else:
            self._cut_ms = checkpoint.cut_ms
            # Half a million seconds are folded again: others need the loop meanwhile.
            self._display = await asyncio.to_thread(
                Display, self._symbols, told, checkpoint.markets
            )
            await self._reader.begin(checkpoint.places)

    async def _told(self) -> dict[str, Told]:
        while True:
            try:
                return await self._store.told()
            except RedisError as error:
                log.warning("market_data.redis_away", error=repr(error))
                await asyncio.sleep(BACKOFF_MS / 1_000)

    async def _read(self) -> None:
        entries = 0
        for topic, message in await self._reader.read(SLOT_MS - self._clock_ms() % SLOT_MS):
            entries += self._take(topic, message)
        self._checkpoints.count(entries)

    def _take(self, topic: str, message: bytes) -> int:
        """How many entries the message held."""
        try:
            if topic == TRADES_EXECUTED:
                trades: TradeBatch = decode(message, TradeBatch)
                self._display.take_trades(trades)
                return len(trades.entries)
            updates: BookBatch = decode(message, BookBatch)
            self._display.take_updates(updates)
            return len(updates.entries)
        except MalformedMessage as error:
            # Should it have held an update, the next one of that symbol shows the gap. Later code
            # may understand it, so no checkpoint must ever come behind it.
            self._sound = False
            log.error("market_data.malformed_batch", topic=topic, error=str(error))
            return 0

    async def _show(self, now_ms: int) -> None:
        fresh_ms = self._reader.fresh_ms(now_ms)  # of what was read: later ones are not written now
        try:
            if self._doubtful:
                await self._look((*self._display.symbols, ALL_MARKETS))
            self._display.cut(now_ms)
            self._cut_ms = max(self._cut_ms, now_ms)
            every = self._checks.due(now_ms) or not self._current
            misfits = await self._write(every=every, fresh_ms=fresh_ms)
            if misfits:
                log.warning("market_data.copies_lost", symbols=sorted(misfits))
                await self._look((*misfits, ALL_MARKETS))
                misfits = await self._write(every=False, fresh_ms=fresh_ms)
            self._current = not misfits  # what is lost again meanwhile is written next time
            self._doubtful = False
            if fresh_ms:
                self._shown_until_ms = now_ms + fresh_ms
        except RedisError as error:
            self._current, self._doubtful = False, True
            self._next_ms = now_ms + BACKOFF_MS
            log.warning("market_data.redis_away", error=repr(error))

    async def _look(self, markets: Collection[str]) -> None:
        self._display.mark_lost(await self._store.last_entries(markets))

    async def _write(self, *, every: bool, fresh_ms: int) -> set[str]:
        updates = self._display.updates(every=every)
        entries = self._display.unwritten()
        if not updates and not entries:
            return set()
        misfits = await self._store.write(updates, entries, fresh_ms=fresh_ms)
        if not misfits:
            self._display.mark_written(updates, entries)
        return misfits
