"""A seeded flow of orders into one market: a book with depth, most of it placed and withdrawn.

Pure: the same seed and first id give the same commands. An engine of its own follows them, so
that the flow knows which orders rest and that each command changes the book.
"""

import random
from collections.abc import Iterator
from typing import Final

from contracts.instruments import Instrument
from contracts.matching import AddSymbol, CancelAllOrders, CancelOrder, EngineCommand, SubmitOrder
from contracts.orders import OrderType, Side, TimeInForce
from contracts.topology import market_command_id, order_command_id
from matching.engine import Engine
from matching.outcome import Outcome

FIRST_USER: Final = 1 << 40  # far beyond every real user
USERS: Final = 4
FIRST_ORDER: Final = 1 << 60  # far beyond every real order
START_TICKS: Final = 6_000_000
RESTING: Final = 600  # orders that the book comes to hold, on both sides together
MEAN_OFFSET_TICKS: Final = 400  # of a new order from the middle
REACH_TICKS: Final = 40  # how far beyond the middle a taker goes
MAX_LOTS: Final = 50_000
TAKES: Final = 0.08  # of all commands
GROWS, SHRINKS = 0.60, 0.40  # share of new orders below RESTING, and above


class OrderFlow:
    """Commands without end; each changes the book of `market`, unless it is still empty."""

    def __init__(self, market: Instrument, seed: int, *, first_order: int = FIRST_ORDER) -> None:
        self._market = market
        self._chance = random.Random(seed)  # noqa: S311 - the same flow each time
        self._engine = Engine()
        self._next_order = self._first_order = first_order
        self._resting: list[int] = []
        self._middle = START_TICKS
        self._now_ms = 0
        self._apply(_open(market))

    def clearing(self) -> list[CancelAllOrders]:
        """What an earlier flow may have left is taken away first."""
        return [
            CancelAllOrders(
                command_id=market_command_id(self._market.symbol, f"{self._first_order}:{user}"),
                symbol=self._market.symbol,
                user_id=user,
            )
            for user in range(FIRST_USER, FIRST_USER + USERS)
        ]

    def commands(self, now_ms: int) -> Iterator[EngineCommand]:
        """The next commands, as of this time in milliseconds; ask for as many as are due."""
        self._now_ms = now_ms
        while True:
            command = self._choose()
            if self._apply(command).update is not None:
                yield command

    def _choose(self) -> EngineCommand:
        chance = self._chance
        self._middle += chance.randint(-1, 1)
        if chance.random() < TAKES:
            return self._order(TimeInForce.IOC, REACH_TICKS, chance.randint(1, 2 * MAX_LOTS))
        share = GROWS if len(self._resting) < RESTING else SHRINKS
        if not self._resting or chance.random() < share:
            offset = 1 + int(chance.expovariate(1 / MEAN_OFFSET_TICKS))
            return self._order(TimeInForce.GTC, -offset, chance.randint(1, MAX_LOTS))
        return self._cancel()

    def _order(self, time_in_force: TimeInForce, beyond: int, lots: int) -> SubmitOrder:
        """`beyond` is the limit's distance from the middle in ticks, towards the other side."""
        market, order_id = self._market, self._next_order
        self._next_order += 1
        side = self._chance.choice((Side.BUY, Side.SELL))
        price = self._middle + (beyond if side is Side.BUY else -beyond)
        cost_e8 = price * lots * market.notional_unit_e8
        return SubmitOrder(
            command_id=order_command_id(order_id, "submit"),
            symbol=market.symbol,
            order_id=order_id,
            user_id=FIRST_USER + self._chance.randrange(USERS),
            side=side,
            order_type=OrderType.LIMIT,
            time_in_force=time_in_force,
            price_ticks=price,
            quantity_lots=lots,
            budget_e8=cost_e8 if side is Side.BUY else lots * market.lot_e8,
            maker_fee_ppm=market.maker_fee_ppm,
            taker_fee_ppm=market.taker_fee_ppm,
            accepted_at_ms=self._now_ms,
        )

    def _cancel(self) -> CancelOrder:
        """One of the resting orders; those that have traded meanwhile are passed over."""
        order_id = self._resting[0]
        while self._resting:
            at = self._chance.randrange(len(self._resting))
            order_id = self._resting[at]
            self._resting[at] = self._resting[-1]
            self._resting.pop()
            if order_id in self._engine.orders.live:
                break
        return CancelOrder(
            command_id=order_command_id(order_id, "cancel"),
            symbol=self._market.symbol,
            order_id=order_id,
        )

    def _apply(self, command: EngineCommand) -> Outcome:
        engine = self._engine
        outcome = engine.apply(command, engine.next_offset, self._now_ms)
        if isinstance(command, SubmitOrder) and command.order_id in engine.orders.live:
            self._resting.append(command.order_id)
        return outcome


def _open(market: Instrument) -> AddSymbol:
    return AddSymbol(
        command_id=market_command_id(market.symbol, "add"),
        symbol=market.symbol,
        base=market.base,
        quote=market.quote,
        tick_e8=market.tick_e8,
        lot_e8=market.lot_e8,
    )
