"""One market's rules, as `exchangeInfo` publishes them, and what they make of a wish."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal
from typing import Any


class UnusableMarket(ValueError):
    """`exchangeInfo` lacks a filter that an agent cannot trade without."""


@dataclass(frozen=True)
class Market:
    """Binance's filters. Prices in the quote asset, quantities in the base asset."""

    symbol: str
    base: str
    quote: str
    tick: Decimal
    lot: Decimal
    min_price: Decimal
    max_price: Decimal
    min_quantity: Decimal
    max_quantity: Decimal
    min_notional: Decimal
    max_notional: Decimal
    bid_down: Decimal = Decimal(0)  # PERCENT_PRICE_BY_SIDE: multiples of the last price
    bid_up: Decimal = Decimal("Infinity")
    ask_down: Decimal = Decimal(0)
    ask_up: Decimal = Decimal("Infinity")

    def price_below(self, wish: Decimal) -> Decimal:
        """The highest price on the tick that is not above the wish, inside PRICE_FILTER."""
        return self._inside((wish / self.tick).to_integral_value(ROUND_DOWN) * self.tick)

    def price_above(self, wish: Decimal) -> Decimal:
        """The lowest price on the tick that is not below the wish, inside PRICE_FILTER."""
        return self._inside((wish / self.tick).to_integral_value(ROUND_UP) * self.tick)

    def nearest_price(self, wish: Decimal) -> Decimal:
        """The price on the tick that is nearest to the wish, inside PRICE_FILTER."""
        return self._inside((wish / self.tick).to_integral_value(ROUND_HALF_EVEN) * self.tick)

    def quantity(self, wish: Decimal, price: Decimal) -> Decimal:
        """The wish rounded down to the lot and cut to LOT_SIZE and NOTIONAL.

        Zero where what is left is less than the market takes.
        """
        most = min(wish, self.max_quantity, self.max_notional / price)
        lots = (most / self.lot).to_integral_value(ROUND_DOWN) * self.lot
        enough = lots >= self.min_quantity and lots * price >= self.min_notional
        return lots if enough else Decimal(0)

    def allows(self, side: str, price: Decimal, last_price: Decimal | None) -> bool:
        """Whether the price band lets an order of that side in. Without a last price any is."""
        if last_price is None:
            return True
        down, up = (self.bid_down, self.bid_up) if side == "BUY" else (self.ask_down, self.ask_up)
        return last_price * down <= price <= last_price * up

    def _inside(self, price: Decimal) -> Decimal:
        return min(max(price, self.min_price), self.max_price)


def read_market(symbol_info: Mapping[str, Any]) -> Market:
    """One entry of `exchangeInfo`'s `symbols`.

    Raises:
        UnusableMarket: PRICE_FILTER, LOT_SIZE or NOTIONAL is missing.
    """
    filters = {row["filterType"]: row for row in symbol_info["filters"]}
    try:
        price, lot, notional = (filters[name] for name in ("PRICE_FILTER", "LOT_SIZE", "NOTIONAL"))
    except KeyError as error:
        raise UnusableMarket(f"{symbol_info['symbol']} has no filter {error}") from error
    band = filters.get("PERCENT_PRICE_BY_SIDE", {})
    return Market(
        symbol=symbol_info["symbol"],
        base=symbol_info["baseAsset"],
        quote=symbol_info["quoteAsset"],
        tick=Decimal(price["tickSize"]),
        lot=Decimal(lot["stepSize"]),
        min_price=Decimal(price["minPrice"]),
        max_price=Decimal(price["maxPrice"]),
        min_quantity=Decimal(lot["minQty"]),
        max_quantity=Decimal(lot["maxQty"]),
        min_notional=Decimal(notional["minNotional"]),
        max_notional=Decimal(notional["maxNotional"]),
        bid_down=Decimal(band.get("bidMultiplierDown", "0")),
        bid_up=Decimal(band.get("bidMultiplierUp", "Infinity")),
        ask_down=Decimal(band.get("askMultiplierDown", "0")),
        ask_up=Decimal(band.get("askMultiplierUp", "Infinity")),
    )
