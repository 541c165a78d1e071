"""Orders that make no sense are refused, and change nothing."""

import pytest

from contracts.matching import (
    OrderRejected,
)
from contracts.orders import (
    OrderStatus,
    Refusal,
    Side,
)
from tests.support.engine_commands import (
    LOT_E8,
    submit,
)
from tests.support.engine_log import EngineLog


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


@pytest.mark.parametrize(
    ("side", "price", "lots", "budget_e8"),
    [
        (Side.BUY, 100, 5, 100 * 5 * 10 - 1),
        (Side.SELL, 100, 5, 5 * LOT_E8 - 1),
        (Side.BUY, 0, 5, 10**9),
        (Side.BUY, -1, 5, 10**9),
        (Side.SELL, 100, 0, 10**9),
        (Side.SELL, 100, -5, 10**9),
        (Side.SELL, 1, 10**30, 10**40),
        (Side.BUY, 10**30, 1, 10**40),
    ],
)
def test_an_order_beyond_its_budget_or_without_sense_is_rejected(
    log: EngineLog, side: Side, price: int, lots: int, budget_e8: int
) -> None:
    outcome = log.send(submit(1, side, price, lots, budget_e8=budget_e8))

    (event,) = outcome.events
    assert isinstance(event, OrderRejected)
    assert (event.refusal, event.sequence, event.status) == (
        Refusal.INVALID_ORDER,
        1,
        OrderStatus.REJECTED,
    )
    assert outcome.update is None
    assert not log.engine.live


@pytest.mark.parametrize("rates", [(-1, 0), (0, -1), (1_000_001, 0), (0, 1_000_001)])
def test_fee_rates_outside_zero_to_one_are_rejected(log: EngineLog, rates: tuple[int, int]) -> None:
    command = submit(1, Side.BUY, 1, 1, maker_ppm=rates[0], taker_ppm=rates[1])

    (event,) = log.send(command).events

    assert isinstance(event, OrderRejected)
