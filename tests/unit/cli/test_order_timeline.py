"""The timeline of one order: what is told, by whom, in which order."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from audit.line import Actor, AuditLine, Metadata, Outcome, Resource
from cli.order_entries import EngineFact, from_audit, from_engine, from_postings, from_row
from cli.order_timeline import Entry, merge
from config.markets import load_markets
from contracts.amounts import Amount
from contracts.matching import CancelRejected, OrderAccepted, OrderFilled
from contracts.orders import Fill, OrderStatus, Refusal, Side
from contracts.wallet import Account, ReferenceType
from orders.tables import OrderRow
from wallet.queries import PostingView

T = 1_795_382_522_708
ORDER, BUYER, SELLER = 244502211407360, 2, 3


def entry(at_ms: int, seen: str, kind: str = "X", what: str = "") -> Entry:
    return Entry(at_ms=at_ms, seen=seen, kind=kind, what=what)


def row(**changes: Any) -> OrderRow:
    facts: dict[str, Any] = {
        "order_id": ORDER,
        "user_id": BUYER,
        "client_order_id": "mine",
        "body_hash": "h",
        "symbol": "BTCUSDT",
        "side": "BUY",
        "order_type": "LIMIT",
        "time_in_force": "GTC",
        "price": Amount("60000"),
        "quantity": Amount("0.5"),
        "filled_quantity": Amount("0.5"),
        "status": "FILLED",
        "finalized": True,
        "accepted_at_ms": T,
        "updated_at_ms": T + 30,
        "correlation_id": "c",
    }
    return OrderRow(**{**facts, **changes})


def posting(n: int, transfer: int, user: int, amount: str, kind: ReferenceType) -> PostingView:
    return PostingView(
        posting_id=n,
        transfer_id=UUID(int=transfer),
        user_id=user,
        currency="USDT",
        account=Account.FEES if user == 0 else Account.AVAILABLE,
        amount=Amount(amount),
        reference_type=kind,
        reference_id="BTCUSDT:7" if kind is ReferenceType.TRADE else str(ORDER),
        order_id=ORDER if user == BUYER else None,
        correlation_id="c",
        at_ms=T + transfer,
    )


def test_entries_are_sorted_by_time_and_counted_from_the_first() -> None:
    found = merge([[entry(T + 5, "workflow")], [entry(T, "orders"), entry(T + 9, "orders")], []])
    assert [one.since_ms for one in found] == [0, 5, 9]
    assert [one.at for one in found][:1] == ["2026-11-22T21:22:02.708Z"]


def test_within_a_millisecond_the_cause_comes_first() -> None:
    groups = [[entry(T, seen)] for seen in ("audit", "workflow", "orders", "engine", "wallet")]
    accepted = [entry(T, "orders", "ACCEPTED")]
    found = merge([*groups, accepted])
    assert found[0].kind == "ACCEPTED"
    assert [one.seen for one in found[1:]] == ["engine", "wallet", "orders", "workflow", "audit"]


def test_a_group_keeps_its_order_within_a_millisecond() -> None:
    told = [entry(T, "engine", what=str(n)) for n in range(20)]
    assert [one.what for one in merge([told])] == [str(n) for n in range(20)]


def test_nothing_is_an_empty_timeline() -> None:
    assert merge([[], []]) == []


def test_row_tells_who_what_fills_and_how_it_stands() -> None:
    one = Fill(
        trade_id=7,
        price=Amount("59900"),
        quantity=Amount("0.5"),
        quote_quantity=Amount("29950"),
        commission=Amount("0.0005"),
        commission_asset="BTC",
        is_maker=False,
        executed_at_ms=T + 20,
    )
    accepted, filled, standing = from_row(row(), [one])
    assert accepted.what == "BUY 0.5 BTCUSDT at 60000, user 2, client id mine"
    assert filled.what == "fill 7: 0.5 at 59900 as taker, commission 0.0005 BTC"
    assert (standing.at_ms, standing.what) == (T + 30, "the row is FILLED, 0.5 filled, finalized")


def test_refused_row_says_why() -> None:
    refused = row(
        status="REJECTED", refusal=Refusal.INSUFFICIENT_FUNDS, filled_quantity=0, finalized=False
    )
    assert from_row(refused, [])[-1].what == (
        "the row is REJECTED, 0 filled, refused: INSUFFICIENT_FUNDS, not finalized"
    )


def test_a_transfer_is_one_entry_with_each_line_once() -> None:
    trade = [
        posting(10, 2, BUYER, "-29950", ReferenceType.TRADE),
        posting(11, 2, SELLER, "29900", ReferenceType.TRADE),
        posting(12, 2, 0, "50", ReferenceType.TRADE),
    ]
    reserve = [posting(1, 1, BUYER, "-30000", ReferenceType.RESERVE)]
    found = from_postings([*reserve, trade[0], *trade], BUYER)
    assert [one.kind for one in found] == ["RESERVE", "TRADE"]
    assert found[1].what == (
        "TRADE BTCUSDT:7: AVAILABLE -29950 USDT, user 3 AVAILABLE +29900 USDT, house FEES +50 USDT"
    )
    assert [p["posting_id"] for p in found[1].facts["postings"]] == [10, 11, 12]


def test_engine_tells_amounts_cause_and_place_in_the_log() -> None:
    common: dict[str, Any] = {
        "symbol": "BTCUSDT",
        "order_id": ORDER,
        "user_id": BUYER,
        "quantity_lots": 50_000,
        "commission_e8": 0,
    }
    market = load_markets()["BTCUSDT"]
    lots = int(Amount("0.5") / market.lot)
    accepted = OrderAccepted(
        **common,
        sequence=1,
        caused_by=ORDER,
        status=OrderStatus.OPEN,
        filled_lots=0,
        filled_quote_e8=0,
    )
    filled = OrderFilled(
        **common,
        sequence=2,
        caused_by=9,
        status=OrderStatus.FILLED,
        filled_lots=lots,
        filled_quote_e8=0,
        trade_id=7,
        price_ticks=int(Amount("59900") / market.tick),
        last_lots=lots,
        last_quote_e8=0,
        last_commission_e8=0,
        side=Side.BUY,
        is_maker=True,
    )
    unknown = CancelRejected(symbol="BTCUSDT", order_id=ORDER, refusal=Refusal.UNKNOWN_ORDER)
    facts = [EngineFact(0, T, accepted), EngineFact(1, T, filled), EngineFact(2, T, unknown)]
    found = from_engine(facts, market)
    assert (
        found[0].what == "event 1 OrderAccepted: OPEN, 0 filled (by its own command, log offset 0)"
    )
    assert found[1].what == (
        "event 2 OrderFilled: FILLED, 0.5 filled, trade 7: 0.5 at 59900 (by order 9, log offset 1)"
    )
    assert "UNKNOWN_ORDER" in found[2].what


def test_audit_line_stands_where_it_was_written() -> None:
    line = AuditLine(
        id="orders.events:0:1:0",
        timestamp=datetime.fromtimestamp(T / 1000, UTC),
        actor=Actor(user_id="2"),
        action="ORDER_ACCEPTED",
        resource=Resource(type="ORDER", id=str(ORDER)),
        outcome=Outcome.SUCCESS,
        metadata=Metadata(latency_ms=400, node_id="orders.events-0"),
    )
    (found,) = from_audit([line])
    assert (found.at_ms, found.kind) == (T + 400, "ORDER_ACCEPTED")
    assert found.what == "ORDER_ACCEPTED SUCCESS written, 400 ms after it happened"
