"""A noise trader: small orders at random times, without an opinion."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Final, Literal

import msgspec

from simulator.agent import Action
from simulator.chance import exponential
from simulator.taking import take
from simulator.view import View

SMALLEST: Final = Decimal("1.1")  # of what the market takes at the least


class NoiseTraderTerms(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    tag="noise_trader",
):
    """`orders_per_second` is the mean of a Poisson process; `size` is the mean of exponential
    sizes in the base asset, none above `size_max`; `limit_share` of the orders are limits (IOC)
    at most `reach` (a fraction of the price) away from the best price, the others market orders."""

    orders_per_second: float
    size: Decimal
    size_max: Decimal
    limit_share: float = 0.5
    reach: Decimal = Decimal("0.0005")


class NoiseTrader:
    """Buys and sells by the toss of a coin; what it cannot pay for, it sells instead."""

    def __init__(self, terms: NoiseTraderTerms) -> None:
        self._terms = terms

    def decide(self, view: View, now_s: float, rng: Random) -> Sequence[Action]:  # noqa: ARG002
        """One order, or none while there is nobody to trade with or nothing to trade."""
        side: Literal["BUY", "SELL"] = "BUY" if rng.random() < 0.5 else "SELL"
        least = view.market.min_notional / view.price * SMALLEST
        wish = max(exponential(rng, self._terms.size, self._terms.size_max), least)
        is_limit = rng.random() < self._terms.limit_share
        reach = self._terms.reach if is_limit else None
        found = take(view, side, wish, reach) or take(view, _other(side), wish, reach)
        return [] if found is None else [found]

    def wait_s(self, rng: Random) -> float:
        """Exponential: arrivals are a Poisson process."""
        return rng.expovariate(self._terms.orders_per_second)


def _other(side: str) -> Literal["BUY", "SELL"]:
    return "SELL" if side == "BUY" else "BUY"
