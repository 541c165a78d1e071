"""A large order being worked: slices over time (TWAP), none of them much of what is traded."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

import msgspec

from simulator.agent import Action, Side
from simulator.chance import exponential
from simulator.taking import take
from simulator.view import ZERO, View

SLICES_BEHIND_MAX = 3  # of the schedule: what the market did not give is not forced on it


class LargeOrderTerms(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    tag="large_order",
):
    """A parent order of `quantity` of the base asset is worked over `duration_s` in a slice
    every `seconds`. A slice is at most `participation` (a fraction) of what others have traded
    since the last one. Between two parents lie `pause_s` on average (exponential)."""

    quantity: Decimal
    duration_s: float
    participation: Decimal
    pause_s: float
    target: Decimal  # of the base asset: it sells when it holds more, and else buys
    reach: Decimal = Decimal("0.0005")
    seconds: float = 5.0


@dataclass(frozen=True)
class Parent:
    """What is being worked. `filled_before` is what the agent had traded when it began."""

    side: Side
    began_s: float
    filled_before: Decimal


class LargeOrder:
    """One parent order after another."""

    def __init__(self, terms: LargeOrderTerms) -> None:
        self._terms = terms
        self._parent: Parent | None = None
        self._next_s: float | None = None

    def decide(self, view: View, now_s: float, rng: Random) -> Sequence[Action]:
        """The next slice, or none: between parents, or where the schedule or the market has no
        room for one."""
        parent = self._working(view, now_s, rng)
        if parent is None:
            return []
        done = view.filled - parent.filled_before
        wish = min(self._due(parent, done, now_s), self._share(view))
        found = take(view, parent.side, wish, self._terms.reach) if wish > ZERO else None
        return [] if found is None else [found]

    def wait_s(self, rng: Random) -> float:
        """Nearly regular."""
        return self._terms.seconds * rng.uniform(0.9, 1.1)

    def _working(self, view: View, now_s: float, rng: Random) -> Parent | None:
        """The parent of now: a new one when its time has come, none once it is over."""
        if self._next_s is None:
            self._next_s = now_s + self._pause(rng)
        if self._parent is None and now_s >= self._next_s:
            side: Side = "SELL" if view.base.total > self._terms.target else "BUY"
            self._parent = Parent(side, now_s, view.filled)
        elif self._parent is not None and now_s >= self._parent.began_s + self._terms.duration_s:
            self._parent, self._next_s = None, now_s + self._pause(rng)
        return self._parent

    def _due(self, parent: Parent, done: Decimal, now_s: float) -> Decimal:
        """What the schedule wants by now, less what was filled; a few slices at the most."""
        slices = max(int(self._terms.duration_s / self._terms.seconds), 1)
        passed = int((now_s - parent.began_s) / self._terms.seconds) + 1
        wanted = self._terms.quantity * min(passed, slices) / slices
        slice_size = self._terms.quantity / slices
        return min(wanted - done, slice_size * SLICES_BEHIND_MAX)

    def _share(self, view: View) -> Decimal:
        """Its part of what was traded since its last decision; its own orders count little,
        since they were that small part before."""
        traded = sum((trade.quantity for trade in view.trades), ZERO)
        return traded * self._terms.participation

    def _pause(self, rng: Random) -> float:
        mean = Decimal(round(self._terms.pause_s * 1000)) / 1000
        return float(exponential(rng, mean, mean * 5))
