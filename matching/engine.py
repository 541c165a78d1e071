"""The matching engine of one partition: commands in, what happened out. Pure and deterministic.

No clock, no randomness, no I/O: time is the log's, every number is an integer, and the same log
gives the same output, byte for byte. An order id is decided once: what comes later under the
same id is told the present state, for as long as the engine remembers it.

A command acts in one market: what is due there expires first, then the command is carried out,
then conditional orders are activated.
"""

from typing import Final

from contracts.matching import (
    AmendOrder,
    CancelAllOrders,
    CancelOrder,
    ClaimPartition,
    EngineCommand,
    EngineEvent,
    PartitionClaimed,
    SubmitOrder,
    SubmitOrderList,
    Tick,
)
from matching.activation import activate_reached, expire_due
from matching.administration import administer
from matching.amendment import amend
from matching.known_orders import KnownOrders
from matching.market import Market
from matching.order import Order
from matching.order_commands import cancel, cancel_all, submit, submit_list
from matching.outcome import ClosedOrder, Outcome
from matching.step import Limits, Step

CLOSED_WINDOW_MS: Final = 24 * 60 * 60 * 1_000
"""For so long of the log's time are the ids of closed orders remembered."""

MAX_MATCHES: Final = Limits().matches
"""One command makes at most so many matches; what is left of its order then expires.

It bounds the entry of one command, and with it the message that has to carry it.
"""


class Engine:
    """The markets of one partition, its live orders, and the ids that its log has named.

    `epoch` is the offset of the last claim of the partition, -1 before there is one, and
    `engine_id` who made it.
    """

    __slots__ = (
        "closed_window_ms",
        "engine_id",
        "epoch",
        "limits",
        "markets",
        "next_offset",
        "orders",
    )

    def __init__(
        self, *, closed_window_ms: int = CLOSED_WINDOW_MS, limits: Limits | None = None
    ) -> None:
        self.closed_window_ms: Final = closed_window_ms
        self.limits: Final = limits or Limits()
        self.markets: dict[str, Market] = {}
        self.orders = KnownOrders()
        self.next_offset = 0
        self.epoch = -1
        self.engine_id = ""

    @property
    def now_ms(self) -> int:
        """The log's time."""
        return self.orders.now_ms

    @now_ms.setter
    def now_ms(self, now_ms: int) -> None:
        self.orders.now_ms = now_ms

    @property
    def live(self) -> dict[int, Order]:
        """Orders that rest or wait, by id."""
        return self.orders.live

    @property
    def closed(self) -> dict[int, ClosedOrder]:
        """Final states by order id, in the order in which they came about."""
        return self.orders.closed

    @property
    def tombstones(self) -> set[int]:
        """Ids that were cancelled before they were ever seen."""
        return self.orders.tombstones

    def skip(self, offset: int) -> None:
        """Pass over a record that holds no command."""
        self.next_offset = offset + 1

    def next_expiry_ms(self) -> int | None:
        """When a `Tick` next has something to do here, in log time, or None: see `next_due`."""
        due = self.next_due()
        return None if due is None else due[0]

    def next_due(self) -> tuple[int, str] | None:
        """The earliest (log time in ms, symbol) that a `Tick` is wanted for, None without one.

        That is the next good-till date, or the present where triggered orders wait their turn.
        """
        times = [(market.due_ms(self.now_ms), symbol) for symbol, market in self.markets.items()]
        return min(((at, symbol) for at, symbol in times if at is not None), default=None)

    def apply(self, command: EngineCommand, offset: int, at_ms: int) -> Outcome:
        """Carry out one command of the log; `at_ms` is its log append time."""
        orders = self.orders
        now_ms = orders.now_ms
        if at_ms > now_ms:
            now_ms = orders.now_ms = at_ms
            orders.forget_before(at_ms - self.closed_window_ms)
        self.next_offset = offset + 1
        events: list[EngineEvent] = []
        if isinstance(command, SubmitOrder):
            market, cause = self.markets.get(command.symbol), command.order_id
        else:
            market, cause = self._market_of(command), _order_of(command)
        if market is None:
            self._carry_out(command, None, events)
            return Outcome(offset, command.command_id, now_ms, tuple(events), (), None)
        step = Step(market, orders, events, self.limits, cause)
        first_ms = market.expiries.first_ms
        if first_ms is not None and first_ms <= now_ms:
            expire_due(step)
        self._carry_out(command, step, events)
        if market.stops.size or market.triggered:
            activate_reached(step)
        update = market.book_update(step.bids, step.asks) if step.bids or step.asks else None
        trades = tuple(step.trades)
        return Outcome(offset, command.command_id, now_ms, tuple(events), trades, update)

    def _market_of(self, command: EngineCommand) -> Market | None:
        """The one market in which the command acts."""
        symbol = command.symbol
        if isinstance(command, (CancelOrder, AmendOrder)):
            order = self.orders.live.get(command.order_id)
            symbol = symbol if order is None else order.symbol
        elif isinstance(command, Tick):
            own, due = self.markets.get(symbol), self.next_due()
            if due is not None and due[0] <= self.now_ms:
                own_ms = None if own is None else own.due_ms(self.now_ms)
                if own_ms is None or own_ms > self.now_ms:
                    symbol = due[1]  # nothing to do in its own: serve who has waited longest
        return self.markets.get(symbol)

    def _carry_out(
        self, command: EngineCommand, step: Step | None, events: list[EngineEvent]
    ) -> None:
        orders = self.orders
        if isinstance(command, SubmitOrder):
            since_ms = orders.now_ms - self.closed_window_ms
            submit(command, step, orders, events, since_ms=since_ms, arrival=self.next_offset - 1)
        elif isinstance(command, CancelOrder):
            cancel(command, step, orders, events)
        elif isinstance(command, AmendOrder):
            events.append(amend(command, orders.live.get(command.order_id), step))
        elif isinstance(command, CancelAllOrders):
            cancel_all(command, step, events)
        elif isinstance(command, SubmitOrderList):
            since_ms, arrival = orders.now_ms - self.closed_window_ms, self.next_offset - 1
            submit_list(command, step, orders, events, since_ms=since_ms, arrival=arrival)
        elif isinstance(command, ClaimPartition):
            self.epoch, self.engine_id = self.next_offset - 1, command.engine_id
            claim = PartitionClaimed(
                symbol=command.symbol, engine_id=self.engine_id, epoch=self.epoch
            )
            events.append(claim)
        elif not isinstance(command, Tick):
            events.append(administer(command, self.markets))


def _order_of(command: EngineCommand) -> int:
    """The order whose command it is (of a list the first leg), 0 where there is none."""
    if isinstance(command, (SubmitOrder, CancelOrder, AmendOrder)):
        return command.order_id
    return command.legs[0].order_id if isinstance(command, SubmitOrderList) else 0
