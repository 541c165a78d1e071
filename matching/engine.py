"""The matching engine of one partition: commands in, what happened out. Pure and deterministic.

No clock, no randomness, no I/O: time is the log's, every number is an integer, and the same log
gives the same output, byte for byte. An order id is decided once: what comes later under the
same id is told the present state.
"""

from typing import Final

from contracts.amounts import E8
from contracts.matching import (
    AddSymbol,
    BookUpdated,
    CancelOrder,
    CancelRejected,
    CommandRejected,
    EngineCommand,
    EngineEvent,
    HaltMarket,
    MarketHalted,
    MarketOpened,
    MarketResumed,
    OrderCancelled,
    OrderRejected,
    OrderStatusReported,
    ResumeMarket,
    SubmitOrder,
    TradeExecuted,
)
from contracts.orders import OrderStatus, Refusal, Side
from matching.market import PPM, Market
from matching.order_book import Order
from matching.outcome import (
    ClosedOrder,
    Outcome,
    accepted,
    cancelled,
    rejected,
    reported,
)

MAX_ORDER_E8: Final = 10**18
"""No price, quantity or value of one order may exceed this many units of 0.00000001."""

MAX_MATCHES: Final = 500
"""A taker meets at most this many makers; what is left then expires.

It bounds the entry of one command, and with it the message that has to carry it.
"""


class Engine:
    """The markets of one partition and every order id that its log has named."""

    __slots__ = ("closed", "live", "markets", "next_offset", "now_ms", "tombstones")

    def __init__(self) -> None:
        self.markets: dict[str, Market] = {}
        self.live: dict[int, Order] = {}
        self.closed: dict[int, ClosedOrder] = {}
        self.tombstones: set[int] = set()
        self.next_offset = 0
        self.now_ms = 0

    def skip(self, offset: int) -> None:
        """Pass over a record that holds no command."""
        self.next_offset = offset + 1

    def apply(self, command: EngineCommand, offset: int, at_ms: int) -> Outcome:
        """Carry out one command of the log; `at_ms` is its log append time."""
        self.now_ms = max(self.now_ms, at_ms)
        self.next_offset = offset + 1
        events: list[EngineEvent] = []
        trades: list[TradeExecuted] = []
        update: BookUpdated | None = None
        if isinstance(command, SubmitOrder):
            update = self._submit(command, events, trades)
        elif isinstance(command, CancelOrder):
            update = self._cancel(command, events)
        elif isinstance(command, AddSymbol | HaltMarket | ResumeMarket):
            events.append(self._administer(command))
        else:
            events.append(CommandRejected(symbol=command.symbol, refusal=Refusal.INVALID_ORDER))
        return Outcome(
            offset, command.command_id, self.now_ms, tuple(events), tuple(trades), update
        )

    def _submit(
        self, command: SubmitOrder, events: list[EngineEvent], trades: list[TradeExecuted]
    ) -> BookUpdated | None:
        order_id = command.order_id
        known = self._report(order_id)
        if known is not None:
            events.append(known)
            return None
        market = self.markets.get(command.symbol)
        refusal = self._refusal(command, market)
        if market is None or refusal is not None:
            events.append(self._reject(command, refusal or Refusal.UNKNOWN_SYMBOL))
            return None
        order = Order(command)
        events.append(accepted(order))
        matches: list[tuple[Order, int]] = []
        taken = market.book.take(order, MAX_MATCHES, matches)
        for maker, lots in matches:
            market.execute(order, maker, lots, events, trades)
            if not maker.remaining:
                del self.live[maker.order_id]
                self.closed[maker.order_id] = ClosedOrder.of(maker)
        rested: list[tuple[int, int]] = []
        if not order.remaining:
            self.closed[order_id] = ClosedOrder.of(order)
        elif len(matches) == MAX_MATCHES and market.book.crosses(order):
            events.append(self._end(order, OrderStatus.EXPIRED))
        else:
            self.live[order_id] = order
            level = market.book.rest(order)
            rested.append((level.price, level.quantity))
        if order.is_buy:
            return market.book_update(rested, taken)
        return market.book_update(taken, rested)

    def _refusal(self, command: SubmitOrder, market: Market | None) -> Refusal | None:
        """Why the order may not enter, or None where it may."""
        if command.order_id in self.tombstones:
            return Refusal.TOMBSTONED
        if market is None:
            return Refusal.UNKNOWN_SYMBOL
        if not _valid(command, market):
            return Refusal.INVALID_ORDER
        return None if market.halted is None else Refusal.MARKET_CLOSED

    def _reject(self, command: SubmitOrder, refusal: Refusal) -> OrderRejected:
        # Remembered, so that the same id never gets in later: a refusal is a promise.
        order_id = command.order_id
        state = self.closed[order_id] = ClosedOrder.refused(command, refusal)
        self.tombstones.discard(order_id)
        return rejected(order_id, state, refusal)

    def _cancel(self, command: CancelOrder, events: list[EngineEvent]) -> BookUpdated | None:
        order = self.live.get(command.order_id)
        if order is None:
            events.append(self._report(command.order_id) or self._bury(command))
            return None
        market = self.markets[order.symbol]
        level = market.book.remove(order)
        del self.live[order.order_id]
        events.append(self._end(order, OrderStatus.CANCELLED))
        changed = [(level.price, level.quantity)]
        return market.book_update(changed, []) if order.is_buy else market.book_update([], changed)

    def _bury(self, command: CancelOrder) -> CancelRejected:
        self.tombstones.add(command.order_id)
        return CancelRejected(
            symbol=command.symbol, order_id=command.order_id, refusal=Refusal.UNKNOWN_ORDER
        )

    def _end(self, order: Order, status: OrderStatus) -> OrderCancelled:
        order.sequence += 1
        order.status = status
        self.closed[order.order_id] = ClosedOrder.of(order)
        return cancelled(order)

    def _report(self, order_id: int) -> OrderStatusReported | None:
        """The present state of an id that has been submitted before, else None."""
        order = self.live.get(order_id)
        if order is not None:
            return reported(order_id, ClosedOrder.of(order))
        state = self.closed.get(order_id)
        return None if state is None else reported(order_id, state)

    def _administer(self, command: AddSymbol | HaltMarket | ResumeMarket) -> EngineEvent:
        symbol = command.symbol
        market = self.markets.get(symbol)
        if isinstance(command, AddSymbol):
            return self._add_symbol(command, market)
        if market is None:
            return CommandRejected(symbol=symbol, refusal=Refusal.UNKNOWN_SYMBOL)
        if isinstance(command, HaltMarket):
            market.halted = command.reason
            return MarketHalted(symbol=symbol, reason=command.reason)
        market.halted = None
        return MarketResumed(symbol=symbol)

    def _add_symbol(self, command: AddSymbol, market: Market | None) -> EngineEvent:
        facts = (command.base, command.quote, command.tick_e8, command.lot_e8)
        if market is None:
            sizes = (command.tick_e8, command.lot_e8)
            exact = command.tick_e8 * command.lot_e8 % E8 == 0
            if not exact or min(sizes) <= 0 or max(sizes) > MAX_ORDER_E8:
                return CommandRejected(symbol=command.symbol, refusal=Refusal.INVALID_ORDER)
            self.markets[command.symbol] = Market(command.symbol, *facts)
        elif (market.base, market.quote, market.tick_e8, market.lot_e8) != facts:
            return CommandRejected(symbol=command.symbol, refusal=Refusal.INVALID_ORDER)
        return MarketOpened(symbol=command.symbol)


def _valid(command: SubmitOrder, market: Market) -> bool:
    """Whether the figures make sense and the budget covers the worst case."""
    price, lots = command.price_ticks, command.quantity_lots
    quantity_e8 = lots * market.lot_e8
    value_e8 = price * lots * market.unit_e8
    needed_e8 = value_e8 if command.side is Side.BUY else quantity_e8
    return (
        price > 0
        and lots > 0
        and price * market.tick_e8 <= MAX_ORDER_E8
        and quantity_e8 <= MAX_ORDER_E8
        and value_e8 <= MAX_ORDER_E8
        and needed_e8 <= command.budget_e8
        and 0 <= command.maker_fee_ppm <= PPM
        and 0 <= command.taker_fee_ppm <= PPM
    )
