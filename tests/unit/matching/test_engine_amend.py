"""Amendments: rows 35 and 36 of the outcome table. Less quantity, the same place."""

import pytest

from contracts.matching import (
    AmendRejected,
    OrderAmended,
    OrderStatusReported,
)
from contracts.orders import (
    OrderStatus,
    OrderType,
    Refusal,
)
from tests.support.engine_commands import (
    LOT_E8,
    SYMBOL,
    TICK_E8,
    UNIT_E8,
    amend,
    buy,
    cancel,
    sell,
)
from tests.support.engine_log import EngineLog, brief, told, traded


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


def test_less_quantity_keeps_the_place_and_frees_the_difference(log: EngineLog) -> None:
    log.all(buy(1, 100, 5), buy(2, 100, 5))

    outcome = log.send(amend(1, 3))

    assert outcome.events == (
        OrderAmended(
            symbol=SYMBOL,
            order_id=1,
            user_id=7,
            sequence=2,
            caused_by=1,
            status=OrderStatus.OPEN,
            quantity_lots=3,
            filled_lots=0,
            filled_quote_e8=0,
            commission_e8=0,
            freed_e8=2 * 100 * UNIT_E8,
        ),
    )
    assert outcome.update is not None
    assert outcome.update.bids == ((100 * TICK_E8, 8 * LOT_E8),)
    assert traded(log.send(sell(3, 100, 4))) == [(1, 100, 3), (2, 100, 1)]


def test_a_sell_frees_base(log: EngineLog) -> None:
    log.send(sell(1, 100, 5))

    (event,) = log.send(amend(1, 1)).events

    assert isinstance(event, OrderAmended)
    assert event.freed_e8 == 4 * LOT_E8


@pytest.mark.parametrize("lots", [-1, 0, 1, 2, 6, 10**30])
def test_not_less_or_not_more_than_filled_changes_nothing(log: EngineLog, lots: int) -> None:
    log.all(buy(1, 100, 5), sell(2, 100, 2))

    outcome = log.send(amend(1, lots))

    refusal = Refusal.INVALID_AMENDMENT
    assert outcome.events == (AmendRejected(symbol=SYMBOL, order_id=1, refusal=refusal),)
    assert outcome.update is None
    assert log.bids() == {100: 3}


def test_the_same_amendment_again_is_told_the_present_state(log: EngineLog) -> None:
    log.all(buy(1, 100, 5), amend(1, 3))

    (event,) = log.send(amend(1, 3)).events

    assert isinstance(event, OrderStatusReported)
    assert (event.sequence, event.quantity_lots, event.status) == (2, 3, OrderStatus.OPEN)


def test_an_order_that_is_not_open_cannot_be_amended(log: EngineLog) -> None:
    log.all(buy(1, 100, 5), cancel(1))

    closed, unknown = log.all(amend(1, 3), amend(77, 3))

    assert told(closed) == told(unknown) == ["AmendRejected UNKNOWN_ORDER"]
    assert told(log.send(buy(77, 100, 1))) == ["Accepted 77 OPEN"]  # no tombstone


def test_a_partly_filled_order_is_filled_at_its_new_quantity(log: EngineLog) -> None:
    log.all(buy(1, 100, 5), sell(2, 100, 2), amend(1, 3))

    outcome = log.send(sell(3, 100, 1))

    assert brief(outcome)[-1] == ("OrderFilled", 1, 4, "FILLED", 3)
    assert log.bids() == {}


def test_an_inactive_order_can_be_amended(log: EngineLog) -> None:
    log.all(sell(8, 100, 1), buy(9, 100, 1))
    log.send(buy(1, 120, 5, order_type=OrderType.STOP_LOSS, stop=110))

    (event,) = log.send(amend(1, 2)).events

    assert isinstance(event, OrderAmended)
    assert event.freed_e8 == 3 * 120 * UNIT_E8
    log.all(sell(2, 111, 9), sell(3, 110, 1))
    assert traded(log.send(buy(4, 110, 1))) == [(3, 110, 1), (2, 111, 2)]


@pytest.mark.parametrize(("lots", "shown", "hidden"), [(7, 3, 4), (3, 3, 0), (2, 2, 0)])
def test_an_iceberg_shows_less_only_where_it_must(
    log: EngineLog, lots: int, shown: int, hidden: int
) -> None:
    log.send(sell(1, 100, 10, iceberg=3))

    outcome = log.send(amend(1, lots))

    order = log.engine.live[1]
    assert (order.shown, order.hidden) == (shown, hidden)
    assert (outcome.update is None) is (shown == 3)
