"""A log of trades as the engine writes it: commands through the real engine, its output to Kafka.

Only what market data reads is written. Prices wander; each hour has as many trades as any other.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any, Final

from aiokafka import AIOKafkaProducer

from contracts.instruments import Instrument
from contracts.matching import AddSymbol, SubmitOrder
from contracts.orders import OrderType, Side, TimeInForce
from contracts.topology import (
    ORDERBOOK_UPDATES,
    TRADES_EXECUTED,
    market_command_id,
    order_command_id,
)
from matching.engine import Engine
from matching.outcome import Outcome
from matching.output import OUTPUTS, encode_batches

MAKER, TAKER = 1 << 40, (1 << 40) + 1  # users far beyond every real one
START_TICKS: Final = 6_000_000
LEVELS: Final = 200  # a side that rest far from the price, so that there is a book to show
RUN: Final = 20  # trades with one resting order
LOTS: Final = 1_000
TOGETHER: Final = 200  # trades in one batch on Kafka
UNDER_WAY: Final = 500  # batches that the log has not acknowledged


class TradeLog:
    """`count` trades, the first at `first_ms`, the last at `last_ms`. Afterwards `engine` knows
    what readers must be shown."""

    def __init__(
        self, market: Instrument, *, count: int, first_ms: int, last_ms: int, seed: int = 1
    ) -> None:
        self.engine = Engine()
        self._market = market
        self._count = count
        self._first_ms, self._last_ms = first_ms, last_ms
        self._chance = random.Random(seed)  # noqa: S311 - the same log each time
        self._next_order = 1

    @property
    def trade_id(self) -> int:
        return self.engine.markets[self._market.symbol].trade_id

    @property
    def book_seq(self) -> int:
        return self.engine.markets[self._market.symbol].book_seq

    async def write(self, producer: AIOKafkaProducer, progress: Callable[[int], None]) -> None:
        """All of it; `progress` is told how many trades are written."""
        under_way: list[Any] = []
        outcomes: list[Outcome] = []
        for outcome in self.outcomes():
            outcomes.append(outcome)
            if len(outcomes) == TOGETHER:
                under_way += await self._send(producer, outcomes)
                outcomes.clear()
                progress(self.trade_id)
            if len(under_way) > UNDER_WAY:
                for sending in under_way:
                    await sending
                under_way.clear()
        for sending in (*under_way, *await self._send(producer, outcomes)):
            await sending
        progress(self.trade_id)

    async def _send(self, producer: AIOKafkaProducer, outcomes: list[Outcome]) -> list[Any]:
        sending = []
        for topic in (TRADES_EXECUTED, ORDERBOOK_UPDATES):
            entries = [e for e in map(OUTPUTS[topic].entry, outcomes) if e is not None]
            if entries:
                for message in encode_batches(topic, self._market.partition, entries):
                    sending.append(
                        await producer.send(topic, message, partition=self._market.partition)
                    )
        return sending

    def outcomes(self) -> Iterator[Outcome]:
        """What the engine makes of the commands. Pure."""
        market = self._market
        add = AddSymbol(
            command_id=market_command_id(market.symbol, "add"),
            symbol=market.symbol,
            base=market.base,
            quote=market.quote,
            tick_e8=market.tick_e8,
            lot_e8=market.lot_e8,
        )
        yield self._apply(add, self._first_ms)
        for level in range(1, LEVELS + 1):
            for side, price in ((Side.BUY, START_TICKS // 2), (Side.SELL, START_TICKS * 2)):
                away = -level if side is Side.BUY else level
                yield self._apply(self._order(MAKER, side, price + away, LOTS), self._first_ms)
        price = START_TICKS
        for n in range(0, self._count, RUN):
            trades = min(RUN, self._count - n)
            price += self._chance.randint(-50, 50)
            side = self._chance.choice((Side.BUY, Side.SELL))
            taking = Side.SELL if side is Side.BUY else Side.BUY
            yield self._apply(self._order(MAKER, side, price, trades * LOTS), self._at_ms(n))
            for trade in range(n, n + trades):
                yield self._apply(self._order(TAKER, taking, price, LOTS), self._at_ms(trade))

    def _at_ms(self, n: int) -> int:
        return self._first_ms + (self._last_ms - self._first_ms) * n // max(1, self._count - 1)

    def _apply(self, command: AddSymbol | SubmitOrder, at_ms: int) -> Outcome:
        return self.engine.apply(command, self.engine.next_offset, at_ms)

    def _order(self, user_id: int, side: Side, price_ticks: int, lots: int) -> SubmitOrder:
        market, order_id = self._market, self._next_order
        self._next_order += 1
        cost_e8 = price_ticks * lots * market.notional_unit_e8
        return SubmitOrder(
            command_id=order_command_id(order_id, "submit"),
            symbol=market.symbol,
            order_id=order_id,
            user_id=user_id,
            side=side,
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            price_ticks=price_ticks,
            quantity_lots=lots,
            budget_e8=cost_e8 if side is Side.BUY else lots * market.lot_e8,
            maker_fee_ppm=market.maker_fee_ppm,
            taker_fee_ppm=market.taker_fee_ppm,
            accepted_at_ms=self._last_ms,
        )
