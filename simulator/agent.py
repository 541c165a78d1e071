"""What an agent is: a pure decision, repeated at times of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Literal, Protocol

from simulator.view import View

Side = Literal["BUY", "SELL"]


@dataclass(frozen=True)
class Place:
    """A new order; no price: a market order. `kind` is Binance's order type."""

    side: Side
    kind: Literal["LIMIT_MAKER", "LIMIT_IOC", "MARKET"]
    quantity: Decimal
    price: Decimal | None = None


@dataclass(frozen=True)
class Cancel:
    """Take back an open order of one's own."""

    client_order_id: str


Action = Place | Cancel


class Agent(Protocol):
    """The same seed and the same views give the same decisions: no clock, no I/O, no other
    source of chance than the one that is handed in."""

    def decide(self, view: View, now_s: float, rng: Random) -> Sequence[Action]:
        """What to do now, in this order. `now_s`: seconds since the agent's start."""
        ...

    def wait_s(self, rng: Random) -> float:
        """Seconds from this decision to the next."""
        ...
