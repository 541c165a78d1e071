"""What a market maker believes the market is worth: a seeded walk that trades move."""

from decimal import Decimal
from random import Random
from typing import Final

import msgspec

from simulator.chance import normal
from simulator.view import View

STEP_S_MAX: Final = 10.0  # a pause is no reason for a jump


class Walk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the belief moves. Fractions of the price (0.0001: one basis point).

    `volatility`: the standard deviation of one second. `reversion`: the part of the way back
    to the anchor that a second takes. `impact`: the part of the way to a trade's price that
    the trade takes.
    """

    volatility: Decimal
    reversion: Decimal
    impact: Decimal


class FairPrice:
    """Starts at the last price, or else the configured one; its anchor is the reference that
    other markets imply, or else where it started."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._price: Decimal | None = None
        self._anchor = Decimal(0)
        self._at_s = 0.0

    def update(self, view: View, now_s: float, rng: Random) -> Decimal:
        """The belief now, in the quote asset, not yet on a tick."""
        if self._price is None:
            self._price = self._anchor = view.last_price or view.reference or view.start_price
            self._at_s = now_s
            return self._price
        seconds = Decimal(round(min(max(now_s - self._at_s, 0.0), STEP_S_MAX) * 1000)) / 1000
        self._at_s = now_s
        self._anchor = view.reference or self._anchor
        price = self._price
        for trade in view.trades:
            price += (trade.price - price) * self._walk.impact
        price += (self._anchor - price) * min(self._walk.reversion * seconds, Decimal(1))
        price += price * normal(rng, self._walk.volatility * seconds.sqrt())
        self._price = min(max(price, view.market.min_price), view.market.max_price)
        return self._price
