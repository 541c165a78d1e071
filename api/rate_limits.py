"""Rate limits: fixed windows counted in Redis by one script, in this process when Redis is gone.

A request takes from all its windows or from none.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from api.optional_redis import OptionalRedis

LOCAL_WINDOWS_MAX: Final = 50_000
_TAKE: Final = """
for i = 1, #KEYS do
  local used = tonumber(redis.call('GET', KEYS[i]) or '0')
  if used + tonumber(ARGV[3 * i - 2]) > tonumber(ARGV[3 * i - 1]) then
    return {i, used}
  end
end
local answer = {0}
for i = 1, #KEYS do
  answer[i + 1] = redis.call('INCRBY', KEYS[i], ARGV[3 * i - 2])
  redis.call('EXPIRE', KEYS[i], ARGV[3 * i])
end
return answer
"""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What one request takes from one counter, and how much that counter allows."""

    name: str
    subject: str
    cost: int
    limit: int
    seconds: int


class LimitReached(Exception):
    """Nothing was taken."""

    def __init__(self, window: Window, used: int, retry_after_s: int) -> None:
        super().__init__(window.name)
        self.window = window
        self.used = used
        self.retry_after_s = retry_after_s


class RateLimits:
    """Counts what callers use."""

    def __init__(self, redis: OptionalRedis, clock_s: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._take = redis.client.register_script(_TAKE) if redis.client is not None else None
        self._clock_s = clock_s
        self._local: dict[str, tuple[int, int]] = {}

    async def take(self, windows: Sequence[Window]) -> list[int]:
        """Take from every window; returns what each has used now. Raises LimitReached."""
        now_s = int(self._clock_s())
        keys = [f"limit:{w.name}:{w.subject}:{now_s // w.seconds}" for w in windows]
        answer = await self._take_shared(keys, windows)
        if answer is None:
            answer = self._take_local(keys, windows, now_s)
        if answer[0]:
            window = windows[answer[0] - 1]
            raise LimitReached(window, answer[1], window.seconds - now_s % window.seconds)
        return answer[1:]

    async def _take_shared(self, keys: list[str], windows: Sequence[Window]) -> list[int] | None:
        if self._take is None:
            return None
        arguments = [n for w in windows for n in (w.cost, w.limit, w.seconds)]
        answer = await self._redis.ask(self._take, keys=keys, args=arguments)
        return None if answer is None else [int(n) for n in answer]

    def _take_local(self, keys: list[str], windows: Sequence[Window], now_s: int) -> list[int]:
        used = [self._local.get(key, (0, 0))[0] for key in keys]
        for i, (window, count) in enumerate(zip(windows, used, strict=True), start=1):
            if count + window.cost > window.limit:
                return [i, count]
        if len(self._local) > LOCAL_WINDOWS_MAX:
            self._local = {k: v for k, v in self._local.items() if v[1] > now_s}
        answer = [0]
        for key, window, count in zip(keys, windows, used, strict=True):
            self._local[key] = (count + window.cost, now_s + window.seconds)
            answer.append(count + window.cost)
        return answer
