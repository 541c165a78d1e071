"""Market data frames from Redis into the hub: of the markets that somebody watches, without a gap.

The projector adds one entry for each moment of a market to its Redis stream. Each watched market
is followed by a task of its own, which after an error goes on from the last entry that it has
seen. What cannot be made up for is not hidden: the clients concerned are told to come again.
Whoever begins with a state is told the last one at once.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.stream.figures import StreamFigures
from api.stream.hub import Hub
from api.stream.last_states import EntryId, LastStates, entry_id
from api.stream.names import StreamNames, has_facts
from api.stream.sequences import Sequences, Step
from contracts.streams import tells_state

BLOCK_S: Final = 1.0  # how long Redis waits for an entry; the client's own timeout must be longer
READ_TIMEOUT_S: Final = BLOCK_S + 2.0
ENTRIES_AT_ONCE: Final = 100
RETRY_S: Final = 0.3
LOOK_AGAIN_S: Final = 5.0  # how often a market's task asks whether anybody still watches

Entry = tuple[str, Mapping[str, str]]

log = structlog.get_logger()


class MarketFeed:
    """Runs beside the gateway. `redis` answers text, waits READ_TIMEOUT_S, and has a
    connection for each market and two more."""

    def __init__(
        self,
        redis: Redis,
        hub: Hub,
        names: StreamNames,
        figures: StreamFigures,
        clock_ms: Callable[[], int],
    ) -> None:
        self._redis = redis
        self._hub = hub
        self._names = names
        self._figures = figures
        self._clock_ms = clock_ms
        self._begin: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self._followed: dict[str, Sequences] = {}
        self._read_to: dict[str, EntryId] = {}
        self._last_states = LastStates(redis, hub, names, self._read_to.get)
        self._ended = False
        hub.on_wanted(self._watch)

    async def run(self) -> None:
        """Follow what is watched, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._last_states.run(), name="last-states")
            try:
                while True:
                    key, since_ms = await self._begin.get()
                    tasks.create_task(self._follow(key, since_ms), name=f"feed-{key}")
            finally:
                self._ended = True  # a cancel that meets an answer of Redis can get lost

    def _watch(self, name: str) -> None:
        """A stream has its first subscriber: it gets what comes from this moment on."""
        key = self._names.key_of(name)
        if key is None:
            return
        if key in self._followed:
            self._followed[key].forget(name)
        else:
            since_ms = self._clock_ms()
            self._followed[key] = Sequences()
            self._read_to[key] = (since_ms - 1, 0)  # entries' ids begin with their time in ms
            self._begin.put_nowait((key, since_ms))
        if tells_state(name):
            self._last_states.ask(name)

    async def _follow(self, key: str, since_ms: int) -> None:
        sequences = self._followed[key]
        position = f"{since_ms - 1}-0"
        whole = True  # whether nothing can be missing before the next read
        loop = asyncio.get_running_loop()
        look_again = loop.time() + LOOK_AGAIN_S
        while not self._ended and (loop.time() < look_again or self._watched(key)):
            if loop.time() >= look_again:
                look_again = loop.time() + LOOK_AGAIN_S
            try:
                whole = whole or await self._is_whole(key, position)
                entries = await self._entries_after(key, position)
            except (RedisError, OSError) as error:
                log.warning("market_feed.waiting_for_redis", stream=key, error=repr(error))
                whole = False
                await asyncio.sleep(RETRY_S)
                continue
            for position, frames in entries:
                self._publish(frames, sequences)
                self._read_to[key] = entry_id(position)
                await asyncio.sleep(0)  # a moment goes out before the next one is looked at
        del self._followed[key], self._read_to[key]

    async def _is_whole(self, key: str, position: str) -> bool:
        """After an error: False while that is unknown; where entries are gone, say so."""
        oldest = cast(list[Entry], await self._redis.xrange(key, count=1))
        if not oldest:
            return False  # emptied, and about to be written again
        milliseconds, number = entry_id(oldest[0][0])
        if (milliseconds, number) <= entry_id(position):
            return True
        log.warning("market_feed.entries_missed", stream=key, after=position)
        self._read_to[key] = (milliseconds, number - 1)
        for name in self._watched(key):
            if has_facts(name):
                self._lose(name)
            else:
                self._hub.forget_state(name)
                self._last_states.ask(name)
        return True

    async def _entries_after(self, key: str, position: str) -> Sequence[Entry]:
        found = await self._redis.xread(
            {key: position}, count=ENTRIES_AT_ONCE, block=int(BLOCK_S * 1000)
        )
        answer = cast(list[tuple[str, Sequence[Entry]]], found)  # of one stream, or of none
        return answer[0][1] if answer else ()

    def _publish(self, frames: Mapping[str, str], sequences: Sequences) -> None:
        for name, payload in frames.items():
            if not self._hub.wanted(name):
                continue
            try:
                step = sequences.step(name, payload)
            except msgspec.MsgspecError:
                log.exception("market_feed.malformed_frame", stream=name)
                step = Step.GAP
            if step is Step.NEXT:
                self._hub.publish(name, payload)
            elif step is Step.GAP:
                self._lose(name)

    def _lose(self, name: str) -> None:
        clients = self._hub.lose(name)
        self._figures.lost += clients
        log.warning("market_feed.frames_lost", stream=name, clients=clients)

    def _watched(self, key: str) -> list[str]:
        return [name for name in self._hub.names() if self._names.key_of(name) == key]
