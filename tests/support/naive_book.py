"""A matching engine that is obviously right and slow: one list of orders, searched each time.

Written from the rules, not from the engine. It speaks plain tuples, so that nothing of the
engine's own code decides what is expected.
"""

from dataclasses import dataclass, field


@dataclass
class NaiveOrder:
    order_id: int
    side: str
    price: int
    quantity: int
    maker_ppm: int
    taker_ppm: int
    arrival: int
    filled: int = 0
    quote_e8: int = 0
    commission_e8: int = 0
    sequence: int = 1
    status: str = "OPEN"

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled


@dataclass
class NaiveBook:
    """One market. `lot_e8` and `unit_e8` as the engine's: base per lot, quote per tick and lot."""

    lot_e8: int
    unit_e8: int
    orders: dict[int, NaiveOrder] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    buried: set[int] = field(default_factory=set)
    trades: list[tuple[int, int, int, int]] = field(default_factory=list)
    halted: bool = False
    arrivals: int = 0

    def submit(
        self,
        order_id: int,
        *,
        side: str,
        price: int,
        quantity: int,
        budget_e8: int,
        maker_ppm: int,
        taker_ppm: int,
    ) -> None:
        if order_id in self.orders or order_id in self.refused:
            return
        needed = quantity * (price * self.unit_e8 if side == "BUY" else self.lot_e8)
        if order_id in self.buried:
            self.refused[order_id] = "TOMBSTONED"
        elif price < 1 or quantity < 1 or needed > budget_e8:
            self.refused[order_id] = "INVALID_ORDER"
        elif self.halted:
            self.refused[order_id] = "MARKET_CLOSED"
        else:
            self.arrivals += 1
            taker = NaiveOrder(order_id, side, price, quantity, maker_ppm, taker_ppm, self.arrivals)
            self.orders[order_id] = taker
            self._match(taker)

    def cancel(self, order_id: int) -> None:
        order = self.orders.get(order_id)
        if order is None:
            if order_id not in self.refused:
                self.buried.add(order_id)
        elif order.status in ("OPEN", "PARTIALLY_FILLED"):
            order.status = "CANCELLED"
            order.sequence += 1

    def resting(self, side: str) -> list[NaiveOrder]:
        """Best price first; at one price, first come first served."""
        found = [
            order
            for order in self.orders.values()
            if order.side == side and order.status in ("OPEN", "PARTIALLY_FILLED")
        ]
        best_first = -1 if side == "BUY" else 1
        return sorted(found, key=lambda order: (best_first * order.price, order.arrival))

    def levels(self, side: str) -> dict[int, int]:
        totals: dict[int, int] = {}
        for order in self.resting(side):
            totals[order.price] = totals.get(order.price, 0) + order.remaining
        return totals

    def _match(self, taker: NaiveOrder) -> None:
        for maker in self.resting("SELL" if taker.side == "BUY" else "BUY"):
            crosses = (
                maker.price <= taker.price if taker.side == "BUY" else maker.price >= taker.price
            )
            if not crosses or taker.remaining == 0:
                return
            lots = min(taker.remaining, maker.remaining)
            self.trades.append((taker.order_id, maker.order_id, maker.price, lots))
            self._fill(taker, lots, maker.price, taker.taker_ppm)
            self._fill(maker, lots, maker.price, maker.maker_ppm)

    def _fill(self, order: NaiveOrder, lots: int, price: int, ppm: int) -> None:
        quote = lots * price * self.unit_e8
        received = lots * self.lot_e8 if order.side == "BUY" else quote
        order.filled += lots
        order.quote_e8 += quote
        order.commission_e8 += received * ppm // 1_000_000
        order.sequence += 1
        order.status = "FILLED" if order.remaining == 0 else "PARTIALLY_FILLED"
