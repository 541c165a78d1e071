"""What the user calls a cancel travels with the end of the order, and with nothing else."""

from contracts.matching import OrderCancelled
from contracts.message import encode
from contracts.orders import OrderType, TimeInForce
from tests.support.engine_commands import buy, cancel, cancel_all, sell, submit_list
from tests.support.engine_log import EngineLog

PRICE = 100


def test_the_cancelled_order_is_told_with_the_cancels_id() -> None:
    log = EngineLog()
    log.send(buy(1, PRICE, 5))

    (ended,) = log.send(cancel(1, client_cancel_id="mine")).events

    assert isinstance(ended, OrderCancelled)
    assert ended.client_cancel_id == "mine"


def test_both_legs_of_a_list_end_under_the_one_id() -> None:
    log = EngineLog()
    log.all(sell(8, PRICE, 1), buy(9, PRICE, 1))
    stop = {"order_type": OrderType.STOP_LOSS, "stop": PRICE - 10}
    limit = sell(1, PRICE + 10, 5, order_type=OrderType.LIMIT_MAKER, reservation_id=1)
    log.send(submit_list(30, limit, sell(2, PRICE - 15, 5, reservation_id=1, **stop)))

    ended = log.send(cancel(2, client_cancel_id="mine")).events

    assert [e.client_cancel_id for e in ended if isinstance(e, OrderCancelled)] == ["mine"] * 2


def test_without_an_id_the_entry_is_what_it_was_before_there_were_ids() -> None:
    log = EngineLog()
    log.send(buy(1, PRICE, 5))
    log.send(buy(2, PRICE, 5, user_id=9))
    outcomes = [
        log.send(cancel(1)),
        log.send(cancel_all(9)),
        log.send(buy(3, PRICE, 5, tif=TimeInForce.IOC)),
    ]

    for outcome in outcomes:
        assert isinstance(outcome.events[-1], OrderCancelled)
        assert b"client_cancel_id" not in encode(outcome.events)
