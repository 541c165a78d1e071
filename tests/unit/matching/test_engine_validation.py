"""Orders that make no sense are refused, and change nothing."""

from typing import Any

import msgspec
import pytest

from contracts.matching import (
    OrderRejected,
    SubmitOrder,
)
from contracts.orders import (
    OrderStatus,
    OrderType,
    Refusal,
    Side,
    TimeInForce,
)
from tests.support.engine_commands import (
    LOT_E8,
    submit,
)
from tests.support.engine_log import EngineLog, told


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


LIMIT = submit(1, Side.BUY, 100, 5)
STOP = submit(1, Side.BUY, 100, 5, order_type=OrderType.STOP_LOSS_LIMIT, stop=90)
MARKET = submit(1, Side.BUY, 100, 5, order_type=OrderType.MARKET)
BY_VALUE = submit(1, Side.BUY, 100, 0, order_type=OrderType.MARKET, quote_e8=5_000)
MAKER, FOK, GTD = OrderType.LIMIT_MAKER, TimeInForce.FOK, TimeInForce.GTD


@pytest.mark.parametrize(
    ("order", "changes"),
    [
        (LIMIT, {"quote_e8": 100}),
        (LIMIT, {"quote_e8": -100}),
        (LIMIT, {"stop_ticks": 90}),
        (LIMIT, {"stop_ticks": -1}),
        (LIMIT, {"expires_at_ms": 9_000}),
        (LIMIT, {"expires_at_ms": -1}),
        (LIMIT, {"time_in_force": GTD}),
        (LIMIT, {"iceberg_lots": -1}),
        (LIMIT, {"iceberg_lots": 6}),
        (LIMIT, {"iceberg_lots": 2, "time_in_force": FOK}),
        (LIMIT, {"iceberg_lots": 2, "time_in_force": GTD, "expires_at_ms": 9_000}),
        (LIMIT, {"reservation_id": -1}),
        (LIMIT, {"order_type": MAKER, "time_in_force": TimeInForce.IOC}),
        (LIMIT, {"order_type": MAKER, "time_in_force": GTD, "expires_at_ms": 9_000}),
        (LIMIT, {"order_type": OrderType.TAKE_PROFIT}),
        (STOP, {"stop_ticks": 0}),
        (STOP, {"stop_ticks": 10**13}),
        (STOP, {"iceberg_lots": 2}),
        (STOP, {"quote_e8": 5_000, "quantity_lots": 0}),
        (STOP, {"order_type": OrderType.STOP_LOSS, "time_in_force": FOK}),
        (MARKET, {"time_in_force": FOK}),
        (MARKET, {"time_in_force": GTD, "expires_at_ms": 9_000}),
        (MARKET, {"iceberg_lots": 2}),
        (MARKET, {"quantity_lots": 0}),
        (MARKET, {"price_ticks": 0}),
        (BY_VALUE, {"quantity_lots": 5}),
        (BY_VALUE, {"quote_e8": -1}),
        (BY_VALUE, {"quote_e8": 10**18 + 1, "budget_e8": 10**19}),
        (BY_VALUE, {"budget_e8": 4_999}),
        (BY_VALUE, {"side": Side.SELL, "budget_e8": LOT_E8 - 1}),
        (BY_VALUE, {"time_in_force": FOK}),
    ],
)
def test_terms_that_do_not_go_together_are_rejected(
    log: EngineLog, order: SubmitOrder, changes: dict[str, Any]
) -> None:
    assert told(log.send(order)) != ["Rejected 1 REJECTED INVALID_ORDER"]
    other = msgspec.structs.replace(order, order_id=2, **changes)

    outcome = log.send(other)

    assert told(outcome) == ["Rejected 2 REJECTED INVALID_ORDER"]
    assert outcome.update is None
