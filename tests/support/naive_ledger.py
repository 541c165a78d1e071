"""A ledger that is obviously right and slow: a list of all that happened, summed each time.

Written from the rules, not from the ledger; plain tuples and dicts. An order's fills come in
order; releases, reserves and duplicates come whenever they like.
"""

from dataclasses import dataclass, field


@dataclass
class NaiveOrder:
    user: int
    currency: str
    reserved: int
    used: int = 0
    filled: int = 0
    awaits: int | None = None
    closed: bool = False


@dataclass
class NaiveLedger:
    """Rows of (user, currency, account, amount in 1e-8)."""

    rows: list[tuple[int, str, str, int]] = field(default_factory=list)
    orders: dict[int, NaiveOrder] = field(default_factory=dict)

    def sum(self, user: int, currency: str, account: str) -> int:
        return sum(row[3] for row in self.rows if row[:3] == (user, currency, account))

    def deposit(self, user: int, currency: str, amount: int) -> None:
        self._move((0, "EXTERNAL"), (user, "AVAILABLE"), currency, amount)

    def reserve(self, order: int, user: int, currency: str, amount: int) -> str:
        known = self.orders.get(order)
        if known is not None:
            return "too late" if known.closed else "twice"
        if self.sum(user, currency, "AVAILABLE") < amount:
            return "poor"
        self.orders[order] = NaiveOrder(user, currency, amount)
        self._move((user, "AVAILABLE"), (user, "RESERVED"), currency, amount)
        return "reserved"

    def release(self, order: int, user: int, filled: int) -> str:
        known = self.orders.setdefault(order, NaiveOrder(user, "", 0, closed=True))
        if known.user != user:
            return "invalid"
        if filled < known.filled:
            return "invalid"
        if known.closed:
            return "done"
        if known.awaits not in (None, filled):
            return "invalid"
        known.awaits = filled
        self._close_if_due(known)
        return "done" if known.closed else "pending"

    def reduce(self, order: int, user: int, amount: int) -> int | str:
        """What went back, or "invalid"."""
        known = self.orders.get(order)
        if known is None or known.user != user:
            return "invalid"
        if known.closed:
            return 0
        if amount > known.reserved - known.used:
            return "invalid"
        self._move((user, "RESERVED"), (user, "AVAILABLE"), known.currency, amount)
        known.reserved -= amount
        self._close_if_due(known)
        return amount

    def settle(
        self,
        buy: int,
        sell: int,
        lots: int,
        *,
        quote: int,
        refund: int,
        fees: tuple[int, int],
        base_amount: int,
    ) -> str:
        """Fills both orders by `lots`; "bad" where one of them cannot be. Fees: buyer, seller."""
        buyer_fee, seller_fee = fees
        buyer, seller = self.orders.get(buy), self.orders.get(sell)
        if buyer is None or seller is None:
            return "bad"
        for order, currency, cost in (
            (buyer, "USDT", quote + refund),
            (seller, "BTC", base_amount),
        ):
            if order.closed or order.currency != currency or order.used + cost > order.reserved:
                return "bad"
            if order.awaits is not None and order.filled + lots > order.awaits:
                return "bad"
        held, free = (buyer.user, "RESERVED"), (buyer.user, "AVAILABLE")
        self._move(held, (seller.user, "AVAILABLE"), "USDT", quote - seller_fee)
        self._move(held, (0, "FEES"), "USDT", seller_fee)
        self._move(held, free, "USDT", refund)
        self._move((seller.user, "RESERVED"), free, "BTC", base_amount - buyer_fee)
        self._move((seller.user, "RESERVED"), (0, "FEES"), "BTC", buyer_fee)
        for order, cost in ((buyer, quote + refund), (seller, base_amount)):
            order.used += cost
            order.filled += lots
            self._close_if_due(order)
        return "settled"

    def _close_if_due(self, order: NaiveOrder) -> None:
        if order.awaits == order.filled or order.used == order.reserved:
            rest = order.reserved - order.used
            self._move((order.user, "RESERVED"), (order.user, "AVAILABLE"), order.currency, rest)
            order.closed = True

    def _move(
        self, source: tuple[int, str], target: tuple[int, str], currency: str, amount: int
    ) -> None:
        self.rows.append((source[0], currency, source[1], -amount))
        self.rows.append((target[0], currency, target[1], amount))
