"""Compares two graphs of plain objects, whatever attributes they have."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from sortedcontainers import SortedList

PLAIN = (int, str, bytes, type(None))


def difference(one: object, other: object) -> str | None:
    """Where two object graphs differ, by path; None where they are the same.

    Objects are compared by their `__slots__`, with their links: two that are one object on one
    side must be one object on the other. Mappings are compared without regard to order.
    """
    waiting: list[tuple[str, Any, Any]] = [("", one, other)]
    partner: dict[int, int] = {}
    while waiting:
        path, a, b = waiting.pop()
        if type(a) is not type(b):
            return f"{path}: {a!r} and {b!r}"
        if isinstance(a, PLAIN):
            if a != b:
                return f"{path}: {a!r} and {b!r}"
            continue
        if id(a) in partner:
            if partner[id(a)] != id(b):
                return f"{path}: linked differently"
            continue
        partner[id(a)] = id(b)
        members = _members(a), _members(b)
        if members[0].keys() != members[1].keys():
            return f"{path}: {sorted(map(str, members[0].keys() ^ members[1].keys()))}"
        waiting.extend((f"{path}.{k}", members[0][k], members[1][k]) for k in members[0])
    return None


def _members(value: Any) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Set):
        return {item: item for item in value}
    if isinstance(value, Sequence | SortedList):
        return dict(enumerate(value))
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    if not slots:
        raise TypeError(f"{type(value).__name__}: how is it to be compared?")
    return {name: getattr(value, name, "(not set)") for name in slots}
