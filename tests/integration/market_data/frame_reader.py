"""Reads frames as a gateway does: from its last entry on, through whatever happens to Redis."""

import asyncio
import json
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.topology import frames_key

Frames = list[dict[str, Any]]


class FrameReader:
    """All frames of one market since the reader began, by stream."""

    def __init__(self, redis: Redis, market: str) -> None:
        self._redis = redis
        self._key = frames_key(market)
        self._last = "0-0"
        self.frames: dict[str, Frames] = {}

    def of(self, name: str) -> Frames:
        return self.frames.get(name, [])

    def last(self, name: str, field: str) -> Any:
        """That field of the newest frame, None before the first."""
        frames = self.of(name)
        return frames[-1][field] if frames else None

    async def begin(self) -> None:
        """Start after what is there already."""
        entries = await self._redis.xrevrange(self._key, count=1)
        if entries:
            self._last = entries[0][0]

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                answer = await self._redis.xread({self._key: self._last}, block=100)
            except RedisError:
                await asyncio.sleep(0.02)
                continue
            for _, entries in answer:
                for entry_id, fields in entries:
                    self._last = entry_id
                    for name, payload in fields.items():
                        self.frames.setdefault(name, []).append(json.loads(payload))


def assert_no_gap(frames: Frames, first: str, last: str) -> None:
    """Each begins right after the one before it."""
    begins = [frame[first] for frame in frames[1:]]
    assert begins == [frame[last] + 1 for frame in frames[:-1]]
    assert begins


def book_after(bids: dict[str, str], asks: dict[str, str], frames: Frames, seen: int) -> None:
    """Do what a client does with changes after its snapshot of update `seen`."""
    for frame in frames:
        if frame["u"] <= seen:
            continue
        assert frame["U"] <= seen + 1
        seen = frame["u"]
        for side, changes in ((bids, frame["b"]), (asks, frame["a"])):
            for price, quantity in changes:
                if quantity == "0.00000000":
                    side.pop(price, None)
                else:
                    side[price] = quantity
