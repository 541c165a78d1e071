"""Amounts are exact, and refuse whatever is not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.amounts import (
    MAX_AMOUNT,
    Amount,
    InvalidAmount,
    amount_text,
    from_e8,
    to_e8,
)

LARGEST_E8 = 10**20 - 1
every_amount_e8 = st.integers(-LARGEST_E8, LARGEST_E8)


@given(every_amount_e8)
def test_units_amounts_and_text_are_the_same_number(units: int) -> None:
    amount = from_e8(units)

    assert to_e8(amount) == units
    assert Amount(str(amount)) == amount


@given(every_amount_e8)
def test_text_always_has_eight_decimals_and_no_exponent(units: int) -> None:
    text = str(from_e8(units))

    whole, decimals = text.removeprefix("-").split(".")
    assert whole.isdigit()
    assert len(decimals) == 8
    assert f"{from_e8(units)}" == text == amount_text(Decimal(units).scaleb(-8))


@given(every_amount_e8, every_amount_e8)
def test_sums_are_exact(one: int, other: int) -> None:
    assert from_e8(one) + from_e8(other) == Decimal(one + other).scaleb(-8)


@pytest.mark.parametrize(
    "text",
    [
        "1E-8",
        "1e2",
        "１２",  # noqa: RUF001 - full-width digits, which Decimal would take
        "٣",  # Arabic-Indic three
        "1_000",
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "0.000000001",
        "1234567890123",
        "1000000000000.00000000",
        "+1",
        " 1",
        "1 ",
        "1\n",
        "1,5",
        ".5",
        "1.",
        "0x10",
        "",
        "-",
        "--1",
    ],
)
def test_text_that_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        Amount(text)


@pytest.mark.parametrize(
    "value",
    [
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E-9"),
        Decimal("0.123456789"),
        MAX_AMOUNT + Decimal("0.00000001"),
        -MAX_AMOUNT - Decimal("0.00000001"),
        10**12,
    ],
)
def test_numbers_that_the_ledger_cannot_hold_are_refused(value: Decimal | int) -> None:
    with pytest.raises(InvalidAmount):
        Amount(value)


def test_ends_of_the_range_are_held() -> None:
    assert str(Amount("999999999999.99999999")) == "999999999999.99999999"
    assert str(Amount("-999999999999.99999999")) == "-999999999999.99999999"


def test_smallest_unit_is_never_written_with_an_exponent() -> None:
    assert str(Amount(Decimal("1E-8"))) == "0.00000001"
    assert repr(Amount("0.00000001")) == "Amount('0.00000001')"


def test_format_with_a_specifier_is_a_decimals() -> None:
    assert f"{Amount('1.5'):.2f}" == "1.50"


def test_arithmetic_that_leaves_the_grid_is_refused_where_it_is_wrapped() -> None:
    third = Amount("1") / 3

    with pytest.raises(InvalidAmount):
        Amount(third)


def test_units_of_a_value_between_two_units_do_not_exist() -> None:
    with pytest.raises(InvalidAmount):
        to_e8(Decimal("0.000000015"))
