"""The hash chains of the trail: each document names the hash of the one before it. Pure.

There is one chain for each source, a partition of a topic. A document's hash is taken over
everything it holds, its place in the chain and the hash before it included. Who changes, removes,
moves or inserts a document breaks every hash after it. Only the newest documents of a chain can
be cut off unseen: keep the heads that a verification names, and ask whether they are still there.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

NOTHING: Final = "0" * 64
"""What stands before a chain's first document."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)

Document = Mapping[str, Any]


class Head(NamedTuple):
    """The last document of a chain, as far as it is known. Positions count from 1."""

    source: str
    position: int
    hash: str

    @classmethod
    def before(cls, source: str) -> "Head":
        """The head of a chain that has not begun."""
        return cls(source, 0, NOTHING)


class Break(NamedTuple):
    """Where a chain does not hold: what should have stood there, and what does."""

    source: str
    position: int
    id: str
    what: str
    expected: str
    found: str


class Verdict(NamedTuple):
    """What a part of a chain is worth: its records up to the first break, and where it ends."""

    records: int
    head: Head
    broken: Break | None


def source_of(id_: str) -> str:
    """`orders.events:3:1042:0` → `orders.events:3`: ids begin with topic and partition."""
    return ":".join(id_.split(":", 2)[:2])


def sealed(document: dict[str, Any], head: Head) -> tuple[dict[str, Any], Head]:
    """The document as the next one after `head`, and the head that it makes."""
    placed = {
        **document,
        "source": head.source,
        "position": head.position + 1,
        "previous": head.hash,
    }
    hash_ = hash_of(placed)
    return {**placed, "hash": hash_}, Head(head.source, head.position + 1, hash_)


def hash_of(document: Document) -> str:
    """SHA-256 of the document without its own hash: JSON, keys sorted, no blanks, times in ms."""
    content = {name: value for name, value in document.items() if name != "hash"}
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def verify(documents: Iterable[Document], head: Head) -> Verdict:
    """Follow one chain from `head` on, through its documents by position. Stops at a break."""
    records = 0
    for document in documents:
        broken = _break(document, head)
        if broken is not None:
            return Verdict(records, head, broken)
        records += 1
        head = Head(head.source, head.position + 1, str(document["hash"]))
    return Verdict(records, head, None)


def _break(document: Document, head: Head) -> Break | None:
    id_, position = str(document.get("_id")), document.get("position")
    checks = (
        ("position", str(head.position + 1), str(position)),
        ("source", source_of(id_), str(document.get("source"))),
        ("previous", head.hash, str(document.get("previous"))),
        ("hash", hash_of(document), str(document.get("hash"))),
    )
    for what, expected, found in checks:
        if expected != found:
            return Break(head.source, head.position + 1, id_, what, expected, found)
    return None


def _plain(value: object) -> object:
    """What JSON lacks. MongoDB keeps times to the millisecond."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return (aware - _EPOCH) // _MS
    return f"{type(value).__name__}:{value}"
