"""Exact amounts: eight decimals, never a float, never written as 1E-8.

`Amount` is what messages carry and tables store (DECIMAL(20, 8)). The order book and the
engine's topics use integers; `e8` counts units of 0.00000001.
"""

import re
from decimal import Context, Decimal
from typing import Final

PLACES: Final = 8
UNIT: Final = Decimal("0.00000001")
E8: Final = 10**PLACES
MAX_AMOUNT: Final = Decimal("999999999999.99999999")  # DECIMAL(20, 8)
_PLAIN: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?")


class InvalidAmount(ValueError):
    """The value is not an exact amount with at most 12 integer digits and 8 decimals."""


class Amount(Decimal):
    """A signed amount of one currency, exact to eight decimals.

    Arithmetic gives plain `Decimal`; wrap the result again where it crosses a boundary, and
    the check happens there.

    Raises:
        InvalidAmount: more than 8 decimals, more than 12 integer digits, or not a number.
    """

    __slots__ = ()

    def __new__(cls, value: Decimal | int | str) -> "Amount":
        if isinstance(value, str) and not _PLAIN.fullmatch(value):
            raise InvalidAmount(f"not a plain decimal number with at most 8 decimals: {value!r}")
        if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
            raise InvalidAmount(f"not an exact number: {value!r}")
        made = super().__new__(cls, value)
        if not made.is_finite() or abs(made) > MAX_AMOUNT:
            raise InvalidAmount(f"outside ±{MAX_AMOUNT}: {value!r}")
        if made != made.quantize(UNIT):
            raise InvalidAmount(f"more than {PLACES} decimals: {value!r}")
        return made if made else super().__new__(cls, 0)  # never minus zero

    def __str__(self) -> str:
        return amount_text(self)

    def __format__(self, specifier: str, context: Context | None = None, /) -> str:
        if not specifier:
            return amount_text(self)
        return (
            format(Decimal(self), specifier)
            if context is None
            else super().__format__(specifier, context)
        )

    def __repr__(self) -> str:
        return f"Amount('{amount_text(self)}')"


ZERO: Final = Amount(0)


def amount_text(value: Decimal) -> str:
    """Write an amount as people and clients read it: always eight decimals, `0.00000001`."""
    return format(Decimal(value), f".{PLACES}f")


def from_e8(units: int) -> Amount:
    """Turn a count of 0.00000001 into an amount."""
    return Amount(Decimal(units).scaleb(-PLACES))


def e8_text(units: int) -> str:
    """The same text that `amount_text` makes, from a count of 0.00000001 that is not negative.

    For market data, which writes thousands of them a second.
    """
    return f"{units // E8}.{units % E8:08d}"


def to_e8(value: Decimal) -> int:
    """Turn an amount into a count of 0.00000001.

    Raises:
        InvalidAmount: the value has more than eight decimals.
    """
    units = value * E8
    whole = int(units)
    if whole != units:
        raise InvalidAmount(f"more than {PLACES} decimals: {value}")
    return whole
