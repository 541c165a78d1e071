"""A chain tells of every document that was changed, removed, moved or put in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import bson
import pytest
from bson.codec_options import CodecOptions

from audit.chain import NOTHING, Head, hash_of, sealed, source_of, verify
from audit.line import Actor, AuditLine, Metadata, Outcome, Resource

SOURCE = "orders.events:3"
READ = CodecOptions[dict[str, Any]](tz_aware=True)


def line(offset: int) -> AuditLine:
    return AuditLine(
        id=f"{SOURCE}:{offset}:0",
        timestamp=datetime(2027, 1, 15, 8, 0, 0, 123_456, tzinfo=UTC),
        actor=Actor(user_id="7"),
        action="ORDER_ACCEPTED",
        resource=Resource(type="ORDER", id="41"),
        payload={"quantity": "0.50000000", "order_id": 2**53 + offset, "note": "größer"},
        outcome=Outcome.SUCCESS,
        metadata=Metadata(latency_ms=3, node_id="orders.events-3"),
    )


def chain(length: int = 5) -> list[dict[str, Any]]:
    """What the trail holds of a source, as MongoDB gives it back."""
    head, made = Head.before(SOURCE), []
    for offset in range(length):
        document, head = sealed(line(offset).as_stored(), head)
        made.append(bson.decode(bson.encode(document), READ))
    return made


def test_documents_that_come_back_from_mongodb_are_an_intact_chain() -> None:
    documents = chain()
    verdict = verify(documents, Head.before(SOURCE))
    assert (verdict.records, verdict.broken) == (5, None)
    assert verdict.head == Head(SOURCE, 5, documents[-1]["hash"])
    assert documents[0]["previous"] == NOTHING
    assert [d["previous"] for d in documents[1:]] == [d["hash"] for d in documents[:-1]]


def test_a_chain_is_verified_in_parts() -> None:
    documents = chain()
    first = verify(documents[:2], Head.before(SOURCE))
    assert verify(documents[2:], first.head) == verify(documents, Head.before(SOURCE))._replace(
        records=3
    )


@dataclass
class Tampering:
    what: str
    at: int
    field: str
    do: Callable[[list[dict[str, Any]]], object]


def changed_and_sealed_again(documents: list[dict[str, Any]]) -> None:
    documents[2]["payload"]["quantity"] = "9.00000000"
    documents[2]["hash"] = hash_of(documents[2])


def inserted(documents: list[dict[str, Any]]) -> None:
    forged, _ = sealed(line(99).as_stored(), Head(SOURCE, 2, documents[1]["hash"]))
    documents.insert(2, forged)


def swapped(documents: list[dict[str, Any]]) -> None:
    documents[1], documents[2] = documents[2], documents[1]
    documents[1]["position"], documents[2]["position"] = 2, 3


def renamed(documents: list[dict[str, Any]]) -> None:
    documents[2]["_id"] = "orders.audit:3:2:0"


TAMPERING = [
    Tampering("changed", 3, "hash", lambda d: d[2]["actor"].update(user_id="8")),
    Tampering("a time changed", 3, "hash", lambda d: d[2].update(timestamp=datetime.now(UTC))),
    Tampering("a field added", 3, "hash", lambda d: d[2].update(comment="fine")),
    Tampering("changed, its hash too", 4, "previous", changed_and_sealed_again),
    Tampering("removed", 3, "position", lambda d: d.pop(2)),
    Tampering("the first removed", 1, "position", lambda d: d.pop(0)),
    Tampering("reordered", 2, "previous", swapped),
    Tampering("inserted", 4, "position", inserted),
    Tampering("of another source", 3, "source", renamed),
    Tampering("its hash lost", 3, "hash", lambda d: d[2].pop("hash")),
]


@pytest.mark.parametrize("tampering", TAMPERING, ids=lambda t: t.what)
def test_tampering_breaks_the_chain_where_it_was_done(tampering: Tampering) -> None:
    documents = chain()
    tampering.do(documents)
    verdict = verify(documents, Head.before(SOURCE))
    assert verdict.broken is not None
    assert (verdict.broken.position, verdict.broken.what) == (tampering.at, tampering.field)
    assert verdict.records == tampering.at - 1
    assert verdict.broken.expected != verdict.broken.found


def test_the_break_says_what_was_expected_and_what_was_found() -> None:
    documents = chain()
    stored = documents[1]["hash"]
    documents[1]["action"] = "ORDER_REJECTED"
    broken = verify(documents, Head.before(SOURCE)).broken
    assert broken is not None
    assert (broken.source, broken.id, broken.expected, broken.found) == (
        SOURCE,
        f"{SOURCE}:1:0",
        hash_of(documents[1]),
        stored,
    )


def test_the_hash_can_be_repeated_by_anybody() -> None:
    """The reference says how: this is that recipe, on a document written by hand."""
    document = {"_id": "a.b:0:0:0", "timestamp": datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)}
    expected = sha256(b'{"_id":"a.b:0:0:0","timestamp":1000}').hexdigest()
    assert hash_of(document) == expected
    naive = {**document, "timestamp": datetime(1970, 1, 1, 0, 0, 1)}  # noqa: DTZ001
    assert hash_of(naive) == expected


def test_ids_name_their_source() -> None:
    assert source_of("wallet.events:7:1042:3") == "wallet.events:7"
