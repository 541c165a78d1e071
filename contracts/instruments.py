"""What is traded, in which steps, at which fees: a market's static facts.

Tick and lot are chosen so that price × quantity is exact at eight decimals; `Instrument`
refuses any other choice. Filters follow Binance's names and rules.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from contracts.amounts import E8, Amount, from_e8, to_e8
from contracts.topology import PARTITIONS

MILLION: Final = 1_000_000
MAX_PRICE_E8: Final = 1 << 53  # candles are kept as doubles, which hold no larger integer exactly


class InvalidInstrument(ValueError):
    """The market's facts contradict one another."""


class OffTick(ValueError):
    """A price is not a multiple of the tick."""


class OffLot(ValueError):
    """A quantity is not a multiple of the lot."""


class Instrument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One market. Rates are parts per million of what each side receives."""

    symbol: str
    base: str
    quote: str
    partition: int
    tick: Amount
    lot: Amount
    min_price: Amount
    max_price: Amount
    min_quantity: Amount
    max_quantity: Amount
    min_notional: Amount
    max_notional: Amount
    maker_fee_ppm: int
    taker_fee_ppm: int
    max_open_orders: int = 200
    # The price band, Binance's PERCENT_PRICE_BY_SIDE, in parts per million of the last price.
    # Tight where a mistake would cost its maker, wide where an order only waits.
    bid_up_ppm: int = 1_100_000
    bid_down_ppm: int = 200_000
    ask_up_ppm: int = 5_000_000
    ask_down_ppm: int = 900_000
    max_iceberg_parts: int = 10
    max_conditional_orders: int = 5
    settles: bool = True  # False: engine and market data alone know it; no money, no customer

    def __post_init__(self) -> None:
        if self.tick <= 0 or self.lot <= 0:
            raise InvalidInstrument(f"{self.symbol}: tick and lot must be positive")
        if (to_e8(self.tick) * to_e8(self.lot)) % E8:
            raise InvalidInstrument(f"{self.symbol}: tick × lot must be exact at 8 decimals")
        if self.base == self.quote:
            raise InvalidInstrument(f"{self.symbol}: base and quote are the same currency")
        for low, high in (
            ("min_price", "max_price"),
            ("min_quantity", "max_quantity"),
            ("min_notional", "max_notional"),
        ):
            if not 0 < getattr(self, low) <= getattr(self, high):
                raise InvalidInstrument(f"{self.symbol}: {low} must be positive, {high} no less")
        if to_e8(self.max_price) > MAX_PRICE_E8:
            raise InvalidInstrument(f"{self.symbol}: max_price is above {from_e8(MAX_PRICE_E8)}")
        for name in ("maker_fee_ppm", "taker_fee_ppm"):
            if not 0 <= getattr(self, name) <= MILLION:
                raise InvalidInstrument(f"{self.symbol}: {name} must be 0 to {MILLION}")
        for name in ("min_price", "max_price"):
            if to_e8(getattr(self, name)) % self.tick_e8:
                raise InvalidInstrument(f"{self.symbol}: {name} is not a multiple of the tick")
        for name in ("min_quantity", "max_quantity"):
            if to_e8(getattr(self, name)) % self.lot_e8:
                raise InvalidInstrument(f"{self.symbol}: {name} is not a multiple of the lot")
        self._check_band()

    def _check_band(self) -> None:
        for low, high in (("bid_down_ppm", "bid_up_ppm"), ("ask_down_ppm", "ask_up_ppm")):
            if not 0 < getattr(self, low) <= MILLION <= getattr(self, high):
                raise InvalidInstrument(f"{self.symbol}: {low} must be below 1, {high} above")

    @property
    def tick_e8(self) -> int:
        return to_e8(self.tick)

    @property
    def lot_e8(self) -> int:
        return to_e8(self.lot)

    @property
    def notional_unit_e8(self) -> int:
        """What one lot at one tick is worth in quote currency, in units of 0.00000001."""
        return self.tick_e8 * self.lot_e8 // E8

    def price_ticks(self, price: Decimal) -> int:
        """Raises OffTick where the price is not a multiple of the tick."""
        ticks, rest = divmod(to_e8(price), self.tick_e8)
        if rest:
            raise OffTick(f"{price} is not a multiple of {self.tick}")
        return ticks

    def quantity_lots(self, quantity: Decimal) -> int:
        """Raises OffLot where the quantity is not a multiple of the lot."""
        lots, rest = divmod(to_e8(quantity), self.lot_e8)
        if rest:
            raise OffLot(f"{quantity} is not a multiple of {self.lot}")
        return lots

    def price(self, ticks: int) -> Amount:
        return from_e8(ticks * self.tick_e8)

    def quantity(self, lots: int) -> Amount:
        return from_e8(lots * self.lot_e8)

    def notional(self, ticks: int, lots: int) -> Amount:
        return from_e8(ticks * lots * self.notional_unit_e8)


def money_partitions(markets: Mapping[str, Instrument]) -> tuple[int, ...]:
    """The partitions of the log that whoever follows money must read.

    That is all but those whose every market moves none: in one without a market of ours there
    may be trades of a market that this process does not know yet, and it must notice.
    """
    settled = {market.partition for market in markets.values() if market.settles}
    idle = {market.partition for market in markets.values()} - settled
    return tuple(number for number in range(PARTITIONS) if number not in idle)
