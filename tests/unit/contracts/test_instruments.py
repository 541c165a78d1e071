"""A market's facts: prices on ticks, quantities on lots, values exact."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.markets import load_markets
from contracts.amounts import E8, Amount, to_e8
from contracts.instruments import Instrument, InvalidInstrument, OffLot, OffTick

MARKETS = load_markets()
BTCUSDT = MARKETS["BTCUSDT"]
every_market = st.sampled_from(sorted(MARKETS.values(), key=lambda m: m.symbol))


def with_facts(**changes: object) -> Instrument:
    """BTCUSDT with other facts; the checks run again."""
    return Instrument(**(msgspec.structs.asdict(BTCUSDT) | changes))  # type: ignore[arg-type]


@given(every_market, st.integers(1, 10**8), st.integers(1, 10**8))
def test_ticks_and_lots_come_back(market: Instrument, ticks: int, lots: int) -> None:
    assert market.price_ticks(market.price(ticks)) == ticks
    assert market.quantity_lots(market.quantity(lots)) == lots


@given(every_market, st.integers(1, 10**7), st.integers(1, 10**7))
def test_value_is_price_times_quantity_without_rounding(
    market: Instrument, ticks: int, lots: int
) -> None:
    exact = Decimal(market.price(ticks)) * Decimal(market.quantity(lots))

    assert market.notional(ticks, lots) == exact


@given(st.integers(1, 10**10))
def test_price_between_two_ticks_is_refused(units: int) -> None:
    price = Decimal(units).scaleb(-8)

    if units % to_e8(BTCUSDT.tick):
        with pytest.raises(OffTick):
            BTCUSDT.price_ticks(price)
    else:
        assert BTCUSDT.price(BTCUSDT.price_ticks(price)) == price


def test_quantity_between_two_lots_is_refused() -> None:
    with pytest.raises(OffLot):
        BTCUSDT.quantity_lots(Amount("0.000015"))


def test_tick_and_lot_whose_product_is_not_exact_are_refused() -> None:
    with pytest.raises(InvalidInstrument, match="exact at 8 decimals"):
        with_facts(tick=Amount("0.0001"))


@given(st.integers(1, E8), st.integers(1, E8))
def test_only_exact_products_are_taken(tick_e8: int, lot_e8: int) -> None:
    tick, lot = Amount(Decimal(tick_e8).scaleb(-8)), Amount(Decimal(lot_e8).scaleb(-8))
    facts = {"tick": tick, "lot": lot, "min_price": tick, "max_price": tick}
    quantities = {"min_quantity": lot, "max_quantity": lot}

    if tick_e8 * lot_e8 % E8:
        with pytest.raises(InvalidInstrument):
            with_facts(**facts, **quantities)
    else:
        assert with_facts(**facts, **quantities).notional(1, 1) == tick * lot


@pytest.mark.parametrize(
    "changes",
    [
        {"tick": Amount("0")},
        {"lot": Amount("0")},
        {"tick": Amount("-0.01")},
        {"min_price": Amount("0.005")},
        {"max_price": Amount("100.001")},
        {"max_price": Amount("90071992.55")},
        {"min_quantity": Amount("0.000005")},
        {"max_quantity": Amount("1.000005")},
    ],
)
def test_facts_that_contradict_one_another_are_refused(changes: dict[str, Amount]) -> None:
    with pytest.raises(InvalidInstrument):
        with_facts(**changes)
