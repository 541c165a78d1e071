"""One-cancels-the-other: rows 44 to 47 of the outcome table."""

from typing import Any

import msgspec
import pytest

from contracts.matching import (
    OrderAccepted,
    SubmitOrder,
)
from contracts.orders import (
    OrderType,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from tests.support.engine_commands import (
    amend,
    buy,
    cancel,
    cancel_all,
    sell,
    submit_list,
    tick,
)
from tests.support.engine_log import EngineLog, ending, told

MAKER, STOP = OrderType.LIMIT_MAKER, OrderType.STOP_LOSS
STOP_LIMIT, PROFIT = OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT


@pytest.fixture
def log() -> EngineLog:
    """The last price is 100, the book is empty."""
    log = EngineLog()
    log.all(sell(8_001, 100, 1), buy(8_002, 100, 1))
    return log


def legs(**other: Any) -> tuple[SubmitOrder, SubmitOrder]:
    """A sell of 5 at 110, or, when the price falls to 90, at 85 or better."""
    return (
        sell(1, 110, 5, order_type=MAKER, reservation_id=1),
        sell(2, 85, 5, **({"order_type": STOP, "stop": 90, "reservation_id": 1} | other)),
    )


def test_both_legs_enter_and_one_waits(log: EngineLog) -> None:
    outcome = log.send(submit_list(30, *legs()))

    assert [
        (e.order_id, e.list_id, e.working, e.own)
        for e in outcome.events
        if isinstance(e, OrderAccepted)
    ] == [(1, 30, True, True), (2, 30, False, True)]
    assert log.asks() == {110: 5}


def test_the_first_fill_of_the_limit_leg_expires_the_other(log: EngineLog) -> None:
    log.send(submit_list(30, *legs()))

    outcome = log.send(buy(3, 110, 2))

    assert told(outcome) == [
        "Accepted 3 OPEN",
        "Filled 3 FILLED",
        "Filled 1 PARTIALLY_FILLED",
        "Cancelled 2 EXPIRED OCO_TRIGGER",
    ]
    assert ending(outcome, 2).caused_by == 3
    assert outcome.trades[0].seller_reservation_id == 1
    assert outcome.trades[0].buyer_reservation_id == 0
    assert log.asks() == {110: 3}


def test_a_trigger_of_the_stop_leg_expires_the_other(log: EngineLog) -> None:
    log.send(submit_list(30, *legs()))
    log.all(buy(3, 90, 1), buy(4, 86, 5))

    outcome = log.send(sell(5, 90, 1))

    assert told(outcome)[3:] == [
        "Triggered 2 OPEN",
        "Cancelled 1 EXPIRED OCO_TRIGGER",
        "Filled 2 FILLED",
        "Filled 4 FILLED",
    ]
    assert outcome.trades[1].seller_reservation_id == 1
    assert log.asks() == {}


@pytest.mark.parametrize("leg", [1, 2])
def test_a_cancel_of_one_leg_cancels_both(log: EngineLog, leg: int) -> None:
    log.send(submit_list(30, *legs()))

    outcome = log.send(cancel(leg))

    assert told(outcome) == [f"Cancelled {leg} CANCELLED", f"Cancelled {3 - leg} CANCELLED"]
    assert not log.engine.live


def test_a_date_that_passes_for_one_leg_expires_the_other(log: EngineLog) -> None:
    terms = {"order_type": STOP_LIMIT, "tif": TimeInForce.GTD, "expires_at_ms": 2_000}
    log.send(submit_list(30, *legs(**terms)))
    log.now_ms = 2_000

    outcome = log.send(tick())

    assert told(outcome) == [
        "Cancelled 2 EXPIRED GOOD_TILL_DATE_REACHED",
        "Cancelled 1 EXPIRED OCO_TRIGGER",
    ]
    assert [ending(outcome, leg).caused_by for leg in (1, 2)] == [0, 0]


def test_an_end_by_self_trade_prevention_expires_the_other(log: EngineLog) -> None:
    log.send(submit_list(30, *legs()))

    outcome = log.send(buy(3, 110, 1, user_id=8, stp=SelfTradePrevention.EXPIRE_MAKER))

    assert told(outcome)[1:] == [
        "MatchPrevented 3 1",
        "Cancelled 1 EXPIRED_IN_MATCH SELF_TRADE_PREVENTION",
        "Cancelled 2 EXPIRED OCO_TRIGGER",
    ]


def test_a_cancel_of_all_ends_each_leg_once(log: EngineLog) -> None:
    log.send(submit_list(30, *legs()))

    assert told(log.send(cancel_all(8))) == ["Cancelled 1 CANCELLED", "Cancelled 2 CANCELLED"]


def test_two_conditional_legs_end_one_another(log: EngineLog) -> None:
    one = buy(1, 95, 5, order_type=PROFIT, stop=90)
    other = buy(2, 120, 5, order_type=STOP_LIMIT, stop=110)
    log.send(submit_list(30, one, other))
    log.send(sell(3, 90, 1))

    outcome = log.send(buy(4, 90, 1))

    assert told(outcome)[3:5] == ["Triggered 1 OPEN", "Cancelled 2 EXPIRED OCO_TRIGGER"]


@pytest.mark.parametrize(
    ("one", "other", "refusal"),
    [
        (sell(1, 100, 5, order_type=MAKER), sell(2, 85, 5, order_type=STOP, stop=90), "WOULD_TAKE"),
        (
            sell(1, 110, 5, order_type=MAKER),
            sell(2, 85, 5, order_type=STOP, stop=100),
            "WOULD_TRIGGER",
        ),
        (
            sell(1, 110, 5, order_type=MAKER),
            sell(2, 85, 5, order_type=STOP, stop=90, budget_e8=1),
            "INVALID_ORDER",
        ),
    ],
)
def test_where_one_leg_is_refused_neither_is_in(
    log: EngineLog, one: SubmitOrder, other: SubmitOrder, refusal: str
) -> None:
    log.send(buy(3, 100, 1))

    outcome = log.send(submit_list(30, one, other))

    assert told(outcome) == [f"Rejected 1 REJECTED {refusal}", f"Rejected 2 REJECTED {refusal}"]
    assert outcome.update is None
    assert list(log.engine.live) == [3]


def test_a_buried_leg_refuses_both(log: EngineLog) -> None:
    log.send(cancel(2))

    outcome = log.send(submit_list(30, *legs()))

    assert told(outcome) == ["Rejected 1 REJECTED TOMBSTONED", "Rejected 2 REJECTED TOMBSTONED"]
    assert not log.engine.tombstones


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": 9},
        {"side": Side.BUY},
        {"quantity_lots": 4},
        {"order_type": OrderType.LIMIT, "stop_ticks": 0},
        {"order_type": PROFIT, "stop_ticks": 105},
        {"order_id": 1},
    ],
)
def test_legs_that_do_not_fit_are_refused(log: EngineLog, changes: dict[str, Any]) -> None:
    one, other = legs(budget_e8=10**9)
    other = msgspec.structs.replace(other, **changes)

    outcome = log.send(submit_list(30, one, other))

    assert {line.split()[-1] for line in told(outcome)} == {"INVALID_ORDER"}
    assert len(outcome.events) == len({one.order_id, other.order_id})


@pytest.mark.parametrize("list_id", [0, -1])
def test_a_list_needs_an_id(log: EngineLog, list_id: int) -> None:
    command = msgspec.structs.replace(submit_list(1, *legs()), list_id=list_id)

    assert told(log.send(command))[0] == "Rejected 1 REJECTED INVALID_ORDER"


def test_the_stop_lies_on_the_other_side_of_the_price(log: EngineLog) -> None:
    one = sell(1, 110, 5, order_type=MAKER)
    other = sell(2, 120, 5, order_type=STOP, stop=120)
    fresh = EngineLog()  # without a last price, only the legs themselves tell

    assert told(fresh.send(submit_list(30, one, other)))[0] == "Rejected 1 REJECTED INVALID_ORDER"


def test_a_repeated_list_is_told_how_both_legs_stand(log: EngineLog) -> None:
    log.send(submit_list(30, *legs()))
    log.send(buy(3, 110, 2))

    outcome = log.send(submit_list(30, *legs()))

    assert told(outcome) == [
        "StatusReported 1 PARTIALLY_FILLED",
        "StatusReported 2 EXPIRED OCO_TRIGGER",
    ]


def test_a_list_for_an_unknown_symbol_is_refused(log: EngineLog) -> None:
    one, other = (msgspec.structs.replace(leg, symbol="NOPE") for leg in legs())

    outcome = log.send(submit_list(30, one, other, symbol="NOPE"))

    assert {line.split()[-1] for line in told(outcome)} == {"UNKNOWN_SYMBOL"}


def test_the_amendment_of_a_leg_is_refused(log: EngineLog) -> None:
    log.send(submit_list(30, *legs()))

    assert told(log.send(amend(1, 3))) == ["AmendRejected INVALID_AMENDMENT"]
    assert log.asks() == {110: 5}
