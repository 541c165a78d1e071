"""What an agent sees when it decides: nothing but what the public API told it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from simulator.market import Market

ZERO = Decimal(0)


@dataclass(frozen=True)
class Level:
    """A price of the book and the quantity that waits there."""

    price: Decimal
    quantity: Decimal


@dataclass(frozen=True)
class Trade:
    """One aggregate trade; `buyer_takes` when the buyer's order was the later one."""

    trade_id: int
    price: Decimal
    quantity: Decimal
    buyer_takes: bool


@dataclass(frozen=True)
class OwnOrder:
    """One of the agent's open orders. `remaining` in the base asset."""

    client_order_id: str
    side: str
    price: Decimal
    remaining: Decimal


@dataclass(frozen=True)
class Balance:
    """What an account has of one asset: to spend, and held by open orders."""

    free: Decimal = ZERO
    locked: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.free + self.locked


@dataclass(frozen=True)
class View:
    """One market and one account at one moment. Sides are best first, trades oldest first.

    `start_price` stands in until there is a trade; `reference` is a price that other markets
    imply (ETHUSDT ÷ BTCUSDT for ETHBTC), where the agent's configuration names them. `filled` is
    what the agent's orders have traded at once since its start, by the answers to them.
    """

    market: Market
    start_price: Decimal
    bids: Sequence[Level] = ()
    asks: Sequence[Level] = ()
    trades: Sequence[Trade] = ()  # those since the agent's last decision
    last_price: Decimal | None = None
    orders: Sequence[OwnOrder] = ()
    base: Balance = Balance()
    quote: Balance = Balance()
    filled: Decimal = ZERO
    reference: Decimal | None = None

    @property
    def best_bid(self) -> Decimal | None:
        return self.bids[0].price if self.bids else None

    @property
    def best_ask(self) -> Decimal | None:
        return self.asks[0].price if self.asks else None

    @property
    def price(self) -> Decimal:
        """What the market is worth now: the middle of the book, the last trade, or the start."""
        if self.bids and self.asks:
            return (self.bids[0].price + self.asks[0].price) / 2
        return self.last_price or self.start_price
