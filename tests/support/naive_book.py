"""Orders and a book that are obviously right and slow: one list, searched and sorted each time.

Written from the rules in `docs/reference/order-types.md`, not from the engine. Commands and
events are plain dictionaries, so that nothing of the engine's own code decides what is expected.
"""

from dataclasses import dataclass, replace
from typing import Any

Fields = dict[str, Any]


@dataclass
class NaiveMarket:
    facts: Fields  # the AddSymbol that opened it
    halted: bool = False
    configured_band: Fields | None = None
    operator_band: Fields | None = None
    last: int = 0
    trades: int = 0
    prevented: int = 0
    updates: int = 0

    @property
    def unit_e8(self) -> int:
        return int(self.facts["tick_e8"] * self.facts["lot_e8"] // 10**8)

    @property
    def band(self) -> Fields | None:
        return self.configured_band if self.operator_band is None else self.operator_band

    @property
    def last_price(self) -> int:
        if self.last or self.band is None:
            return self.last
        return int(self.band["reference_ticks"])


@dataclass
class NaiveOrder:
    """`place` is BOOK, STOPS (waits for its price), QUEUE (waits its turn), or NOWHERE."""

    terms: Fields  # the SubmitOrder that brought it
    arrival: int
    quantity: int
    list_id: int = 0
    sibling: int = 0
    status: str = "OPEN"
    sequence: int = 1
    filled: int = 0
    quote_e8: int = 0
    commission_e8: int = 0
    shown: int = 0
    priority: int = 0
    place: str = "NOWHERE"
    working: bool = True
    refusal: str | None = None
    reason: str | None = None
    closed_at: int = 0

    @property
    def id(self) -> int:
        return int(self.terms["order_id"])

    @property
    def buys(self) -> bool:
        return bool(self.terms["side"] == "BUY")

    @property
    def by_value(self) -> bool:
        return bool(self.terms["quote_e8"])

    @property
    def price(self) -> int:
        return int(self.terms["price_ticks"])

    @property
    def left(self) -> int:
        return self.quantity - self.filled

    @property
    def live(self) -> bool:
        return self.status in ("OPEN", "PARTIALLY_FILLED")

    @property
    def takes_any_price(self) -> bool:
        return self.terms["order_type"] in ("MARKET", "STOP_LOSS", "TAKE_PROFIT")

    @property
    def waits_for_rise(self) -> bool:
        return self.buys == self.terms["order_type"].startswith("STOP_LOSS")

    def reached(self, last: int) -> bool:
        stop = self.terms["stop_ticks"]
        return bool(last >= stop if self.waits_for_rise else last <= stop)

    def accepts(self, price: int) -> bool:
        return price <= self.price if self.buys else price >= self.price

    def due(self, now: int) -> bool:
        return bool(0 < self.terms["expires_at_ms"] <= now)


class NaiveBook:
    """Every live order of one market in one list; who is first is found by sorting."""

    def __init__(self, market: NaiveMarket, orders: list[NaiveOrder]) -> None:
        self.market = market
        self.orders = orders

    def copy(self) -> "NaiveBook":
        return NaiveBook(replace(self.market), [replace(order) for order in self.orders])

    def resting(self, side: str) -> list[NaiveOrder]:
        """Best price first; at one price, first come first served."""
        found = [o for o in self.orders if o.place == "BOOK" and o.terms["side"] == side]
        best_first = -1 if side == "BUY" else 1
        return sorted(found, key=lambda o: (best_first * o.price, o.priority))

    def levels(self, side: str) -> dict[int, int]:
        """Price → lots shown."""
        totals: dict[int, int] = {}
        for order in self.resting(side):
            totals[order.price] = totals.get(order.price, 0) + order.shown
        return totals

    def opposite(self, taker: NaiveOrder) -> list[NaiveOrder]:
        return self.resting("SELL" if taker.buys else "BUY")

    def crosses(self, taker: NaiveOrder) -> bool:
        makers = self.opposite(taker)
        return bool(makers) and taker.accepts(makers[0].price)

    def show(self, order: NaiveOrder) -> None:
        """Queue the order, or an iceberg's next slice, behind the others at its price."""
        slice_ = order.terms["iceberg_lots"] or order.left
        order.shown = min(slice_, order.left)
        order.priority = 1 + max((o.priority for o in self.orders), default=0)
        order.place = "BOOK"

    def affordable(self, taker: NaiveOrder, price: int) -> int:
        """Lots that the taker still wants at this price."""
        if not taker.by_value:
            return taker.left
        left_e8 = taker.terms["quote_e8"] - taker.quote_e8
        lots = int(left_e8 // (price * self.market.unit_e8))
        if taker.buys:
            return lots
        return min(lots, taker.terms["budget_e8"] // self.market.facts["lot_e8"] - taker.filled)

    def would_fill(self, taker: NaiveOrder, most: int) -> bool:
        """Whether the whole taker would trade, found out on a copy."""
        book, trial = self.copy(), replace(taker)
        while most and trial.left and book.crosses(trial):
            most -= 1
            maker = book.opposite(trial)[0]
            mode = trial.terms["self_trade_prevention"]
            if mode != "NONE" and maker.terms["user_id"] == trial.terms["user_id"]:
                if mode != "EXPIRE_MAKER":
                    return False
                maker.place = "NOWHERE"
                continue
            lots = min(trial.left, maker.shown)
            trial.filled += lots
            book.give(maker, lots)
        return not trial.left

    def give(self, maker: NaiveOrder, lots: int) -> None:
        """A maker sells or buys from what it shows."""
        maker.filled += lots
        maker.shown -= lots
        if not maker.left:
            maker.place = "NOWHERE"
        elif not maker.shown:
            self.show(maker)
