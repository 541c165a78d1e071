"""Rate limits: fixed windows counted in Redis by one script, in this process when Redis is gone.

Redis answers one question a request: what is counted, and whether the request was answered before.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from api.optional_redis import OptionalRedis

LOCAL_WINDOWS_MAX: Final = 50_000
# The windows of one group are taken together or not at all. The second group is left alone where
# the last key, the memory, holds something, and where the first group is exhausted.
_TAKE: Final = """
local windows = #KEYS - 1
local always = tonumber(ARGV[3 * windows + 1])
local function full(first, last)
  for i = first, last do
    local used = tonumber(redis.call('GET', KEYS[i]) or '0')
    if used + tonumber(ARGV[3 * i - 2]) > tonumber(ARGV[3 * i - 1]) then
      return i, used
    end
  end
  return 0, 0
end
local known = ''
if KEYS[#KEYS] ~= '' then
  known = redis.call('GET', KEYS[#KEYS]) or ''
end
local answer = {0, 0, known}
local function take(first, last)
  for i = first, last do
    answer[i + 3] = redis.call('INCRBY', KEYS[i], ARGV[3 * i - 2])
    redis.call('EXPIRE', KEYS[i], ARGV[3 * i])
  end
end
answer[1], answer[2] = full(1, always)
if answer[1] > 0 then
  return answer
end
take(1, always)
if known == '' then
  answer[1], answer[2] = full(always + 1, windows)
  if answer[1] == 0 then
    take(always + 1, windows)
  end
end
return answer
"""

_GIVE_BACK: Final = """
for i = 1, #KEYS do
  local cost = tonumber(ARGV[i])
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= cost then
    redis.call('DECRBY', KEYS[i], cost)
  end
end
return 1
"""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What one request takes from one counter, and how much that counter allows."""

    name: str
    subject: str
    cost: int
    limit: int
    seconds: int


class LimitReached(Exception):
    """Nothing was taken from the window's group; `taken` is what the group before it has used."""

    def __init__(
        self, window: Window, used: int, retry_after_s: int, taken: Sequence[int] = ()
    ) -> None:
        super().__init__(window.name)
        self.window = window
        self.used = used
        self.retry_after_s = retry_after_s
        self.taken = taken


class Admission(msgspec.Struct, frozen=True):
    """What each window has used now, and what the memory holds. Where it holds something, only
    the windows that count always are there."""

    used: Sequence[int]
    remembered: str | None


class _Counted(msgspec.Struct, frozen=True):
    """The script's answer: which window was full (1 is the first, 0 none) and how full."""

    full: int
    used_there: int
    remembered: str | None
    used: Sequence[int]


class RateLimits:
    """Counts what callers use."""

    def __init__(self, redis: OptionalRedis, clock_s: Callable[[], float] = time.time) -> None:
        self._redis = redis
        client = redis.client
        self._script = None if client is None else client.register_script(_TAKE)
        self._give_back = None if client is None else client.register_script(_GIVE_BACK)
        self._clock_s = clock_s
        self._local: dict[str, tuple[int, int]] = {}

    async def take(self, windows: Sequence[Window]) -> Sequence[int]:
        """Take from every window or from none; returns what each has used now.

        Raises:
            LimitReached: a window does not hold that much.
        """
        return (await self.admit(windows, ())).used

    async def admit(
        self, always: Sequence[Window], once: Sequence[Window], memory_key: str = ""
    ) -> Admission:
        """Take from `always`, and from `once` unless Redis remembers something under the key:
        a request that was answered before. All in one question.

        Raises:
            LimitReached: a window does not hold that much. Where it is one of `once`, those of
                `always` have been taken.
        """
        now_s = self.now_s()
        windows = (*always, *once)
        keys = [_key(window, now_s) for window in windows]
        counted = await self._take_shared(keys, windows, len(always), memory_key)
        if counted is None:
            counted = self._take_local(keys, windows, len(always), now_s)
        if counted.full:
            window = windows[counted.full - 1]
            wait_s = window.seconds - now_s % window.seconds
            raise LimitReached(window, counted.used_there, wait_s, counted.used)
        return Admission(counted.used, counted.remembered)

    def now_s(self) -> int:
        """The time that windows are told apart by."""
        return int(self._clock_s())

    async def give_back(self, windows: Sequence[Window], taken_at_s: int) -> None:
        """Undo what was taken from each window then; one that is over stays over."""
        keys = [_key(window, taken_at_s) for window in windows]
        if self._give_back is not None:
            costs = [window.cost for window in windows]
            if await self._redis.ask(self._give_back, keys=keys, args=costs) is not None:
                return
        for key, window in zip(keys, windows, strict=True):
            used, ends_s = self._local.get(key, (0, 0))
            if used >= window.cost:
                self._local[key] = (used - window.cost, ends_s)

    async def used(self, windows: Sequence[Window]) -> list[int]:
        """What each window has used, with nothing taken. Costs and limits do not matter."""
        keys = [_key(window, self.now_s()) for window in windows]
        client = self._redis.client
        shared = None if client is None else await self._redis.ask(client.mget, keys)
        if shared is None:
            return [self._local.get(key, (0, 0))[0] for key in keys]
        return [int(count or 0) for count in shared]

    async def _take_shared(
        self, keys: list[str], windows: Sequence[Window], always: int, memory_key: str
    ) -> _Counted | None:
        if self._script is None:
            return None
        arguments = [n for w in windows for n in (w.cost, w.limit, w.seconds)]
        answer = await self._redis.ask(
            self._script, keys=[*keys, memory_key], args=[*arguments, always]
        )
        if answer is None:
            return None
        full, used_there, remembered, *used = answer
        return _Counted(int(full), int(used_there), remembered or None, [int(n) for n in used])

    def _take_local(
        self, keys: list[str], windows: Sequence[Window], always: int, now_s: int
    ) -> _Counted:
        """The same in this process, which remembers no answers."""
        taken: list[int] = []
        for first, last in ((0, always), (always, len(windows))):
            for i in range(first, last):
                used = self._local.get(keys[i], (0, 0))[0]
                if used + windows[i].cost > windows[i].limit:
                    return _Counted(i + 1, used, None, taken)
            for key, window in zip(keys[first:last], windows[first:last], strict=True):
                used = self._local.get(key, (0, 0))[0] + window.cost
                self._local[key] = (used, now_s + window.seconds)
                taken.append(used)
        if len(self._local) > LOCAL_WINDOWS_MAX:
            self._local = {k: v for k, v in self._local.items() if v[1] > now_s}
        return _Counted(0, 0, None, taken)


def _key(window: Window, now_s: int) -> str:
    return f"limit:{window.name}:{window.subject}:{now_s // window.seconds}"
