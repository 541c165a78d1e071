"""An order id is decided once: repeats, cancels, tombstones, and the window of memory."""

import pytest

from contracts.matching import (
    CancelRejected,
    OrderCancelled,
    OrderRejected,
    OrderStatusReported,
    SubmitIndeterminate,
)
from contracts.orders import (
    OrderStatus,
    OrderType,
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
    submit_list,
    tick,
)
from tests.support.engine_log import EngineLog, brief, told


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


WINDOW_MS = 1_000


@pytest.fixture
def forgetful() -> EngineLog:
    """An engine that remembers closed ids for one second of the log; it is 10 s."""
    log = EngineLog(closed_window_ms=WINDOW_MS)
    log.now_ms = 10_000
    return log


def test_a_closed_id_is_known_through_its_window_and_then_forgotten(forgetful: EngineLog) -> None:
    order = buy(1, 100, 5, accepted_at_ms=9_990)
    forgetful.all(order, cancel(1))
    forgetful.now_ms += WINDOW_MS
    (known,) = forgetful.send(order).events
    forgetful.now_ms += 1

    outcome = forgetful.send(order)

    assert isinstance(known, OrderStatusReported)
    assert outcome.events == (SubmitIndeterminate(symbol=SYMBOL, order_id=1),)
    assert outcome.update is None
    assert not forgetful.engine.live
    assert not forgetful.engine.closed


def test_a_tombstone_is_kept_as_long(forgetful: EngineLog) -> None:
    forgetful.send(cancel(1))
    forgetful.now_ms += WINDOW_MS
    forgetful.send(cancel(2))
    late = forgetful.send(buy(1, 100, 5, accepted_at_ms=9_000))
    forgetful.now_ms += WINDOW_MS + 1

    later = forgetful.send(buy(2, 100, 5, accepted_at_ms=9_000))

    assert told(late) == ["Rejected 1 REJECTED TOMBSTONED"]
    assert told(later) == ["SubmitIndeterminate"]
    assert not forgetful.engine.tombstones


@pytest.mark.parametrize(
    ("age_ms", "kind"), [(WINDOW_MS, "Accepted 1 OPEN"), (WINDOW_MS + 1, "SubmitIndeterminate")]
)
def test_an_unknown_id_is_judged_by_the_age_of_its_order(
    forgetful: EngineLog, age_ms: int, kind: str
) -> None:
    order = buy(1, 100, 5, accepted_at_ms=forgetful.now_ms - age_ms)

    assert told(forgetful.send(order)) == [kind]


def test_a_live_order_is_never_forgotten(forgetful: EngineLog) -> None:
    order = buy(1, 100, 5, accepted_at_ms=9_990)
    forgetful.send(order)
    forgetful.now_ms += 100 * WINDOW_MS

    assert told(forgetful.send(order)) == ["StatusReported 1 OPEN"]
    assert told(forgetful.send(cancel(1))) == ["Cancelled 1 CANCELLED"]


def test_a_list_that_is_too_old_is_neither_in_nor_out(forgetful: EngineLog) -> None:
    terms = {"user_id": 8, "accepted_at_ms": 1}
    one = sell(1, 110, 5, order_type=OrderType.LIMIT_MAKER, **terms)
    other = sell(2, 85, 5, order_type=OrderType.STOP_LOSS, stop=90, **terms)

    outcome = forgetful.send(submit_list(30, one, other))

    assert outcome.events == (
        SubmitIndeterminate(symbol=SYMBOL, order_id=1),
        SubmitIndeterminate(symbol=SYMBOL, order_id=2),
    )


def test_memory_does_not_grow_with_the_log(forgetful: EngineLog) -> None:
    for order_id in range(1, 200):
        forgetful.all(buy(order_id, 100, 1), cancel(order_id), cancel(10_000 + order_id))
        forgetful.now_ms += 100
    forgetful.send(tick())

    known = forgetful.engine.orders
    assert len(known.closed) == len(known.closed_at) == WINDOW_MS // 100
    assert len(known.tombstones) == len(known.buried_at) == WINDOW_MS // 100


def test_a_cancel_names_the_order_and_the_market_is_the_orders(forgetful: EngineLog) -> None:
    forgetful.send(buy(1, 100, 5))

    outcome = forgetful.send(cancel(1, symbol="NOPE"))

    assert told(outcome) == ["Cancelled 1 CANCELLED"]
    assert outcome.update is not None
    assert outcome.update.symbol == SYMBOL


def test_a_closed_orders_report_tells_why_it_ended(forgetful: EngineLog) -> None:
    order = sell(1, 100, 5, order_type=OrderType.MARKET)
    forgetful.send(order)

    assert told(forgetful.send(order)) == ["StatusReported 1 EXPIRED INSUFFICIENT_LIQUIDITY"]
