"""What rows, ledger, engine and audit tell of one order, as entries of its timeline. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from audit.line import AuditLine
from cli.order_timeline import Entry, plain
from contracts.conversions import fill, order_state
from contracts.instruments import Instrument
from contracts.matching import AnyOrderEvent, CancelRejected, OrderFilled
from contracts.orders import Fill
from contracts.wallet import HOUSE_USER_ID, ReferenceType
from orders.tables import OrderRow
from wallet.queries import PostingView


class EngineFact(NamedTuple):
    """One event of the order, and the input offset and log time that it came from."""

    offset: int
    at_ms: int
    event: AnyOrderEvent | CancelRejected


def from_row(row: OrderRow, fills: Sequence[Fill]) -> list[Entry]:
    """The order row: when it was accepted, its fills, and how it stands since its last change."""
    last = f"the row is {row.status}, {plain(row.filled_quantity)} filled"
    if row.refusal is not None:
        last += f", refused: {row.refusal}"
    accepted = Entry(
        at_ms=row.accepted_at_ms,
        seen="orders",
        kind="ACCEPTED",
        what=f"{row.side} {plain(row.quantity)} {row.symbol} at {plain(row.price)},"
        f" user {row.user_id}, client id {row.client_order_id}",
        facts={
            "order_id": row.order_id,
            "user_id": row.user_id,
            "symbol": row.symbol,
            "client_order_id": row.client_order_id,
            "correlation_id": row.correlation_id,
        },
    )
    standing = Entry(
        at_ms=row.updated_at_ms,
        seen="orders",
        kind="STATUS",
        what=last + (", finalized" if row.finalized else ", not finalized"),
        facts={
            "status": row.status,
            "refusal": row.refusal,
            "engine_sequence": row.engine_sequence,
            "filled_quantity": str(row.filled_quantity),
            "filled_quote": str(row.filled_quote),
            "commission": str(row.commission),
            "finalized": row.finalized,
        },
    )
    return [accepted, *(_from_fill(one) for one in fills), standing]


def _from_fill(one: Fill) -> Entry:
    role = "maker" if one.is_maker else "taker"
    return Entry(
        at_ms=one.executed_at_ms,
        seen="orders",
        kind="FILL",
        what=f"fill {one.trade_id}: {plain(one.quantity)} at {plain(one.price)} as {role},"
        f" commission {plain(one.commission)} {one.commission_asset}",
        facts={
            "trade_id": one.trade_id,
            "price": str(one.price),
            "quantity": str(one.quantity),
            "quote_quantity": str(one.quote_quantity),
        },
    )


def from_postings(postings: Iterable[PostingView], user_id: int) -> list[Entry]:
    """One entry for each transfer, with all its lines: the order's, the others', the house's."""
    transfers: dict[str, dict[int, PostingView]] = {}
    for row in postings:
        transfers.setdefault(str(row.transfer_id), {})[row.posting_id] = row
    return [
        _from_transfer([rows[key] for key in sorted(rows)], user_id) for rows in transfers.values()
    ]


def _from_transfer(rows: list[PostingView], user_id: int) -> Entry:
    first = rows[0]
    lines = ", ".join(
        f"{_who(row.user_id, user_id)}{row.account} {_signed(row)} {row.currency}" for row in rows
    )
    trade = f" {first.reference_id}" if first.reference_type is ReferenceType.TRADE else ""
    return Entry(
        at_ms=first.at_ms,
        seen="wallet",
        kind=first.reference_type.value,
        what=f"{first.reference_type}{trade}: {lines}",
        facts={
            "transfer_id": str(first.transfer_id),
            "reference_id": first.reference_id,
            "postings": [
                {
                    "posting_id": row.posting_id,
                    "user_id": row.user_id,
                    "order_id": row.order_id,
                    "account": row.account.value,
                    "amount": str(row.amount),
                    "currency": row.currency,
                }
                for row in rows
            ],
        },
    )


def from_engine(found: Iterable[EngineFact], instrument: Instrument) -> list[Entry]:
    """The engine's events in the order of its log."""
    return [_from_event(fact, instrument) for fact in found]


def _from_event(fact: EngineFact, instrument: Instrument) -> Entry:
    event, facts = fact.event, {"offset": fact.offset}
    kind = type(event).__name__
    if isinstance(event, CancelRejected):
        what = f"{kind}: {event.refusal}; should the order come, it is refused"
        return Entry(at_ms=fact.at_ms, seen="engine", kind=kind, what=what, facts=facts)
    state = order_state(event, instrument, fact.at_ms)
    cause = "its own command" if event.own else f"order {event.caused_by}"
    what = f"event {event.sequence} {kind}: {event.status}, {plain(state.filled_quantity)} filled"
    more: dict[str, Any] = {
        "sequence": event.sequence,
        "status": event.status.value,
        "filled_quantity": str(state.filled_quantity),
        "caused_by": event.caused_by,
        "refusal": state.refusal,
    }
    if isinstance(event, OrderFilled):
        one = fill(event, instrument, fact.at_ms)
        what += f", trade {one.trade_id}: {plain(one.quantity)} at {plain(one.price)}"
        more["trade_id"] = one.trade_id
    if state.refusal is not None:
        what += f", refused: {state.refusal}"
    what += f" (by {cause}, log offset {fact.offset})"
    return Entry(at_ms=fact.at_ms, seen="engine", kind=kind, what=what, facts=facts | more)


def from_audit(lines: Iterable[AuditLine]) -> list[Entry]:
    """The trail's lines, when they were written."""
    return [
        Entry(
            at_ms=round(line.timestamp.timestamp() * 1000) + line.metadata.latency_ms,
            seen="audit",
            kind=line.action,
            what=f"{line.action} {line.outcome} written,"
            f" {line.metadata.latency_ms} ms after it happened",
            facts={
                "id": line.id,
                "outcome": line.outcome.value,
                "user_id": line.actor.user_id,
                "resource": f"{line.resource.type}:{line.resource.id}",
            },
        )
        for line in lines
    ]


def _who(user_id: int, owner: int) -> str:
    if user_id == owner:
        return ""
    return "house " if user_id == HOUSE_USER_ID else f"user {user_id} "


def _signed(row: PostingView) -> str:
    return f"{'+' if row.amount > 0 else ''}{plain(row.amount)}"
