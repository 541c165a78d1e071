"""The order in which a side's price levels are visited."""

from collections.abc import Iterator
from typing import Protocol

from sortedcontainers import SortedList


class PriceIndex(Protocol):
    """Distinct signed price keys; the greatest is the best price of its side."""

    def add(self, key: int) -> None: ...

    def remove(self, key: int) -> None:
        """Raises ValueError where the key is not present."""

    def greatest(self) -> int | None:
        """The best key, or None where the side is empty."""

    def descending(self) -> list[int]:
        """All keys, best first."""

    def best_first(self) -> Iterator[int]:
        """The keys one by one, best first. They must not change meanwhile."""


class SortedPriceIndex:
    """Keys in a sortedcontainers list: its cost hardly grows with the number of levels."""

    __slots__ = ("_keys",)

    def __init__(self) -> None:
        self._keys: SortedList[int] = SortedList()

    def add(self, key: int) -> None:
        self._keys.add(key)

    def remove(self, key: int) -> None:
        self._keys.remove(key)

    def greatest(self) -> int | None:
        return self._keys[-1] if self._keys else None

    def descending(self) -> list[int]:
        return list(reversed(self._keys))

    def best_first(self) -> Iterator[int]:
        return iter(reversed(self._keys))
