"""Icebergs: row 43 of the outcome table. The book shows a slice at a time."""

import pytest

from contracts.orders import (
    OrderType,
)
from matching.step import Limits
from tests.support.engine_commands import (
    LOT_E8,
    TICK_E8,
    buy,
    cancel,
    sell,
)
from tests.support.engine_log import EngineLog, brief, told, traded


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


def test_it_shows_one_slice_and_counts_the_rest(log: EngineLog) -> None:
    outcome = log.send(sell(1, 100, 10, iceberg=3))

    order = log.engine.live[1]
    assert (order.shown, order.hidden, order.remaining) == (3, 7, 10)
    assert outcome.update is not None
    assert outcome.update.asks == ((100 * TICK_E8, 3 * LOT_E8),)


def test_a_used_up_slice_is_refilled_behind_the_others(log: EngineLog) -> None:
    log.all(sell(1, 100, 5, iceberg=2), sell(2, 100, 2))

    outcome = log.send(buy(3, 100, 3))

    assert traded(outcome) == [(1, 100, 2), (2, 100, 1)]
    assert log.asks() == {100: 3}
    assert traded(log.send(buy(4, 100, 4))) == [(2, 100, 1), (1, 100, 2), (1, 100, 1)]
    assert log.asks() == {}


def test_a_partly_used_slice_keeps_its_place(log: EngineLog) -> None:
    log.all(sell(1, 100, 6, iceberg=3), sell(2, 100, 2))
    log.send(buy(3, 100, 2))

    assert traded(log.send(buy(4, 100, 2))) == [(1, 100, 1), (2, 100, 1)]


def test_a_slice_used_to_the_last_lot_is_refilled_at_once(log: EngineLog) -> None:
    log.all(sell(1, 100, 5, iceberg=2), sell(2, 100, 2))

    outcome = log.send(buy(3, 100, 2))

    assert outcome.update is None  # 4 lots before, 4 lots after
    assert traded(log.send(buy(4, 100, 1))) == [(2, 100, 1)]


def test_alone_at_its_price_it_is_met_slice_by_slice(log: EngineLog) -> None:
    log.send(sell(1, 100, 5, iceberg=2))

    outcome = log.send(buy(2, 100, 5))

    assert traded(outcome) == [(1, 100, 2), (1, 100, 2), (1, 100, 1)]
    assert brief(outcome)[-1] == ("OrderFilled", 1, 4, "FILLED", 5)
    assert log.asks() == {}


def test_as_a_taker_it_takes_with_all_it_has_and_hides_what_rests(log: EngineLog) -> None:
    log.send(sell(1, 100, 4))

    outcome = log.send(buy(2, 100, 10, iceberg=4))

    assert traded(outcome) == [(1, 100, 4)]
    assert log.bids() == {100: 4}
    assert log.engine.live[2].hidden == 2


def test_a_limit_maker_may_hide_too(log: EngineLog) -> None:
    log.send(buy(1, 100, 10, iceberg=4, order_type=OrderType.LIMIT_MAKER))

    assert log.bids() == {100: 4}


def test_a_cancel_takes_what_it_hides_as_well(log: EngineLog) -> None:
    log.all(sell(1, 100, 10, iceberg=3), sell(2, 100, 1))

    log.send(cancel(1))

    assert log.asks() == {100: 1}
    assert traded(log.send(buy(3, 100, 5))) == [(2, 100, 1)]


def test_each_slice_is_a_match_of_its_own_towards_the_bound() -> None:
    log = EngineLog(limits=Limits(matches=2))
    log.send(sell(1, 100, 5, iceberg=1))

    outcome = log.send(buy(2, 100, 5))

    assert len(outcome.trades) == 2
    assert told(outcome)[-1] == "Cancelled 2 EXPIRED TOO_MANY_MATCHES"
