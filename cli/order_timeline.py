"""The timeline of one order: entries of all its witnesses, merged by time. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from contracts.amounts import amount_text

SEEN: Final = ("engine", "wallet", "orders", "workflow", "audit")
"""Where an entry was seen; within one millisecond in this order, from cause to record."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to the order. `since_ms` counts from the first entry."""

    at_ms: int
    seen: str
    kind: str
    what: str
    facts: dict[str, Any] = {}
    at: str = ""
    since_ms: int = 0


def merge(groups: Iterable[Sequence[Entry]]) -> list[Entry]:
    """All entries by time; a group keeps its own order where the time is the same."""
    found = [entry for group in groups for entry in group]
    found.sort(key=lambda entry: (entry.at_ms, entry.kind != "ACCEPTED", SEEN.index(entry.seen)))
    return [
        msgspec.structs.replace(e, at=iso(e.at_ms), since_ms=e.at_ms - found[0].at_ms)
        for e in found
    ]


def iso(at_ms: int) -> str:
    """UTC with milliseconds."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain(amount: Decimal) -> str:
    """Without the zeros that people need not read."""
    text = amount_text(amount)
    return text.rstrip("0").rstrip(".")
