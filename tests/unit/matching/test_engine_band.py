"""The price band: row 7 of the outcome table."""

import pytest

from contracts.matching import (
    BandSet,
    CommandRejected,
    EngineCommand,
)
from contracts.orders import (
    OrderType,
    Refusal,
    Side,
)
from tests.support.engine_commands import (
    SYMBOL,
    buy,
    sell,
    set_band,
    submit,
)
from tests.support.engine_log import EngineLog, told, traded


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


def refused(outcome: object) -> bool:
    return told(outcome) == ["Rejected 9 REJECTED PRICE_OUT_OF_BAND"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("side", "price", "admitted"),
    [
        (Side.BUY, 110, True),
        (Side.BUY, 111, False),
        (Side.BUY, 20, True),
        (Side.BUY, 19, False),
        (Side.SELL, 500, True),
        (Side.SELL, 501, False),
        (Side.SELL, 90, True),
        (Side.SELL, 89, False),
    ],
)
@pytest.mark.parametrize("traded_before", [True, False])
def test_a_limit_lies_between_the_sides_multipliers_of_the_last_price(
    log: EngineLog, side: Side, price: int, admitted: bool, traded_before: bool
) -> None:
    if traded_before:  # then the reference does not count
        log.all(sell(1, 100, 1), buy(2, 100, 1))
    log.send(set_band(55 if traded_before else 100))

    assert refused(log.send(submit(9, side, price, 1))) is not admitted


def test_without_a_last_price_and_a_reference_there_is_no_band(log: EngineLog) -> None:
    log.send(set_band(0))

    assert told(log.send(buy(9, 100_000, 1))) == ["Accepted 9 OPEN"]


@pytest.mark.parametrize(("price", "admitted"), [(200, True), (221, False)])
def test_a_stop_price_takes_the_last_prices_place(
    log: EngineLog, price: int, admitted: bool
) -> None:
    log.send(set_band(100))
    order = buy(9, price, 1, stop=200, order_type=OrderType.STOP_LOSS_LIMIT)

    assert refused(log.send(order)) is not admitted


@pytest.mark.parametrize("kind", [OrderType.MARKET, OrderType.STOP_LOSS])
def test_orders_that_take_any_price_are_not_measured(log: EngineLog, kind: OrderType) -> None:
    log.send(set_band(100))
    stop = 101 if kind is OrderType.STOP_LOSS else 0

    assert told(log.send(buy(9, 900, 1, order_type=kind, stop=stop)))[0] == "Accepted 9 OPEN"


def test_a_later_band_leaves_resting_orders_alone(log: EngineLog) -> None:
    log.send(buy(1, 300, 1))

    outcome = log.send(set_band(100))

    assert outcome.events == (BandSet(symbol=SYMBOL),)
    assert log.bids() == {300: 1}
    assert traded(log.send(sell(2, 100, 1))) == [(1, 300, 1)]


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (set_band(-1), Refusal.INVALID_ORDER),
        (set_band(1, bid_down=-1), Refusal.INVALID_ORDER),
        (set_band(1, bid_up=1, bid_down=2), Refusal.INVALID_ORDER),
        (set_band(1, ask_up=1, ask_down=2), Refusal.INVALID_ORDER),
        (set_band(1, symbol="NOPE"), Refusal.UNKNOWN_SYMBOL),
    ],
)
def test_a_band_that_contradicts_itself_is_refused(
    log: EngineLog, command: EngineCommand, refusal: Refusal
) -> None:
    (event,) = log.send(command).events

    assert event == CommandRejected(symbol=command.symbol, refusal=refusal)
    assert log.engine.markets[SYMBOL].band is None
