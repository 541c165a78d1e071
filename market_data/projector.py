"""From the engine's output on Kafka to the display copies and the frames in Redis.

The markets are built from the beginning of the log each time the process starts. While it runs,
what Redis has lost is written again as a whole.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from contracts.matching import BookBatch, TradeBatch
from contracts.message import MalformedMessage, decode
from contracts.topology import ALL_MARKETS, ORDERBOOK_UPDATES, PARTITIONS, TRADES_EXECUTED
from market_data.cadence import Cadence
from market_data.clock import wall_clock_ms
from market_data.display import Display
from market_data.errors import DisplayBehind
from market_data.freshness import LogEnd
from market_data.store import DisplayStore

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
        *,
        clock_ms: Callable[[], int] = wall_clock_ms,
    ) -> None:
        self._consumer = consumer
        self._store = store
        self._symbols = symbols
        self._clock_ms = clock_ms
        self._display = Display(())
        self._unread: dict[TopicPartition, int] = {}
        self._end = LogEnd(consumer, {})
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
            raise DisplayBehind(f"partitions being replayed: {len(self._unread)}")

    async def run(self) -> None:
        """Project until cancelled.

        Raises:
            DepthGap: the log lacks an update; showing a wrong book is worse than none.
        """
        await self._begin()
        while self._unread:
            await self._read()
        self._display.go_live(self._clock_ms())
        while True:
            now_ms = self._clock_ms()
            if now_ms >= self._next_ms:
                self._next_ms = now_ms + ROUND_MS
                await self._show(now_ms)
            if self._current:  # while Redis is away, only reading goes on
                await asyncio.sleep(max(0, self._next_ms - self._clock_ms()) / 1_000)
            await self._read()

    async def _begin(self) -> None:
        """Learn how far the frames have told, then where the log begins and ends."""
        while True:
            try:
                self._display = Display(self._symbols, await self._store.told())
                break
            except RedisError as error:
                log.warning("market_data.redis_away", error=repr(error))
                await asyncio.sleep(BACKOFF_MS / 1_000)
        topics = (ORDERBOOK_UPDATES, TRADES_EXECUTED)
        places = [TopicPartition(topic, n) for topic in topics for n in range(PARTITIONS)]
        self._consumer.assign(places)
        first = await self._consumer.beginning_offsets(places)
        end = await self._consumer.end_offsets(places)
        self._end = LogEnd(self._consumer, first)
        for place in places:
            self._consumer.seek(place, first[place])
            if end[place] > first[place]:
                self._unread[place] = end[place]

    async def _read(self) -> None:
        wait_ms = SLOT_MS - self._clock_ms() % SLOT_MS
        try:
            polled = await self._consumer.getmany(timeout_ms=wait_ms)
        except KafkaError as error:
            log.warning("market_data.poll_failed", error=repr(error))
            await asyncio.sleep(BACKOFF_MS / 1_000)
            return
        for place, records in polled.items():
            for record in records:
                self._take(place, record.value)
            self._end.passed(place, records[-1].offset)
            if records[-1].offset + 1 >= self._unread.get(place, 0):
                self._unread.pop(place, None)

    def _take(self, place: TopicPartition, message: bytes) -> None:
        try:
            if place.topic == TRADES_EXECUTED:
                trades: TradeBatch = decode(message, TradeBatch)
                self._display.take_trades(trades)
            else:
                updates: BookBatch = decode(message, BookBatch)
                self._display.take_updates(updates)
        except MalformedMessage as error:
            # Should it have held an update, the next one of that symbol shows the gap.
            log.error("market_data.malformed_batch", topic=place.topic, error=str(error))

    async def _show(self, now_ms: int) -> None:
        fresh_ms = self._end.fresh_ms(now_ms)  # of what was read: later ones are not written now
        try:
            if self._doubtful:
                await self._look((*self._display.symbols, ALL_MARKETS))
            self._display.cut(now_ms)
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
