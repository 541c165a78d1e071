"""What a stream told last, for whoever comes to a market in which nothing changes just now."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final, cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.stream.hub import Hub
from api.stream.names import StreamNames
from contracts.topology import stream_states_key

RETRY_S: Final = 0.3

EntryId = tuple[int, int]

log = structlog.get_logger()


class LastStates:
    """Publishes, of the streams that are asked for, the state that no entry to come will tell.

    `read_to` says up to which entry a market's frames have been read, None where nobody reads
    them. A state beyond that comes with its entry, to everybody in order; one that came before
    is told unless the stream has told a newer one meanwhile.
    """

    def __init__(
        self,
        redis: Redis,
        hub: Hub,
        names: StreamNames,
        read_to: Callable[[str], EntryId | None],
    ) -> None:
        self._redis = redis
        self._hub = hub
        self._names = names
        self._read_to = read_to
        self._asked: dict[str, None] = {}
        self._anything = asyncio.Event()

    def ask(self, name: str) -> None:
        """Publish this stream's state as soon as Redis has told it."""
        self._asked[name] = None
        self._anything.set()

    async def run(self) -> None:
        """Read and publish until cancelled; while Redis is away, wait for it."""
        while True:
            await self._anything.wait()
            self._anything.clear()
            batch, self._asked = self._asked, {}
            try:
                await self._bring(batch)
            except (RedisError, OSError) as error:
                log.warning("last_states.waiting_for_redis", error=repr(error))
                for name in batch:
                    self.ask(name)
                await asyncio.sleep(RETRY_S)

    async def _bring(self, batch: Iterable[str]) -> None:
        of_markets: dict[str, list[str]] = {}
        for name in batch:
            if (symbol := self._names.symbol_of(name)) is not None:
                of_markets.setdefault(symbol, []).append(name)
        for symbol, names in of_markets.items():
            found = await self._redis.hmget(stream_states_key(symbol), names)
            for name, text in zip(names, cast(list[str | None], found), strict=True):
                if text is not None and name not in self._asked:  # asked again: read again
                    self._publish(name, text)

    def _publish(self, name: str, text: str) -> None:
        entry, _, payload = text.partition(" ")
        key = self._names.key_of(name)
        read_to = None if key is None else self._read_to(key)
        if read_to is not None and entry_id(entry) <= read_to and not self._hub.has_state(name):
            self._hub.publish(name, payload)


def entry_id(text: str) -> EntryId:
    """The two numbers of a Redis stream's entry id, which order entries as they were added."""
    milliseconds, _, number = text.partition("-")
    return int(milliseconds), int(number)
