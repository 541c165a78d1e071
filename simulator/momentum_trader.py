"""A momentum trader: buys what has risen, sells what has fallen, then waits."""

from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Literal

import msgspec

from simulator.agent import Action
from simulator.taking import take
from simulator.view import View


class MomentumTraderTerms(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    tag="momentum_trader",
):
    """It looks every `seconds`; a return of at least `threshold` (a fraction) over `window_s`
    moves it to take `size` of the base asset in that direction, and then to sit still for
    `cooldown_s`. `reach`: how far beyond the best price its limit (IOC) is."""

    window_s: float
    threshold: Decimal
    size: Decimal
    cooldown_s: float
    reach: Decimal = Decimal("0.0005")
    seconds: float = 2.0


class MomentumTrader:
    """Remembers the middle prices of its window, and when it last acted."""

    def __init__(self, terms: MomentumTraderTerms) -> None:
        self._terms = terms
        self._seen: deque[tuple[float, Decimal]] = deque()
        self._still_until_s = 0.0

    def decide(self, view: View, now_s: float, rng: Random) -> Sequence[Action]:  # noqa: ARG002
        """One order with the trend, or none. A window that is not full yet tells nothing."""
        self._seen.append((now_s, view.price))
        start_s = now_s - self._terms.window_s
        while len(self._seen) > 1 and self._seen[1][0] <= start_s:
            self._seen.popleft()
        first_s, first_price = self._seen[0]
        if first_s > start_s or now_s < self._still_until_s:
            return []
        change = view.price / first_price - 1
        if abs(change) < self._terms.threshold:
            return []
        side: Literal["BUY", "SELL"] = "BUY" if change > 0 else "SELL"
        found = take(view, side, self._terms.size, self._terms.reach)
        if found is None:
            return []
        self._still_until_s = now_s + self._terms.cooldown_s
        return [found]

    def wait_s(self, rng: Random) -> float:
        """Nearly regular."""
        return self._terms.seconds * rng.uniform(0.9, 1.1)
