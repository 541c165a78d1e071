"""Each message becomes the lines that compliance will look for."""

from typing import Any
from uuid import uuid4

import pytest

from audit.line import Outcome
from audit.recorder import TOPICS, Record, action_of, lines
from contracts.amounts import Amount
from contracts.identity import ApiKeyCreated, LoginFailed, LoginSucceeded
from contracts.matching import (
    AmendRejected,
    BandSet,
    CommandRejected,
    MarketHalted,
    MarketResumed,
    MatchPrevented,
    OrderAccepted,
    OrderBatch,
    OrderEntry,
    OrderRejected,
    SubmitIndeterminate,
)
from contracts.message import encode
from contracts.orders import OrderFinalized, OrderStatus, Refusal, SelfTradePrevention
from contracts.topology import IDENTITY_EVENTS, ORDERS_AUDIT, ORDERS_EVENTS, WALLET_EVENTS
from contracts.wallet import Account, PostingRecorded, ReferenceType, TransferRecorded

NOW_MS = 1_800_000_000_250
AT_MS = 1_800_000_000_000


def order_batch() -> bytes:
    facts: dict[str, Any] = {
        "symbol": "BTCUSDT",
        "user_id": 7,
        "sequence": 1,
        "quantity_lots": 5,
        "filled_lots": 0,
        "filled_quote_e8": 0,
        "commission_e8": 0,
    }
    accepted = OrderAccepted(order_id=41, caused_by=41, status=OrderStatus.OPEN, **facts)
    rejected = OrderRejected(
        order_id=42,
        caused_by=42,
        status=OrderStatus.REJECTED,
        refusal=Refusal.MARKET_CLOSED,
        **facts,
    )
    halted = MarketHalted(symbol="BTCUSDT", reason="maintenance")
    entries = tuple(
        OrderEntry(offset=n, command_id=uuid4(), at_ms=AT_MS, hash="h", events=events)
        for n, events in enumerate([(accepted,), (rejected, halted)])
    )
    return encode(OrderBatch(partition=3, entries=entries))


def test_every_order_event_is_a_line_with_its_own_id() -> None:
    made = lines(Record(ORDERS_EVENTS, 3, 17, order_batch()), NOW_MS)
    assert [(m.id, m.action, m.outcome) for m in made] == [
        ("orders.events:3:17:0", "ORDER_ACCEPTED", Outcome.SUCCESS),
        ("orders.events:3:17:1", "ORDER_REJECTED", Outcome.FAILURE),
        ("orders.events:3:17:2", "MARKET_HALTED", Outcome.SUCCESS),
    ]
    assert (made[0].actor.user_id, made[0].resource.type, made[0].resource.id) == (
        "7",
        "ORDER",
        "41",
    )
    assert made[1].payload["symbol"] == "BTCUSDT"
    assert (made[0].metadata.latency_ms, made[0].metadata.node_id) == (250, "orders.events-3")
    assert made[0].timestamp.isoformat() == "2027-01-15T08:00:00+00:00"
    assert made[2].actor.user_id is None


def test_what_is_done_to_a_market_names_who_asked() -> None:
    asked = (
        MarketHalted(symbol="BTCUSDT", reason="drill", by_user_id=7),
        MarketResumed(symbol="BTCUSDT", by_user_id=7),
        BandSet(symbol="BTCUSDT", by_user_id=7),
        CommandRejected(symbol="NOPE", refusal=Refusal.UNKNOWN_SYMBOL, by_user_id=7),
        MarketResumed(symbol="BTCUSDT"),
    )
    entry = OrderEntry(offset=1, command_id=uuid4(), at_ms=AT_MS, hash="h", events=asked)
    batch = encode(OrderBatch(partition=3, entries=(entry,)))
    made = lines(Record(ORDERS_EVENTS, 3, 17, batch), NOW_MS)
    assert [(line.action, line.actor.user_id, line.resource.id) for line in made] == [
        ("MARKET_HALTED", "7", "BTCUSDT"),
        ("MARKET_RESUMED", "7", "BTCUSDT"),
        ("BAND_SET", "7", "BTCUSDT"),
        ("COMMAND_REJECTED", "7", "NOPE"),
        ("MARKET_RESUMED", None, "BTCUSDT"),
    ]


def test_events_about_an_order_name_it_and_its_user_where_they_know_him() -> None:
    prevented = MatchPrevented(
        symbol="BTCUSDT",
        prevented_match_id=1,
        user_id=7,
        taker_order_id=41,
        maker_order_id=40,
        mode=SelfTradePrevention.EXPIRE_TAKER,
        price_ticks=10_000,
        taker_prevented_lots=5,
        maker_prevented_lots=0,
    )
    not_amended = AmendRejected(symbol="BTCUSDT", order_id=42, refusal=Refusal.INVALID_AMENDMENT)
    too_old = SubmitIndeterminate(symbol="BTCUSDT", order_id=43)
    events = (prevented, not_amended, too_old)
    entry = OrderEntry(offset=0, command_id=uuid4(), at_ms=AT_MS, hash="h", events=events)
    message = encode(OrderBatch(partition=3, entries=(entry,)))
    made = lines(Record(ORDERS_EVENTS, 3, 17, message), NOW_MS)
    assert [(m.action, m.resource.id, m.actor.user_id, m.outcome) for m in made] == [
        ("MATCH_PREVENTED", "41", "7", Outcome.SUCCESS),
        ("AMEND_REJECTED", "42", None, Outcome.FAILURE),
        ("SUBMIT_INDETERMINATE", "43", None, Outcome.SUCCESS),
    ]
    assert {m.resource.type for m in made} == {"ORDER"}


def test_the_same_message_gives_the_same_lines() -> None:
    value = order_batch()
    record = Record(ORDERS_EVENTS, 3, 17, value)
    assert lines(record, NOW_MS) == lines(record, NOW_MS)


def test_a_trade_is_a_line_for_each_of_its_two_users_and_none_for_the_house() -> None:
    def posting(user_id: int, amount: str) -> PostingRecorded:
        return PostingRecorded(
            user_id=user_id, currency="BTC", account=Account.AVAILABLE, amount=Amount(amount)
        )

    transfer = TransferRecorded(
        message_id=uuid4(),
        transfer_id=uuid4(),
        reference_type=ReferenceType.TRADE,
        reference_id="BTCUSDT:56",
        postings=(posting(7, "1"), posting(8, "-1.00000001"), posting(0, "0.00000001")),
        at_ms=AT_MS,
        correlation_id="c",
    )
    made = lines(Record(WALLET_EVENTS, 0, 1, encode(transfer)), NOW_MS)
    assert [(m.actor.user_id, m.action) for m in made] == [
        ("7", "FUNDS_TRADE"),
        ("8", "FUNDS_TRADE"),
    ]
    assert made[0].payload["postings"][2]["amount"] == "0.00000001"


def test_logins_carry_where_they_came_from() -> None:
    good = LoginSucceeded(
        message_id=uuid4(), user_id=7, session_id="s", at_ms=AT_MS, ip="192.0.2.1"
    )
    bad = LoginFailed(message_id=uuid4(), user_id=0, username="x", at_ms=AT_MS, ip="192.0.2.1")
    key = ApiKeyCreated(
        message_id=uuid4(), user_id=7, api_key="k", label="l", at_ms=AT_MS, ip="192.0.2.1"
    )
    made = [
        lines(Record(IDENTITY_EVENTS, 0, n, encode(e)), NOW_MS)[0]
        for n, e in enumerate((good, bad, key))
    ]
    assert [(m.action, m.outcome) for m in made] == [
        ("LOGIN_SUCCEEDED", Outcome.SUCCESS),
        ("LOGIN_FAILED", Outcome.FAILURE),
        ("API_KEY_CREATED", Outcome.SUCCESS),
    ]
    assert (made[0].actor.ip, made[0].actor.session_id) == ("192.0.2.1", "s")
    assert made[1].actor.user_id is None


def test_a_rejected_order_is_a_failure_of_its_symbol() -> None:
    event = OrderFinalized(
        message_id=uuid4(),
        order_id=41,
        user_id=7,
        symbol="BTCUSDT",
        status=OrderStatus.REJECTED,
        filled_quantity=Amount(0),
        filled_quote=Amount(0),
        refusal=Refusal.INSUFFICIENT_FUNDS,
        at_ms=AT_MS,
        correlation_id="c",
    )
    (made,) = lines(Record(ORDERS_AUDIT, 0, 0, encode(event)), NOW_MS)
    assert (made.outcome, made.payload["symbol"]) == (Outcome.FAILURE, "BTCUSDT")
    assert made.payload["refusal"] == "INSUFFICIENT_FUNDS"


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("value", [b"", b"{}", b"\xff", b'{"type":"Stranger"}'])
def test_an_unreadable_message_is_recorded_as_such(topic: str, value: bytes) -> None:
    (made,) = lines(Record(topic, 0, 5, value), NOW_MS)
    assert (made.action, made.resource.id) == ("MALFORMED_MESSAGE", f"{topic}:0:5")
    assert made.payload["bytes"] == len(value)


def test_actions_are_the_names_of_the_events() -> None:
    assert action_of(ApiKeyCreated) == "API_KEY_CREATED"
