"""A small memory of recent look-ups: bounded in size, forgotten after seconds."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Keeps at most `size_max` values, each for `ttl_s`; the least recently stored goes first."""

    def __init__(
        self, size_max: int, ttl_s: float, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._size_max = size_max
        self._ttl_s = ttl_s
        self._clock_s = clock_s
        self._values: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, key: str) -> T | None:
        """The value, unless it is unknown or too old."""
        found = self._values.get(key)
        if found is None:
            return None
        good_until_s, value = found
        if good_until_s <= self._clock_s():
            del self._values[key]
            return None
        return value

    def put(self, key: str, value: T) -> None:
        """Remember a value from now on."""
        self._values[key] = (self._clock_s() + self._ttl_s, value)
        self._values.move_to_end(key)
        if len(self._values) > self._size_max:
            self._values.popitem(last=False)

    def forget(self, key: str) -> None:
        """Drop a value that has changed."""
        self._values.pop(key, None)
