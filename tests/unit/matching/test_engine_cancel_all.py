"""Cancel all: rows 29 and 30 of the outcome table. One user, one market, one step."""

import pytest

from contracts.matching import (
    BookUpdated,
    CancelRejected,
    OrderEvent,
)
from contracts.orders import (
    OrderType,
    Refusal,
)
from matching.step import Limits
from tests.support.engine_commands import (
    LOT_E8,
    SYMBOL,
    TICK_E8,
    add_symbol,
    buy,
    cancel_all,
    sell,
)
from tests.support.engine_log import EngineLog, told


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


def test_every_order_of_the_user_in_the_market_is_cancelled(log: EngineLog) -> None:
    log.send(add_symbol("ETHUSDT"))
    log.all(sell(80, 100, 1), buy(81, 100, 1))
    log.send(buy(3, 100, 5))
    log.send(sell(2, 110, 5, user_id=7))
    log.send(buy(4, 120, 5, order_type=OrderType.STOP_LOSS, stop=110))
    log.send(buy(5, 100, 5, user_id=8))
    log.send(buy(6, 100, 5, symbol="ETHUSDT"))

    outcome = log.send(cancel_all(7))

    assert told(outcome) == [
        "Cancelled 2 CANCELLED",
        "Cancelled 3 CANCELLED",
        "Cancelled 4 CANCELLED",
    ]
    assert {e.caused_by for e in outcome.events if isinstance(e, OrderEvent)} == {0}
    assert outcome.update == BookUpdated(
        symbol=SYMBOL,
        book_seq=outcome.update.book_seq if outcome.update else 0,
        bids=((100 * TICK_E8, 5 * LOT_E8),),
        asks=((110 * TICK_E8, 0),),
    )
    assert sorted(log.engine.live) == [5, 6]


@pytest.mark.parametrize("symbol", [SYMBOL, "NOPE"])
def test_where_none_rests_it_is_refused(log: EngineLog, symbol: str) -> None:
    outcome = log.send(cancel_all(7, symbol=symbol))

    refusal = Refusal.UNKNOWN_ORDER
    assert outcome.events == (CancelRejected(symbol=symbol, order_id=0, refusal=refusal),)
    assert not log.engine.tombstones


def test_again_it_finds_nothing(log: EngineLog) -> None:
    log.all(buy(1, 100, 5), cancel_all(7))

    assert told(log.send(cancel_all(7))) == ["CancelRejected UNKNOWN_ORDER"]


def test_one_command_cancels_a_bounded_number() -> None:
    log = EngineLog(limits=Limits(cancels=2))
    log.all(*[buy(i, 100, 1) for i in (3, 1, 2)])

    first, second = log.all(cancel_all(7), cancel_all(7))

    assert [line.split()[1] for line in (*told(first), *told(second))] == ["1", "2", "3"]
