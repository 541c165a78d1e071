"""Times in force and types that take at once: rows 8 to 24 and 50 of the outcome table."""

import pytest

from contracts.orders import (
    ExpiryReason,
    OrderStatus,
    OrderType,
    SelfTradePrevention,
    TimeInForce,
)
from matching.step import Limits
from tests.support.engine_commands import (
    LOT_E8,
    TICK_E8,
    UNIT_E8,
    add_symbol,
    buy,
    sell,
    tick,
)
from tests.support.engine_log import EngineLog, brief, ending, told, traded


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


IOC, FOK, GTD = TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTD
MARKET = OrderType.MARKET


def test_ioc_that_can_have_all_is_filled(log: EngineLog) -> None:
    log.send(sell(1, 100, 5))

    outcome = log.send(buy(2, 102, 5, tif=IOC))

    assert told(outcome) == ["Accepted 2 OPEN", "Filled 2 FILLED", "Filled 1 FILLED"]
    assert outcome.trades[0].buyer_refund_e8 == 2 * 5 * UNIT_E8
    assert not log.engine.live


@pytest.mark.parametrize(("there", "filled"), [(3, 3), (0, 0)])
def test_ioc_expires_with_what_it_could_not_have(log: EngineLog, there: int, filled: int) -> None:
    if there:
        log.send(sell(1, 100, there))
    log.send(sell(9, 103, 5))

    outcome = log.send(buy(2, 102, 5, tif=IOC))

    end = ending(outcome, 2)
    assert (end.status, end.reason, end.filled_lots, end.own) == (
        OrderStatus.EXPIRED,
        ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED,
        filled,
        True,
    )
    assert log.bids() == {}
    assert log.asks() == {103: 5}


def test_fok_that_can_have_all_is_filled_over_several_levels(log: EngineLog) -> None:
    log.all(sell(1, 100, 2), sell(2, 101, 2), sell(3, 102, 2))

    outcome = log.send(buy(4, 102, 5, tif=FOK))

    assert traded(outcome) == [(1, 100, 2), (2, 101, 2), (3, 102, 1)]
    assert brief(outcome)[-2] == ("OrderFilled", 4, 4, "FILLED", 5)


def test_fok_that_cannot_have_all_has_nothing(log: EngineLog) -> None:
    log.all(sell(1, 100, 2), sell(2, 101, 2), sell(3, 103, 2))

    outcome = log.send(buy(4, 102, 5, tif=FOK))

    assert told(outcome) == ["Accepted 4 OPEN", "Cancelled 4 EXPIRED UNFILLED_FOK_ORDER_EXPIRED"]
    assert outcome.trades == ()
    assert outcome.update is None
    assert log.asks() == {100: 2, 101: 2, 103: 2}


def test_fok_counts_what_icebergs_hide(log: EngineLog) -> None:
    log.all(sell(1, 100, 6, iceberg=2), sell(2, 100, 1))

    outcome = log.send(buy(3, 100, 7, tif=FOK))

    assert traded(outcome) == [(1, 100, 2), (2, 100, 1), (1, 100, 2), (1, 100, 2)]
    assert told(outcome)[-2:] == ["Filled 3 FILLED", "Filled 1 FILLED"]


@pytest.mark.parametrize("mode", [m for m in SelfTradePrevention if m != "NONE"])
def test_fok_does_not_count_its_users_own(log: EngineLog, mode: SelfTradePrevention) -> None:
    log.all(sell(1, 100, 3, user_id=8), sell(2, 100, 3, user_id=7))

    outcome = log.send(buy(3, 100, 5, user_id=7, tif=FOK, stp=mode))

    assert told(outcome)[1:] == ["Cancelled 3 EXPIRED UNFILLED_FOK_ORDER_EXPIRED"]
    assert log.asks() == {100: 6}


def test_fok_counts_its_users_own_where_they_may_trade(log: EngineLog) -> None:
    log.all(sell(1, 100, 3, user_id=8), sell(2, 100, 3, user_id=7))

    outcome = log.send(buy(3, 100, 5, user_id=7, tif=FOK))

    assert traded(outcome) == [(1, 100, 3), (2, 100, 2)]


@pytest.mark.parametrize(("mode", "fills"), [("EXPIRE_MAKER", True), ("EXPIRE_TAKER", False)])
def test_fok_that_would_end_at_its_own_order_on_the_way_has_nothing(
    log: EngineLog, mode: str, fills: bool
) -> None:
    log.all(sell(1, 100, 3, user_id=8), sell(2, 101, 3, user_id=7), sell(3, 102, 3, user_id=8))

    outcome = log.send(buy(4, 102, 5, user_id=7, tif=FOK, stp=SelfTradePrevention(mode)))

    assert traded(outcome) == ([(1, 100, 3), (3, 102, 2)] if fills else [])
    assert 2 not in log.engine.closed or fills


def test_fok_counts_no_more_makers_than_one_command_may_meet() -> None:
    log = EngineLog(limits=Limits(matches=2))
    log.all(*[sell(i, 100, 1) for i in (1, 2, 3)])

    three, two = log.all(buy(4, 100, 3, tif=FOK), buy(5, 100, 2, tif=FOK))

    assert told(three)[-1] == "Cancelled 4 EXPIRED UNFILLED_FOK_ORDER_EXPIRED"
    assert len(two.trades) == 2


def test_gtd_rests_and_expires_with_the_first_command_after_its_date(log: EngineLog) -> None:
    log.send(buy(1, 100, 5, tif=GTD, expires_at_ms=2_000))
    log.now_ms = 1_999
    log.send(sell(2, 100, 2))
    log.now_ms = 2_000

    outcome = log.send(sell(3, 100, 1))

    end = ending(outcome, 1)
    assert told(outcome) == ["Cancelled 1 EXPIRED GOOD_TILL_DATE_REACHED", "Accepted 3 OPEN"]
    assert (end.caused_by, end.own, end.filled_lots) == (0, False, 2)
    assert log.bids() == {}


def test_a_tick_lets_dates_pass_in_order_of_time_and_id(log: EngineLog) -> None:
    for order_id, date in ((3, 2_000), (2, 1_500), (1, 2_000), (4, 9_000)):
        log.send(buy(order_id, 100, 5, tif=GTD, expires_at_ms=date))
    before = log.engine.next_expiry_ms()
    log.now_ms = 2_000

    outcome = log.send(tick())

    assert [line.split()[1] for line in told(outcome)] == ["2", "1", "3"]
    assert outcome.update is not None
    assert outcome.update.bids == ((100 * TICK_E8, 5 * LOT_E8),)
    assert (before, log.engine.next_expiry_ms()) == (1_500, 9_000)
    assert told(log.send(tick())) == []


def test_a_tick_for_no_market_in_particular_serves_the_one_that_is_due(log: EngineLog) -> None:
    log.send(add_symbol("ETHUSDT"))
    order = buy(1, 100, 5, tif=GTD, expires_at_ms=2_000, symbol="ETHUSDT")
    log.send(order)
    log.now_ms = 2_500
    due = log.engine.next_due()

    outcome = log.send(tick("*"))

    assert due == (2_000, "ETHUSDT")
    assert told(outcome) == ["Cancelled 1 EXPIRED GOOD_TILL_DATE_REACHED"]
    assert outcome.update is not None
    assert outcome.update.symbol == "ETHUSDT"
    assert log.engine.next_due() is None


def test_more_dates_than_one_command_tells_of_are_off_the_book_all_the_same() -> None:
    log = EngineLog(limits=Limits(expiries=2))
    log.all(*[buy(i, 100, 1, tif=GTD, expires_at_ms=2_000) for i in (1, 2, 3)])
    log.now_ms = 2_000

    first, second = log.all(sell(4, 100, 3), tick())

    assert [line.split()[1] for line in told(first)] == ["1", "2", "4"]
    assert first.trades == ()
    assert told(second) == ["Cancelled 3 EXPIRED GOOD_TILL_DATE_REACHED"]


@pytest.mark.parametrize("date", [999, 1_000])
def test_gtd_whose_date_has_passed_is_refused(log: EngineLog, date: int) -> None:
    outcome = log.send(buy(1, 100, 5, tif=GTD, expires_at_ms=date))

    assert told(outcome) == ["Rejected 1 REJECTED TOO_LATE"]


def test_a_limit_maker_rests_where_it_would_not_take(log: EngineLog) -> None:
    log.send(sell(1, 101, 5))

    outcome = log.send(buy(2, 100, 5, order_type=OrderType.LIMIT_MAKER))

    assert told(outcome) == ["Accepted 2 OPEN"]
    assert log.bids() == {100: 5}


@pytest.mark.parametrize("owner", [7, 8])
def test_a_limit_maker_that_would_take_is_refused(log: EngineLog, owner: int) -> None:
    log.send(sell(1, 100, 5, user_id=owner))

    outcome = log.send(buy(2, 100, 5, user_id=7, order_type=OrderType.LIMIT_MAKER))

    assert told(outcome) == ["Rejected 2 REJECTED WOULD_TAKE"]
    assert log.asks() == {100: 5}


def test_a_market_order_by_quantity_takes_up_to_its_bound(log: EngineLog) -> None:
    log.all(sell(1, 100, 2), sell(2, 105, 2), sell(3, 111, 2))

    enough = log.send(buy(4, 110, 3, order_type=MARKET))
    beyond = log.send(buy(5, 110, 3, order_type=MARKET))

    assert traded(enough) == [(1, 100, 2), (2, 105, 1)]
    assert told(enough)[-2] == "Filled 4 FILLED"
    assert [t.buyer_refund_e8 for t in enough.trades] == [10 * 2 * UNIT_E8, 5 * 1 * UNIT_E8]
    assert traded(beyond) == [(2, 105, 1)]
    assert told(beyond)[-1] == "Cancelled 5 EXPIRED EXECUTION_RULE_PRICE_RANGE_EXCEEDED"


@pytest.mark.parametrize("there", [0, 2])
def test_a_market_order_expires_where_the_book_runs_out(log: EngineLog, there: int) -> None:
    if there:
        log.send(buy(1, 100, there))

    outcome = log.send(sell(2, 90, 3, order_type=MARKET))

    end = ending(outcome, 2)
    assert (end.reason, end.filled_lots) == (ExpiryReason.INSUFFICIENT_LIQUIDITY, there)
    assert log.bids() == log.asks() == {}


def test_a_taker_that_meets_too_many_makers_expires() -> None:
    log = EngineLog(limits=Limits(matches=3))
    log.all(*[sell(order_id, 100, 1) for order_id in (1, 2, 3, 4)])

    outcome = log.send(buy(9, 100, 5))

    assert len(outcome.trades) == 3
    assert told(outcome)[-1] == "Cancelled 9 EXPIRED TOO_MANY_MATCHES"
    assert list(log.engine.live) == [4]


def test_a_taker_that_meets_just_enough_makers_rests() -> None:
    log = EngineLog(limits=Limits(matches=2))
    log.all(sell(1, 100, 1), sell(2, 100, 1))

    outcome = log.send(buy(3, 100, 5))

    assert brief(outcome)[-2] == ("OrderFilled", 3, 3, "PARTIALLY_FILLED", 2)
    assert log.bids() == {100: 3}


def test_prevented_matches_count_towards_the_bound() -> None:
    log = EngineLog(limits=Limits(matches=2))
    log.all(sell(1, 100, 1, user_id=7), sell(2, 100, 1), sell(3, 100, 1))

    outcome = log.send(buy(4, 100, 2, user_id=7, stp=SelfTradePrevention.EXPIRE_MAKER))

    assert traded(outcome) == [(2, 100, 1)]
    assert told(outcome)[-1] == "Cancelled 4 EXPIRED TOO_MANY_MATCHES"
