"""An order id is decided once: repeats, cancels, tombstones, and the window of memory."""

import pytest

from contracts.matching import (
    CancelRejected,
    OrderCancelled,
    OrderRejected,
    OrderStatusReported,
)
from contracts.orders import (
    OrderStatus,
    Refusal,
    Side,
)
from tests.support.engine_commands import (
    LOT_E8,
    SYMBOL,
    TICK_E8,
    add_symbol,
    buy,
    cancel,
    sell,
    submit,
)
from tests.support.engine_log import EngineLog, brief


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


def test_an_unknown_symbol_is_rejected_and_stays_rejected(log: EngineLog) -> None:
    command = submit(1, Side.BUY, 100, 5, symbol="NEWUSDT")
    (first,) = log.send(command).events
    log.send(add_symbol("NEWUSDT"))
    (again,) = log.send(command).events

    assert isinstance(first, OrderRejected)
    assert first.refusal is Refusal.UNKNOWN_SYMBOL
    assert isinstance(again, OrderStatusReported)
    assert (again.status, again.refusal) == (OrderStatus.REJECTED, Refusal.UNKNOWN_SYMBOL)


def test_a_repeated_submit_is_told_the_present_state_and_never_trades_twice(log: EngineLog) -> None:
    log.send(sell(1, 100, 5))
    log.send(buy(2, 100, 3))

    resting = log.send(sell(1, 100, 5))
    filled = log.send(buy(2, 100, 3))

    assert brief(resting) == [("OrderStatusReported", 1, 2, "PARTIALLY_FILLED", 3)]
    assert brief(filled) == [("OrderStatusReported", 2, 2, "FILLED", 3)]
    assert resting.trades == filled.trades == ()
    assert resting.update is filled.update is None


def test_a_cancel_takes_the_order_off_the_book(log: EngineLog) -> None:
    log.send(buy(1, 100, 5))
    log.send(buy(2, 100, 2))

    outcome = log.send(cancel(1))

    assert brief(outcome) == [("OrderCancelled", 1, 2, "CANCELLED", 0)]
    assert isinstance(outcome.events[0], OrderCancelled)
    assert outcome.update is not None
    assert outcome.update.bids == ((100 * TICK_E8, 2 * LOT_E8),)
    assert brief(log.send(sell(3, 100, 2)))[-1] == ("OrderFilled", 2, 2, "FILLED", 2)


def test_a_cancel_of_a_closed_order_reports_its_final_state(log: EngineLog) -> None:
    log.send(buy(1, 100, 5))
    log.send(cancel(1))

    outcome = log.send(cancel(1))

    assert brief(outcome) == [("OrderStatusReported", 1, 2, "CANCELLED", 0)]
    assert outcome.update is None


def test_a_cancel_of_an_unknown_order_buries_its_id(log: EngineLog) -> None:
    early = log.send(cancel(1))
    again = log.send(cancel(1))
    late = log.send(buy(1, 100, 5))
    repeated = log.send(buy(1, 100, 5))

    refused = CancelRejected(symbol=SYMBOL, order_id=1, refusal=Refusal.UNKNOWN_ORDER)
    assert early.events == again.events == (refused,)
    (event,) = late.events
    assert isinstance(event, OrderRejected)
    assert (event.refusal, event.sequence) == (Refusal.TOMBSTONED, 1)
    assert late.update is None
    assert brief(repeated) == [("OrderStatusReported", 1, 1, "REJECTED", 0)]
