"""From the engine's output on Kafka to the display copies in Redis.

The books are built from the beginning of the log each time the process starts. While it runs,
a copy that Redis has lost is written again as a whole.
"""

import asyncio
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from contracts.matching import BookBatch, TradeBatch
from contracts.message import MalformedMessage, decode
from contracts.topology import ORDERBOOK_UPDATES, PARTITIONS, TRADES_EXECUTED
from market_data.display import Display
from market_data.errors import DisplayBehind
from market_data.store import DisplayStore

log = structlog.get_logger()

POLL_WAIT_MS: Final = 500  # and so often lost copies are looked for when no news come
BACKOFF_S: Final = 0.5


class Projector:
    """Keeps the copies of all markets current. One process at a time."""

    def __init__(
        self, consumer: AIOKafkaConsumer, store: DisplayStore, symbols: tuple[str, ...]
    ) -> None:
        self._consumer = consumer
        self._store = store
        self._display = Display(symbols)
        self._unread: dict[TopicPartition, int] = {}
        self._current = False

    async def check(self) -> None:
        """Raises DisplayBehind while the copies are not current."""
        if not self._current:
            raise DisplayBehind(f"partitions being replayed: {len(self._unread)}")

    async def run(self) -> None:
        """Project until cancelled.

        Raises:
            DepthGap: the log lacks an update; showing a wrong book is worse than none.
        """
        await self._begin()
        while True:
            await self._read()
            if not self._unread:
                await self._show()

    async def _begin(self) -> None:
        topics = (ORDERBOOK_UPDATES, TRADES_EXECUTED)
        places = [TopicPartition(topic, n) for topic in topics for n in range(PARTITIONS)]
        self._consumer.assign(places)
        first = await self._consumer.beginning_offsets(places)
        end = await self._consumer.end_offsets(places)
        for place in places:
            self._consumer.seek(place, first[place])
            if end[place] > first[place]:
                self._unread[place] = end[place]

    async def _read(self) -> None:
        try:
            polled = await self._consumer.getmany(timeout_ms=POLL_WAIT_MS)
        except KafkaError as error:
            log.warning("market_data.poll_failed", error=repr(error))
            await asyncio.sleep(BACKOFF_S)
            return
        for place, records in polled.items():
            for record in records:
                self._take(place, record.value)
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

    async def _show(self) -> None:
        try:
            misfits = await self._write()
            if misfits:
                log.warning("market_data.copies_lost", symbols=sorted(misfits))
                self._display.mark_lost(misfits)
                misfits = await self._write()
            self._current = not misfits  # what is lost again meanwhile is written next time
        except RedisError as error:
            self._current = False
            log.warning("market_data.redis_away", error=repr(error))
            await asyncio.sleep(BACKOFF_S)

    async def _write(self) -> set[str]:
        changes = self._display.changes()
        misfits = await self._store.write(changes, self._display.prices())
        if not misfits:
            self._display.mark_shown(changes)
        return misfits
