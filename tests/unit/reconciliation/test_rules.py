"""Each rule stays silent on a sound exchange and names exactly what is broken on another."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from config.markets import load_markets
from contracts.amounts import Amount
from contracts.orders import OrderStatus, Side
from orders.soundness import OrderFacts
from reconciliation.facts import Facts, LastWord
from reconciliation.in_flight import in_flight
from reconciliation.reconcile import RULES, check
from tests.support.facts import (
    opened,
    sound,
    with_book,
    with_ledger,
    with_live,
    with_log,
    with_orders,
    with_row,
)
from tests.support.wallet import SYMBOL
from wallet.soundness import OpenReservation

MARKETS = load_markets()
FACTS = sound()
HELD = FACTS.ledger.reservations[0]
RESTING = FACTS.book.orders[SYMBOL][0]
TRADE = FACTS.log.trades[f"{SYMBOL}:1"]
LINES = FACTS.ledger.settled[f"{SYMBOL}:1"]
WORDS = FACTS.log.last_words


def test_sound_exchange_breaks_no_rule_and_is_at_rest() -> None:
    assert check(FACTS, MARKETS) == []
    assert in_flight(FACTS, MARKETS) == []


def _held(**changes: object) -> Facts:
    return with_ledger(FACTS, reservations=[replace(HELD, **changes)])  # type: ignore[arg-type]


LIST = (
    opened(21, Side.BUY),
    opened(22, Side.BUY, reservation_id=21, price_ticks=11_000, price=Amount(110)),
)

BROKEN: dict[str, tuple[Facts, str, str]] = {
    "money out of nothing": (
        with_ledger(FACTS, currency_sums={"BTC": Decimal("0.1")}),
        "R1",
        "BTC",
    ),
    "transfer that does not sum to zero": (
        with_ledger(FACTS, unbalanced_transfers=["abc USDT 1.0"]),
        "R1",
        "transfer abc",
    ),
    "balance that is not its postings": (
        with_ledger(FACTS, drifted_balances=["wallet 7 AVAILABLE: 5, postings 4"]),
        "R2",
        "wallet 7 AVAILABLE",
    ),
    "negative balance": (
        with_ledger(FACTS, negative_balances=["wallet 7 AVAILABLE: -5"]),
        "R3",
        "wallet 7 AVAILABLE",
    ),
    "reservation too small": (_held(remaining=Amount("0.4")), "R4", "order 12"),
    "user's reserved balance is not what orders hold": (
        with_ledger(FACTS, drifted_reservations=["user 2 BTC: 1, orders hold 0.5"]),
        "R4",
        "user 2 BTC",
    ),
    "order open without money": (with_ledger(FACTS, reservations=[]), "R5", "order 12"),
    "money held for an order that nobody knows": (
        with_ledger(FACTS, reservations=[HELD, replace(HELD, order_id=99)]),
        "R5",
        "order 99",
    ),
    "open row that rests in no book": (with_book(FACTS), "R5", "order 12"),
    "order in the book whose row is closed": (
        with_row(FACTS, 12, status=OrderStatus.CANCELLED),
        "R5",
        "order 12",
    ),
    "fill that the book knows and the ledger has not paid": (
        with_book(FACTS, msgspec.structs.replace(RESTING, filled_lots=60_000)),
        "R5",
        "order 12",
    ),
    "order of the engine without a row": (
        with_log(
            FACTS, last_words={**WORDS, 13: LastWord(SYMBOL, 1, OrderStatus.CANCELLED, 0, 100_000)}
        ),
        "R5 rows",
        "order 13",
    ),
    "row behind the engine": (
        with_row(FACTS, 11, status=OrderStatus.PARTIALLY_FILLED),
        "R5 rows",
        "order 11",
    ),
    "row that missed an amendment": (
        with_log(
            FACTS,
            last_words={
                **WORDS,
                12: LastWord(SYMBOL, 2, OrderStatus.PARTIALLY_FILLED, 50_000, 90_000),
            },
        ),
        "R5 rows",
        "order 12",
    ),
    "waiting order that holds more than its bound": (
        with_live(FACTS, {20: "111"}, opened(20, Side.BUY, price_ticks=11_000, price=Amount(0))),
        "R4",
        "order 20",
    ),
    "waiting order that the engine has lost": (
        with_live(FACTS, {20: "100"}, opened(20, Side.BUY), known_to_the_engine=False),
        "R5",
        "order 20",
    ),
    "list that holds the smaller need": (with_live(FACTS, {21: "100"}, *LIST), "R4", "order 21"),
    "list whose money is gone": (with_live(FACTS, {}, *LIST), "R5", "order 22"),
    "list without its saga": (
        replace(with_live(FACTS, {21: "110"}, *LIST), running_sagas=FACTS.running_sagas),
        "R9",
        "order 21",
    ),
    "trade that was not settled": (with_ledger(FACTS, settled={}), "R6", f"trade {SYMBOL}:1"),
    "trade settled twice": (
        with_ledger(FACTS, settled={f"{SYMBOL}:1": LINES * 2}),
        "R6",
        f"trade {SYMBOL}:1",
    ),
    "trade settled with other figures": (
        with_ledger(
            FACTS,
            settled={
                f"{SYMBOL}:1": [LINES[0]._replace(amount_e8=LINES[0].amount_e8 + 1), *LINES[1:]]
            },
        ),
        "R6",
        f"trade {SYMBOL}:1",
    ),
    "trade in the ledger that was never executed": (
        with_ledger(FACTS, settled={**FACTS.ledger.settled, f"{SYMBOL}:2": LINES}),
        "R6",
        f"trade {SYMBOL}:2",
    ),
    "parked trade": (
        with_ledger(FACTS, parked_trades=[f"{SYMBOL}:9: BadTrade"]),
        "R6",
        f"parked {SYMBOL}:9",
    ),
    "fill missing": (
        with_orders(FACTS, fills=FACTS.orders.fills[:1]),
        "R6 sides",
        f"fill of {SYMBOL}:1 for order 12",
    ),
    "fill with another fee": (
        with_orders(
            FACTS,
            fills=[replace(FACTS.orders.fills[0], commission=Amount(0)), FACTS.orders.fills[1]],
        ),
        "R6 sides",
        f"fill of {SYMBOL}:1 for order 11",
    ),
    "filled quantity that fills do not make": (
        with_row(FACTS, 12, filled_quantity=Amount("0.6")),
        "R6 fills",
        "order 12",
    ),
    "order filled beyond its quantity": (
        with_row(FACTS, 11, quantity=Amount("0.4")),
        "R6 fills",
        "order 11",
    ),
    "fills of an order without a row": (
        with_orders(
            FACTS, fills=[*FACTS.orders.fills, replace(FACTS.orders.fills[0], order_id=99)]
        ),
        "R6 fills",
        "order 99",
    ),
    "client id open twice": (
        with_orders(FACTS, contested_client_ids=["user 2: mine"]),
        "R7",
        "user 2: mine",
    ),
    "trade id left out": (with_log(FACTS, trade_ids={SYMBOL: [1, 3]}), "R8", f"{SYMBOL} trade ids"),
    "trade id twice": (with_log(FACTS, trade_ids={SYMBOL: [1, 1]}), "R8", f"{SYMBOL} trade ids"),
    "book number left out": (
        with_log(FACTS, book_seqs={SYMBOL: [1, 3]}),
        "R8",
        f"{SYMBOL} book_seq",
    ),
    "event of an order left out": (
        with_log(FACTS, sequence_gaps=["order 12: event 4 follows 2"]),
        "R8",
        "order 12",
    ),
    "two outputs of one command": (
        with_log(FACTS, diverged=["trades.executed/3 offset 4: two outputs"]),
        "R8",
        "trades.executed/3 offset 4",
    ),
    "open order without a saga": (replace(FACTS, running_sagas={}), "R9", "order 12"),
    "saga of a finished order": (
        replace(FACTS, running_sagas={12: "order:2:c12", 11: "order:1:c11"}),
        "R9",
        "order 11",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_break_is_named(what: str) -> None:
    facts, rule, subject = BROKEN[what]
    assert (rule, subject) in {(found.rule, found.subject) for found in check(facts, MARKETS)}


def test_every_rule_has_been_seen_to_break() -> None:
    assert {rule for _, rule, _ in BROKEN.values()} == {rule.name for rule in RULES}


def test_order_that_used_its_whole_budget_holds_nothing() -> None:
    used_up = OpenReservation(11, 1, "USDT", Amount(0), 50_000, None)
    assert check(with_ledger(FACTS, reservations=[HELD, used_up]), MARKETS) == []


ENDED = {"status": OrderStatus.EXPIRED, "finalized": True}
HALF = {
    "status": OrderStatus.PARTIALLY_FILLED,
    "filled_quantity": Amount("0.4"),
    "filled_quote": Amount("39"),
}
NEEDS: dict[str, tuple[str, list[OrderFacts]]] = {
    "limit buy": ("100", [opened(20, Side.BUY)]),
    "limit buy of before the other types": ("100", [opened(20, Side.BUY, price_ticks=0)]),
    "limit buy, filled in part below its limit": ("60", [opened(20, Side.BUY, **HALF)]),
    "sell": ("1", [opened(20, Side.SELL)]),
    "amended sell": ("0.6", [opened(20, Side.SELL, quantity="0.6")]),
    "amended buy, filled in part": ("30", [opened(20, Side.BUY, quantity="0.7", **HALF)]),
    "stop without a limit": (
        "110",
        [opened(20, Side.BUY, price=Amount(0), price_ticks=11_000)],
    ),
    "buy by value": ("50", [opened(20, Side.BUY, quantity="0", quote_quantity=Amount(50))]),
    "buy by value, filled in part": (
        "11",
        [opened(20, Side.BUY, quantity="0.4", quote_quantity=Amount(50), **HALF)],
    ),
    "sell by value, filled in part": (
        "0.15",
        [
            opened(
                20,
                Side.SELL,
                quantity="0.4",
                quote_quantity=Amount(50),
                reserve_amount=Amount("0.55"),
                **HALF,
            )
        ],
    ),
    "list": ("110", list(LIST)),
    "list whose cheaper leg trades": (
        "70",
        [replace(LIST[0], **HALF), replace(LIST[1], **ENDED)],
    ),
    "list whose dearer leg trades": (
        "66",
        [replace(LIST[0], **ENDED), replace(LIST[1], **HALF)],
    ),
}


@pytest.mark.parametrize("what", NEEDS)
def test_order_of_each_type_holds_what_it_may_still_cost(what: str) -> None:
    amount, rows = NEEDS[what]
    payer = rows[0].reservation_id
    facts = with_live(FACTS, {payer: amount}, *rows)
    broken = {(b.rule, b.subject) for b in check(facts, MARKETS)}
    # Their fills are not among the facts.
    assert broken <= {("R6 fills", f"order {row.order_id}") for row in rows}
    less = str(Decimal(amount) - Decimal("0.00000001"))
    found = check(with_live(FACTS, {payer: less}, *rows), MARKETS)
    assert ("R4", f"order {payer}") in {(b.rule, b.subject) for b in found}


def test_quantity_of_an_order_by_value_is_not_the_engines() -> None:
    facts = with_row(FACTS, 11, quote_quantity=Amount(50))
    words = {**WORDS, 11: LastWord(SYMBOL, 2, OrderStatus.FILLED, 50_000, 0)}
    assert check(with_log(facts, last_words=words), MARKETS) == []


IN_FLIGHT: dict[str, Facts] = {
    "the book is 1 behind the end of orders.incoming/3": replace(
        FACTS, book=replace(FACTS.book, next_offsets={3: 2})
    ),
    "the engine's output is 1 behind the end of orders.incoming/3": with_log(FACTS, decided={3: 2}),
    "settlement is 1 behind the end of trades.executed/3": with_ledger(FACTS, positions={}),
    "relay is 2 behind the end of orders.events/3": with_orders(FACTS, positions={3: 0}),
    "4 events wait in the outbox of wallet": with_ledger(FACTS, unpublished=4),
    "5 events wait in the outbox of orders": with_orders(FACTS, unpublished=5),
    "the release of order 12 waits for settlement": _held(pending_release=1),
    "order:2:c13 has no row yet": replace(
        FACTS, running_sagas={**FACTS.running_sagas, 13: "order:2:c13"}
    ),
    "order 12 is not decided": with_row(FACTS, 12, status=OrderStatus.PENDING_VALIDATION),
    "order 11 is not finalized": with_row(FACTS, 11, finalized=False),
}


@pytest.mark.parametrize("line", IN_FLIGHT)
def test_what_has_not_landed_is_told(line: str) -> None:
    assert in_flight(IN_FLIGHT[line], MARKETS) == [line]


def test_leg_that_has_ended_is_final_only_with_its_list() -> None:
    above, below = LIST
    expired = replace(above, status=OrderStatus.EXPIRED, finalized=False)

    def rows(*legs: OrderFacts) -> Facts:
        return with_orders(FACTS, orders={**FACTS.orders.orders, **{o.order_id: o for o in legs}})

    assert in_flight(rows(expired, below), MARKETS) == []
    filled = replace(below, status=OrderStatus.FILLED, finalized=True)
    assert in_flight(rows(expired, filled), MARKETS) == ["order 21 is not finalized"]
