"""How triggers follow on one another, and what of them waits for the next command."""

import pytest

from contracts.matching import (
    OrderEvent,
)
from contracts.orders import (
    OrderType,
)
from matching.step import Limits
from tests.support.engine_commands import (
    SYMBOL,
    buy,
    cancel,
    halt,
    resume,
    sell,
    tick,
)
from tests.support.engine_log import EngineLog, told

STOP, STOP_LIMIT = OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT
PROFIT, PROFIT_LIMIT = OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT


@pytest.fixture
def log() -> EngineLog:
    """The last price is 100, the book is empty."""
    log = EngineLog()
    trade(log, 100)
    return log


def trade(log: EngineLog, price: int) -> list[str]:
    """One trade at this price, between strangers; what the taker's command did."""
    log.send(sell(9_000 + log.offset, price, 1, user_id=91))
    return told(log.send(buy(9_000 + log.offset, price, 1, user_id=92)))[3:]


def test_nearest_stop_price_first_and_oldest_first_within_a_price(log: EngineLog) -> None:
    for order_id, stop in ((1, 112), (2, 110), (3, 111), (4, 110)):
        log.send(buy(order_id, 50, 1, order_type=STOP_LIMIT, stop=stop))
    for order_id, stop in ((5, 88), (6, 90), (7, 90)):
        log.send(sell(order_id, 150, 1, order_type=STOP_LIMIT, stop=stop))

    rise, fall = trade(log, 112), trade(log, 88)

    assert [line.split()[1] for line in rise] == ["2", "4", "3", "1"]
    assert [line.split()[1] for line in fall] == ["6", "7", "5"]


def test_each_may_move_the_price_for_the_next(log: EngineLog) -> None:
    log.send(buy(1, 130, 1, order_type=STOP, stop=110))
    log.send(buy(2, 140, 1, order_type=STOP, stop=120))
    log.send(buy(3, 150, 1, order_type=STOP, stop=131))
    log.all(sell(4, 120, 1), sell(5, 130, 1))

    events = trade(log, 110)

    assert events == [
        "Triggered 1 OPEN",
        "Filled 1 FILLED",
        "Filled 4 FILLED",
        "Triggered 2 OPEN",
        "Filled 2 FILLED",
        "Filled 5 FILLED",
    ]
    assert log.engine.markets[SYMBOL].last_ticks == 130


def test_what_was_reached_is_activated_though_the_price_has_left_again(log: EngineLog) -> None:
    log.send(sell(1, 80, 1, order_type=PROFIT, stop=110))
    log.send(buy(2, 50, 1, order_type=STOP_LIMIT, stop=110))
    log.send(buy(3, 95, 1))

    events = trade(log, 110)

    assert [line for line in events if line.startswith("Trig")] == [
        "Triggered 1 OPEN",
        "Triggered 2 OPEN",
    ]
    assert log.engine.markets[SYMBOL].last_ticks == 95


def test_what_one_command_may_not_match_waits_in_order_for_the_next() -> None:
    log = EngineLog(limits=Limits(matches=3))
    trade(log, 100)
    log.send(buy(1, 120, 4, order_type=STOP, stop=110))
    log.send(buy(2, 120, 1, order_type=STOP, stop=110))
    log.all(*[sell(10 + i, 111 + i, 1) for i in range(6)])

    first = trade(log, 110)  # one match of its own, two for the first order
    due = log.engine.next_due()
    second = told(log.send(tick()))

    assert first[0] == "Triggered 1 OPEN"
    assert [line.split()[1] for line in first[1:]] == ["1", "10", "1", "11"]
    assert due == (1_000, SYMBOL)
    assert second == [
        "Filled 1 PARTIALLY_FILLED",
        "Filled 12 FILLED",
        "Filled 1 FILLED",
        "Filled 13 FILLED",
        "Triggered 2 OPEN",
        "Filled 2 FILLED",
        "Filled 14 FILLED",
    ]
    assert log.engine.next_due() is None


def test_one_that_was_stopped_with_the_whole_bound_to_itself_expires() -> None:
    log = EngineLog(limits=Limits(matches=2))
    trade(log, 100)
    log.send(buy(1, 120, 9, order_type=STOP, stop=110))
    log.all(*[sell(10 + i, 111 + i, 1) for i in range(6)])

    trade(log, 110)
    outcome = log.send(tick())

    assert told(outcome)[-1] == "Cancelled 1 EXPIRED TOO_MANY_MATCHES"
    assert log.engine.closed[1].filled == 3


def test_no_more_are_activated_than_one_command_may_tell_of() -> None:
    log = EngineLog(limits=Limits(activations=2))
    trade(log, 100)
    log.all(*[buy(i, 50, 1, order_type=STOP_LIMIT, stop=110) for i in (1, 2, 3)])

    first, second = trade(log, 110), told(log.send(cancel(77)))

    assert first == ["Triggered 1 OPEN", "Triggered 2 OPEN"]
    assert second == ["CancelRejected UNKNOWN_ORDER", "Triggered 3 OPEN"]


def test_one_that_is_cancelled_while_it_waits_its_turn_is_passed_over() -> None:
    log = EngineLog(limits=Limits(activations=1))
    trade(log, 100)
    log.all(*[buy(i, 50, 1, order_type=STOP_LIMIT, stop=110) for i in (1, 2, 3)])
    trade(log, 110)

    outcome = log.send(cancel(2))

    assert told(outcome) == ["Cancelled 2 CANCELLED", "Triggered 3 OPEN"]


def test_a_halted_market_activates_nothing_until_it_resumes() -> None:
    log = EngineLog(limits=Limits(activations=1))
    trade(log, 100)
    log.all(*[buy(i, 50, 1, order_type=STOP_LIMIT, stop=110) for i in (1, 2)])
    trade(log, 110)

    halted, ticked, resumed = log.all(halt(), tick(), resume())

    assert told(halted) == ["MarketHalted"]
    assert told(ticked) == []
    assert told(resumed) == ["MarketResumed", "Triggered 2 OPEN"]
    assert [e.caused_by for e in resumed.events if isinstance(e, OrderEvent)] == [0]
