"""One command at work in one market: what it has done so far, and how orders enter and leave.

Pure. The engine makes a step, lets it act, and publishes what it has gathered.
"""

from typing import NamedTuple

from contracts.matching import EngineEvent, TradeExecuted
from contracts.orders import ExpiryReason, OrderStatus
from matching.known_orders import KnownOrders
from matching.market import Market
from matching.order import Order
from matching.order_book import enqueue, hide
from matching.outcome import ClosedOrder, cancelled


class Limits(NamedTuple):
    """What one command may do at most, so that its entry fits into a message."""

    matches: int = 500
    activations: int = 100
    expiries: int = 100
    cancels: int = 500


class Step:
    """Events, trades and touched levels of one command.

    `bids` and `asks` hold what each touched level showed before. `caused_by` is the order whose
    command it is, else 0; `client_cancel_id` what its user calls the cancel that it is, else
    empty. `matches_left` and `activations_left` are what `Limits` still allows.
    """

    __slots__ = (
        "activations_left",
        "asks",
        "bids",
        "caused_by",
        "client_cancel_id",
        "events",
        "limits",
        "market",
        "matches_left",
        "orders",
        "trades",
    )

    def __init__(
        self,
        market: Market,
        orders: KnownOrders,
        events: list[EngineEvent],
        limits: Limits,
        caused_by: int,
    ) -> None:
        self.market = market
        self.orders = orders
        self.events = events
        self.limits = limits
        self.caused_by = caused_by
        self.client_cancel_id = ""
        self.matches_left = limits.matches
        self.activations_left = limits.activations
        self.trades: list[TradeExecuted] = []
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}

    def enlist(self, order: Order) -> None:
        """The order lives on beyond this command: it rests, or waits."""
        self.orders.live[order.order_id] = order
        users = self.market.users
        ids = users.get(order.user_id)
        if ids is None:
            users[order.user_id] = {order.order_id}
        else:
            ids.add(order.order_id)
        if order.expires_at_ms:
            self.market.expiries.add(order)

    def rest(self, order: Order) -> None:
        """Put a live order on the book."""
        if order.iceberg:
            hide(order)
        book, price = self.market.book, order.price
        if order.is_buy:
            level = book.bids.level_at(price)
            self.bids.setdefault(price, level.quantity)
        else:
            level = book.asks.level_at(price)
            self.asks.setdefault(price, level.quantity)
        enqueue(level, order)
        order.level = level
        level.quantity += order.shown

    def unplace(self, order: Order) -> None:
        """Take a live order from where it rests or waits; it stays live."""
        level = order.level
        if level is not None:
            (self.bids if order.is_buy else self.asks).setdefault(level.price, level.quantity)
            self.market.book.remove(order)
        elif not order.working:
            self.market.stops.discard(order)

    def leave(self, order: Order, reason: ExpiryReason | None = None) -> None:
        """The order has reached its last status: off every list, into memory."""
        order_id, orders = order.order_id, self.orders
        if order_id in orders.live:
            del orders.live[order_id]
            users = self.market.users
            ids = users[order.user_id]
            if len(ids) > 1:
                ids.remove(order_id)
            else:
                del users[order.user_id]
            if order.expires_at_ms:
                self.market.expiries.remove(order)
        orders.close(order_id, ClosedOrder.of(order, reason))

    def end(
        self,
        order: Order,
        status: OrderStatus,
        reason: ExpiryReason | None = None,
        *,
        caused_by: int | None = None,
    ) -> None:
        """End an order that is not filled, and with it the other leg of its list.

        A cancelled leg cancels the other; any other end expires it (OCO_TRIGGER).
        """
        self.unplace(order)
        order.sequence += 1
        order.status = status
        self.leave(order, reason)
        cause = self.caused_by if caused_by is None else caused_by
        asked_as = self.client_cancel_id if status is OrderStatus.CANCELLED else ""
        self.events.append(cancelled(order, cause, reason, asked_as))
        if order.sibling:
            self.end_sibling(order, cancels=status is OrderStatus.CANCELLED, caused_by=cause)

    def end_sibling(self, order: Order, *, cancels: bool = False, caused_by: int) -> None:
        """End the other leg: this one was cancelled, or has won, or has ended otherwise."""
        other = self.orders.live[order.sibling]
        order.sibling = other.sibling = 0
        if cancels:
            self.end(other, OrderStatus.CANCELLED, caused_by=caused_by)
        else:
            reason = ExpiryReason.OCO_TRIGGER
            self.end(other, OrderStatus.EXPIRED, reason, caused_by=caused_by)
