"""A price band as ops send and see it: multiples of the last price, as in `exchangeInfo`."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from api.commissions import rate
from api.schemas import AmountText, Model
from contracts.amounts import Amount, InvalidAmount
from contracts.instruments import MILLION, Instrument
from contracts.matching import PriceBand

PPM_PLACES: Final = 6
# A band of less than a tenth of a per cent leaves next to no price, one beyond these limits is
# none: both are slips of whoever types.
LOWEST_DOWN: Final = Decimal("0.01")
HIGHEST_DOWN: Final = Decimal("0.999")
LOWEST_UP: Final = Decimal("1.001")
HIGHEST_UP: Final = Decimal(100)


def _multiple(low: Decimal, high: Decimal) -> Callable[[object], str]:
    def read(value: object) -> str:
        try:
            multiple = Amount(value) if isinstance(value, str) else None
        except InvalidAmount:
            multiple = None
        if multiple is None or multiple != round(multiple, PPM_PLACES):
            raise ValueError(f"a string with a plain decimal number, at most {PPM_PLACES} decimals")
        if not low <= multiple <= high:
            raise ValueError(f"it must be {low} to {high} times the last price")
        return str(multiple)

    return read


Down = Annotated[
    str,
    BeforeValidator(_multiple(LOWEST_DOWN, HIGHEST_DOWN)),
    Field(description=f"{LOWEST_DOWN} to {HIGHEST_DOWN}.", examples=["0.95000000"]),
]
Up = Annotated[
    str,
    BeforeValidator(_multiple(LOWEST_UP, HIGHEST_UP)),
    Field(description=f"{LOWEST_UP} to {HIGHEST_UP}.", examples=["1.05000000"]),
]


class BandRequest(Model):
    """Between which multiples of the last price a buy's and a sell's price must be."""

    bid_down: Down
    bid_up: Up
    ask_down: Down
    ask_up: Up

    def figures(self) -> PriceBand:
        """For the engine. Without a trade there is no last price, and then no band."""
        return PriceBand(
            reference_ticks=0,
            bid_up_ppm=_ppm(self.bid_up),
            bid_down_ppm=_ppm(self.bid_down),
            ask_up_ppm=_ppm(self.ask_up),
            ask_down_ppm=_ppm(self.ask_down),
        )


class BandFigures(Model):
    """Multiples of the last price."""

    bid_down: AmountText
    bid_up: AmountText
    ask_down: AmountText
    ask_up: AmountText

    @classmethod
    def of(cls, market: Instrument) -> "BandFigures":
        """The market's band."""
        return cls(
            bid_down=str(rate(market.bid_down_ppm)),
            bid_up=str(rate(market.bid_up_ppm)),
            ask_down=str(rate(market.ask_down_ppm)),
            ask_up=str(rate(market.ask_up_ppm)),
        )


class BandInfo(Model):
    """The band that holds in a market, and the one that the configuration has for it."""

    symbol: Annotated[str, Field(examples=["BTCUSDT"])]
    set_by_operator: bool
    holds: BandFigures
    configured: BandFigures


def _ppm(multiple: str) -> int:
    return int(Decimal(multiple) * MILLION)
