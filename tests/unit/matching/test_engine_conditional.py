"""Conditional orders: rows 37 to 42 of the outcome table."""

import pytest

from contracts.matching import (
    OrderAccepted,
    OrderEvent,
    OrderStatusReported,
)
from contracts.orders import (
    OrderStatus,
    OrderType,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from tests.support.engine_commands import (
    buy,
    cancel,
    sell,
    set_band,
    submit,
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


def test_a_conditional_order_waits_off_the_book(log: EngineLog) -> None:
    outcome = log.send(buy(1, 120, 5, order_type=STOP, stop=110))

    (event,) = outcome.events
    assert isinstance(event, OrderAccepted)
    assert (event.working, event.status) == (False, OrderStatus.OPEN)
    assert outcome.update is None
    (report,) = log.send(buy(1, 120, 5, order_type=STOP, stop=110)).events
    assert isinstance(report, OrderStatusReported)
    assert (report.working, report.sequence) == (False, 1)


@pytest.mark.parametrize(
    ("kind", "side", "stop", "not_yet", "reached"),
    [
        (STOP_LIMIT, Side.BUY, 110, 109, 110),
        (STOP_LIMIT, Side.BUY, 110, 109, 115),
        (STOP_LIMIT, Side.SELL, 90, 91, 90),
        (STOP_LIMIT, Side.SELL, 90, 91, 85),
        (PROFIT_LIMIT, Side.SELL, 110, 109, 110),
        (PROFIT_LIMIT, Side.BUY, 90, 91, 90),
    ],
)
def test_it_is_activated_when_the_last_price_reaches_its_stop_price(
    log: EngineLog, *, kind: OrderType, side: Side, stop: int, not_yet: int, reached: int
) -> None:
    limit = 50 if side is Side.BUY else 150
    log.send(submit(1, side, limit, 5, order_type=kind, stop=stop))

    before, after = trade(log, not_yet), trade(log, reached)

    assert before == []
    assert after == ["Triggered 1 OPEN"]
    assert (log.bids() if side is Side.BUY else log.asks()) == {limit: 5}


@pytest.mark.parametrize(("kind", "side"), [(STOP, Side.BUY), (PROFIT, Side.SELL)])
def test_then_it_takes_what_there_is_as_a_market_order(
    log: EngineLog, kind: OrderType, side: Side
) -> None:
    log.send(submit(1, side, 112 if side is Side.BUY else 108, 5, order_type=kind, stop=110))
    log.send(sell(2, 111, 3) if side is Side.BUY else buy(2, 109, 3))
    log.send(sell(3, 110, 1, user_id=91) if side is Side.BUY else buy(3, 110, 1))

    outcome = log.send(buy(4, 110, 1) if side is Side.BUY else sell(4, 110, 1))

    assert told(outcome)[3:] == [
        "Triggered 1 OPEN",
        "Filled 1 PARTIALLY_FILLED",
        "Filled 2 FILLED",
        "Cancelled 1 EXPIRED INSUFFICIENT_LIQUIDITY",
    ]
    mine = [e for e in outcome.events if isinstance(e, OrderEvent) and e.order_id == 1]
    assert {e.caused_by for e in mine} == {4}
    assert [e.sequence for e in mine] == [2, 3, 4]


@pytest.mark.parametrize(
    ("tif", "reason"),
    [
        (TimeInForce.IOC, "UNFILLED_IOC_QUANTITY_EXPIRED"),
        (TimeInForce.FOK, "UNFILLED_FOK_ORDER_EXPIRED"),
    ],
)
def test_then_it_keeps_the_terms_of_a_limit_order(
    log: EngineLog, tif: TimeInForce, reason: str
) -> None:
    log.send(buy(1, 110, 5, order_type=STOP_LIMIT, stop=110, tif=tif))

    assert trade(log, 110)[-1] == f"Cancelled 1 EXPIRED {reason}"


@pytest.mark.parametrize(
    ("kind", "side", "stop"),
    [
        (STOP, Side.BUY, 100),
        (STOP_LIMIT, Side.SELL, 100),
        (PROFIT, Side.SELL, 99),
        (PROFIT_LIMIT, Side.BUY, 101),
    ],
)
def test_one_whose_price_is_there_already_is_refused(
    log: EngineLog, kind: OrderType, side: Side, stop: int
) -> None:
    outcome = log.send(submit(1, side, 100, 5, order_type=kind, stop=stop))

    assert told(outcome) == ["Rejected 1 REJECTED WOULD_TRIGGER"]


def test_cancelled_while_it_waits_it_never_comes(log: EngineLog) -> None:
    log.send(buy(1, 120, 5, order_type=STOP, stop=110))

    outcome = log.send(cancel(1))

    assert told(outcome) == ["Cancelled 1 CANCELLED"]
    assert outcome.update is None
    assert trade(log, 111) == []


def test_with_a_good_till_date_it_expires_while_it_waits(log: EngineLog) -> None:
    gtd = TimeInForce.GTD
    log.send(buy(1, 120, 5, order_type=STOP_LIMIT, stop=110, tif=gtd, expires_at_ms=2_000))
    log.now_ms = 2_000

    assert told(log.send(tick())) == ["Cancelled 1 EXPIRED GOOD_TILL_DATE_REACHED"]
    assert trade(log, 111) == []


def test_its_taker_mode_rules_when_it_is_active(log: EngineLog) -> None:
    mode = SelfTradePrevention.EXPIRE_TAKER
    log.send(buy(1, 120, 5, order_type=STOP, stop=110, user_id=7, stp=mode))
    log.send(sell(2, 111, 5, user_id=7))

    assert trade(log, 110)[1:] == [
        "MatchPrevented 1 2",
        "Cancelled 1 EXPIRED_IN_MATCH SELF_TRADE_PREVENTION",
    ]


def test_until_there_is_a_trade_the_bands_reference_is_the_last_price() -> None:
    log = EngineLog()
    log.send(set_band(100))

    refused = log.send(buy(1, 110, 5, order_type=STOP, stop=100))
    waiting = log.send(buy(2, 110, 5, order_type=STOP, stop=101))

    assert told(refused) == ["Rejected 1 REJECTED WOULD_TRIGGER"]
    assert told(waiting) == ["Accepted 2 OPEN"]
