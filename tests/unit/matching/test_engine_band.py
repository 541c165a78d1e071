"""The price band: row 7 of the outcome table."""

import pytest

from contracts.matching import (
    BandSet,
    CommandRejected,
    EngineCommand,
    PriceBand,
)
from contracts.message import encode
from contracts.orders import (
    OrderType,
    Refusal,
    Side,
)
from tests.support.engine_commands import (
    SYMBOL,
    buy,
    restore_band,
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
        (set_band(1, bid_up=1, bid_down=2, by_operator=True), Refusal.INVALID_ORDER),
        (set_band(1, symbol="NOPE"), Refusal.UNKNOWN_SYMBOL),
        (restore_band("NOPE"), Refusal.UNKNOWN_SYMBOL),
    ],
)
def test_a_band_that_contradicts_itself_is_refused(
    log: EngineLog, command: EngineCommand, refusal: Refusal
) -> None:
    (event,) = log.send(command).events

    assert event == CommandRejected(symbol=command.symbol, refusal=refusal)
    assert log.engine.markets[SYMBOL].band is None


NARROW = {"bid_up": 1_010_000, "bid_down": 950_000, "ask_up": 1_050_000, "ask_down": 990_000}
NARROW_TOLD = PriceBand(
    reference_ticks=0,
    bid_up_ppm=1_010_000,
    bid_down_ppm=950_000,
    ask_up_ppm=1_050_000,
    ask_down_ppm=990_000,
)


@pytest.fixture
def narrowed(log: EngineLog) -> EngineLog:
    """The last price is 100, and an operator has narrowed the configured band around it."""
    log.all(set_band(), sell(1, 100, 1), buy(2, 100, 1))
    log.send(set_band(by_operator=True, **NARROW))
    return log


def admits_110(log: EngineLog) -> bool:
    return not refused(log.send(buy(9, 110, 1)))


def test_an_operators_band_is_told_with_its_figures(log: EngineLog) -> None:
    outcome = log.send(set_band(by_operator=True, **NARROW))

    assert outcome.events == (BandSet(symbol=SYMBOL, operator_band=NARROW_TOLD),)


def test_the_configured_band_does_not_overwrite_an_operators(narrowed: EngineLog) -> None:
    outcome = narrowed.send(set_band())

    assert outcome.events == (BandSet(symbol=SYMBOL, operator_band=NARROW_TOLD),)
    assert not admits_110(narrowed)


def test_restored_is_the_configuration_as_it_was_last_told(narrowed: EngineLog) -> None:
    narrowed.send(set_band(bid_up=1_200_000))

    outcome = narrowed.send(restore_band())

    assert outcome.events == (BandSet(symbol=SYMBOL),)
    assert narrowed.engine.markets[SYMBOL].band == (0, 1_200_000, 200_000, 5_000_000, 900_000)
    assert admits_110(narrowed)


def test_a_refused_band_leaves_the_operators(narrowed: EngineLog) -> None:
    narrowed.send(set_band(by_operator=True, bid_up=1, bid_down=2))

    assert not admits_110(narrowed)


def test_without_an_operators_band_an_old_log_gives_what_it_gave(log: EngineLog) -> None:
    """Byte for byte: an engine compares what it would publish with what was published."""
    (event,) = log.send(set_band()).events

    assert encode(event) == b'{"type":"BandSet","schema_version":1,"symbol":"BTCUSDT"}'
