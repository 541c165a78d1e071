"""From a message on Kafka to lines of the audit trail. Pure: bytes in, documents out.

The payload is the decoded contract and nothing else. No contract holds a password, a token or
an API secret, so none can come here.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET

from audit.line import Actor, AuditLine, Metadata, Outcome, Resource
from contracts.identity import IdentityEvent, LoginFailed, LoginSucceeded
from contracts.matching import (
    AmendRejected,
    CancelRejected,
    CommandRejected,
    EngineEvent,
    MatchPrevented,
    OrderBatch,
    OrderEvent,
    OrderRejected,
    SubmitIndeterminate,
)
from contracts.message import MalformedMessage, Message, decode
from contracts.orders import OrderFinalized, OrderStatus
from contracts.topology import IDENTITY_EVENTS, ORDERS_AUDIT, ORDERS_EVENTS, WALLET_EVENTS
from contracts.wallet import HOUSE_USER_ID, TransferRecorded

TOPICS: Final = (ORDERS_EVENTS, ORDERS_AUDIT, WALLET_EVENTS, IDENTITY_EVENTS)
_FAILURES: Final = (OrderRejected, CancelRejected, AmendRejected, CommandRejected)
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


class Record(NamedTuple):
    """A message and its place in the log."""

    topic: str
    partition: int
    offset: int
    value: bytes


class _Line(NamedTuple):
    at_ms: int
    actor: Actor
    action: str
    resource: Resource
    payload: object
    outcome: Outcome


def lines(record: Record, now_ms: int, unaudited: frozenset[str] = frozenset()) -> list[AuditLine]:
    """The lines that one message gives; an unreadable message gives one that says so.

    What orders do in the markets `unaudited`, which are nobody's, gives none.
    """
    try:
        found = list(_READERS[record.topic](record.value))
    except MalformedMessage as error:
        found = [_malformed(record, str(error), now_ms)]
    return [
        _document(record, n, line, now_ms)
        for n, line in enumerate(found)
        if getattr(line.payload, "symbol", None) not in unaudited
    ]


def action_of(kind: type) -> str:
    """`OrderFilled` → `ORDER_FILLED`."""
    return _WORD.sub("_", kind.__name__).upper()


def _order_events(value: bytes) -> Iterator[_Line]:
    batch: OrderBatch = decode(value, OrderBatch)
    for entry in batch.entries:
        for event in entry.events:
            yield _engine_event(event, entry.at_ms)


def _engine_event(event: EngineEvent, at_ms: int) -> _Line:
    outcome = Outcome.FAILURE if isinstance(event, _FAILURES) else Outcome.SUCCESS
    match event:
        case OrderEvent():
            actor, resource = _user(event.user_id), _order(event.order_id)
        case MatchPrevented():
            actor, resource = _user(event.user_id), _order(event.taker_order_id)
        case CancelRejected() | AmendRejected() | SubmitIndeterminate():
            actor, resource = Actor(), _order(event.order_id)
        case _:
            actor, resource = _operator(event), Resource(type="MARKET", id=event.symbol)
    return _Line(at_ms, actor, action_of(type(event)), resource, event, outcome)


def _finalized(value: bytes) -> Iterator[_Line]:
    event: OrderFinalized = decode(value, OrderFinalized)
    yield _Line(
        event.at_ms,
        _user(event.user_id),
        action_of(type(event)),
        _order(event.order_id),
        event,
        Outcome.FAILURE if event.status is OrderStatus.REJECTED else Outcome.SUCCESS,
    )


def _transfers(value: bytes) -> Iterator[_Line]:
    """One line for each user whose money moved."""
    event: TransferRecorded = decode(value, TransferRecorded)
    users = dict.fromkeys(p.user_id for p in event.postings if p.user_id != HOUSE_USER_ID)
    for user_id in users:
        yield _Line(
            event.at_ms,
            _user(user_id),
            f"FUNDS_{event.reference_type}",
            Resource(type="TRANSFER", id=str(event.transfer_id)),
            event,
            Outcome.SUCCESS,
        )


def _identity(value: bytes) -> Iterator[_Line]:
    event: IdentityEvent = decode(value, IdentityEvent)
    session = event.session_id if isinstance(event, LoginSucceeded) else None
    user_id = str(event.user_id) if event.user_id != HOUSE_USER_ID else None
    yield _Line(
        event.at_ms,
        Actor(user_id=user_id, ip=event.ip, session_id=session),
        action_of(type(event)),
        Resource(type="USER", id=user_id or "unknown"),
        event,
        Outcome.FAILURE if isinstance(event, LoginFailed) else Outcome.SUCCESS,
    )


_READERS: Final[dict[str, Callable[[bytes], Iterator[_Line]]]] = {
    ORDERS_EVENTS: _order_events,
    ORDERS_AUDIT: _finalized,
    WALLET_EVENTS: _transfers,
    IDENTITY_EVENTS: _identity,
}


def _malformed(record: Record, reason: str, now_ms: int) -> _Line:
    facts = {
        "reason": reason,
        "bytes": len(record.value),
        "sha256": sha256(record.value).hexdigest(),
    }
    place = Resource(type="MESSAGE", id=f"{record.topic}:{record.partition}:{record.offset}")
    return _Line(now_ms, Actor(), "MALFORMED_MESSAGE", place, facts, Outcome.FAILURE)


def _order(order_id: int) -> Resource:
    return Resource(type="ORDER", id=str(order_id))


def _operator(event: EngineEvent) -> Actor:
    """Who asked for what was done to a market; the exchange itself names nobody."""
    user_id = getattr(event, "by_user_id", UNSET)
    return Actor() if user_id is UNSET else _user(user_id)


def _user(user_id: int) -> Actor:
    return Actor(user_id=str(user_id))


def _document(record: Record, n: int, line: _Line, now_ms: int) -> AuditLine:
    payload = msgspec.to_builtins(
        line.payload, str_keys=True, enc_hook=str if isinstance(line.payload, Message) else None
    )
    return AuditLine(
        id=f"{record.topic}:{record.partition}:{record.offset}:{n}",
        timestamp=datetime.fromtimestamp(line.at_ms / 1000, UTC),
        actor=line.actor,
        action=line.action,
        resource=line.resource,
        payload=payload,
        outcome=line.outcome,
        metadata=Metadata(
            latency_ms=max(0, now_ms - line.at_ms), node_id=f"{record.topic}-{record.partition}"
        ),
    )
