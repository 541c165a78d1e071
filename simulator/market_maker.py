"""A market maker: a ladder of post-only orders on each side of what it believes.

Its prices lie on a grid, so that a move of the belief leaves most orders where they are: one is
taken back only when it is too near to the belief, or far out of the ladder. What it holds shifts
its prices: with too much of the base asset both sides go down, so that it sells more than it buys.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random
from typing import Final

import msgspec

from simulator.agent import Action, Cancel, Place, Side
from simulator.fair_price import FairPrice, Walk
from simulator.view import OwnOrder, View

TOO_NEAR: Final = Decimal("0.5")  # of the half spread: an order that is nearer is taken back
REFILL_BELOW: Final = Decimal("0.3")  # of a level's size
SPARE: Final = Decimal("0.9")  # of the free balance, spread over the orders of one decision
OFFSET_MAX: Final = Decimal(1)


class MarketMakerTerms(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    tag="market_maker",
):
    """`half_spread`, `spacing` and `skew` are fractions of the price; `size` is of the base
    asset, of the innermost level, and grows by `growth` of itself a level. `target` is what the
    maker wants to hold of the base asset, and it leans fully (`skew`) at `tolerance` away from
    that. `actions` is how much one decision may do, `seconds` the time between two."""

    levels: int
    half_spread: Decimal
    spacing: Decimal
    size: Decimal
    growth: Decimal
    skew: Decimal
    target: Decimal
    tolerance: Decimal
    walk: Walk
    spare_levels: int = 4  # an order may be that far out of the ladder before it is taken back
    actions: int = 8
    seconds: float = 1.0


class MarketMaker:
    """Quotes both sides, always behind the other side of the book (LIMIT_MAKER)."""

    def __init__(self, terms: MarketMakerTerms) -> None:
        self._terms = terms
        self._fair = FairPrice(terms.walk)

    def decide(self, view: View, now_s: float, rng: Random) -> Sequence[Action]:
        """Cancels first, then new orders from the inside out; few enough for one decision."""
        middle = self._leaning(self._fair.update(view, now_s, rng), view)
        cancels: list[Action] = [
            Cancel(order.client_order_id)
            for order in view.orders
            if self._misplaced(order, middle, view)
        ]
        kept = [order for order in view.orders if not self._misplaced(order, middle, view)]
        places = self._affordable(self._missing(kept, middle, view), view)
        return [*cancels, *places][: self._terms.actions]

    def wait_s(self, rng: Random) -> float:
        """Nearly regular: a tenth of chance keeps makers from acting all at once."""
        return self._terms.seconds * rng.uniform(0.9, 1.1)

    def _leaning(self, fair: Decimal, view: View) -> Decimal:
        offset = (view.base.total - self._terms.target) / self._terms.tolerance
        return fair * (1 - self._terms.skew * min(max(offset, -OFFSET_MAX), OFFSET_MAX))

    def _misplaced(self, order: OwnOrder, middle: Decimal, view: View) -> bool:
        distance = _distance(order.side, order.price, middle)
        terms = self._terms
        reach = terms.half_spread + terms.spacing * (terms.levels + terms.spare_levels)
        near, far = middle * terms.half_spread * TOO_NEAR, middle * reach
        return not near <= distance <= max(far, self._step(view) * terms.levels)

    def _missing(self, kept: Sequence[OwnOrder], middle: Decimal, view: View) -> list[Place]:
        """Both sides' missing levels, the innermost of both first."""
        sides: tuple[Side, Side] = ("BUY", "SELL")
        ladders = [list(self._ladder(side, middle, view)) for side in sides]
        places = []
        for levels in zip(*ladders, strict=True):
            for side, (price, size) in zip(sides, levels, strict=True):
                present = sum(o.remaining for o in kept if o.side == side and o.price == price)
                quantity = view.market.quantity(size - present, price)
                room = view.market.allows(side, price, view.last_price)
                if quantity and room and present < size * REFILL_BELOW:
                    places.append(Place(side, "LIMIT_MAKER", quantity, price))
        return places

    def _ladder(self, side: Side, middle: Decimal, view: View) -> Iterator[tuple[Decimal, Decimal]]:
        """(price, size) from the inside out, on the grid and behind the other side's best."""
        terms, step = self._terms, self._step(view)
        if side == "BUY":
            edge = middle * (1 - terms.half_spread)
            if view.best_ask is not None:
                edge = min(edge, view.best_ask - view.market.tick)
            first, direction = (edge / step).to_integral_value(ROUND_FLOOR), -1
        else:
            edge = middle * (1 + terms.half_spread)
            if view.best_bid is not None:
                edge = max(edge, view.best_bid + view.market.tick)
            first, direction = (edge / step).to_integral_value(ROUND_CEILING), 1
        for level in range(terms.levels):
            price = view.market.nearest_price((first + direction * level) * step)
            yield price, terms.size * (1 + terms.growth * level)

    def _step(self, view: View) -> Decimal:
        """The grid's step, on the tick. It is measured on the start price, so that it stays."""
        return max(
            view.market.nearest_price(view.start_price * self._terms.spacing), view.market.tick
        )

    def _affordable(self, places: list[Place], view: View) -> list[Place]:
        """As many from the inside out as the free balances pay for."""
        quote, base = view.quote.free * SPARE, view.base.free * SPARE
        paid = []
        for place in places:
            if place.price is None:
                continue
            if place.side == "BUY":
                quote -= place.price * place.quantity
            else:
                base -= place.quantity
            if (quote if place.side == "BUY" else base) >= 0:
                paid.append(place)
        return paid


def _distance(side: str, price: Decimal, middle: Decimal) -> Decimal:
    """How far an order is from the middle, on its own side of it."""
    return middle - price if side == "BUY" else price - middle
