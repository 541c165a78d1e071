"""What the scripts share that trade in a market which others move."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

SYMBOL, PAIR = "BTCUSDT", "BTC/USDT"
CURRENCIES = ("BTC", "USDT")
BOUGHT, SOLD, RESTING = "0.002", "0.001", "0.001"
FAR = Decimal("0.7")  # of the price: an order that nobody takes meanwhile
COMPARED = 5  # numbers at which the local book and REST must both have been seen
LOOK_EVERY_S = 0.3

Side = list[tuple[float, float]]


class Books:
    """The local book and that of REST, each at the numbers at which it was seen."""

    def __init__(self) -> None:
        self.local: dict[int, tuple[Side, Side]] = {}
        self.rest: dict[int, tuple[Side, Side]] = {}

    @property
    def both(self) -> list[int]:
        """The numbers at which both were seen."""
        return sorted(self.local.keys() & self.rest.keys())

    @property
    def enough(self) -> bool:
        return len(self.both) >= COMPARED

    def facts(self) -> dict[str, Any]:
        """What the test looks at; the first book that differs is told as it was."""
        different = [number for number in self.both if self.local[number] != self.rest[number]]
        first = different[:1] and [self.local[different[0]], self.rest[different[0]]]
        sides = [side for number in self.both for side in self.local[number]]
        return {
            "compared": len(self.both),
            "least_levels": min(map(len, sides), default=0),
            "different": different,
            "first_different": first,
        }


def book(bids: Iterable[Sequence[Any]], asks: Iterable[Sequence[Any]]) -> tuple[Side, Side]:
    """Levels as numbers, best first."""
    return _side(bids), _side(asks)


def _side(levels: Iterable[Sequence[Any]]) -> Side:
    return [(float(level[0]), float(level[1])) for level in levels]


def far_below(price: object) -> str:
    """Where an order rests that nobody takes, on the tick."""
    return f"{Decimal(str(price)) * FAR:.2f}"


def balances_after(
    start: Mapping[str, Decimal], trades: Iterable[Mapping[str, Any]]
) -> dict[str, Decimal]:
    """What own trades, as `myTrades` lists them, have made of the balances."""
    held = dict(start)
    for trade in trades:
        sign = 1 if trade["isBuyer"] else -1
        held["BTC"] += sign * Decimal(trade["qty"])
        held["USDT"] -= sign * Decimal(trade["quoteQty"])
        held[trade["commissionAsset"]] -= Decimal(trade["commission"])
    return held


def same(told: Mapping[str, Mapping[str, object]], held: Mapping[str, Decimal]) -> bool:
    """Whether these balances are told, and nothing is locked."""
    return all(
        c in told and (_exact(told[c]["free"]), _exact(told[c]["used"])) == (held[c], 0)
        for c in CURRENCIES
    )


def _exact(amount: object) -> Decimal:
    return Decimal(str(amount))
