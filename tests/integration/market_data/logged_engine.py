"""An engine whose output goes to the topics, as the matching process would write it."""

import asyncio

from aiokafka import AIOKafkaProducer

from contracts.amounts import Amount
from contracts.matching import EngineCommand, TradeEntry
from market_data.clock import wall_clock_ms
from market_data.queries import Depth
from matching.engine import Engine
from matching.output import OUTPUTS, encode_batches, trade_entry
from tests.support.engine_commands import LOT_E8, SYMBOL, TICK_E8

PARTITION = 3


class LoggedEngine:
    """Runs commands at the present time, or at the time that is given."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self.engine = Engine()
        self.trades: list[TradeEntry] = []
        self._producer = producer
        self._turn = asyncio.Lock()  # one engine writes its output in the order of its input

    async def run(self, commands: list[EngineCommand], at_ms: int | None = None) -> None:
        async with self._turn:
            await self._run(commands, wall_clock_ms() if at_ms is None else at_ms)

    async def _run(self, commands: list[EngineCommand], at_ms: int) -> None:
        outcomes = [self.engine.apply(c, self.engine.next_offset, at_ms) for c in commands]
        self.trades += [entry for entry in map(trade_entry, outcomes) if entry is not None]
        for topic, output in OUTPUTS.items():
            entries = [e for e in map(output.entry, outcomes) if e is not None]
            for message in encode_batches(topic, PARTITION, entries) if entries else ():
                await self._producer.send_and_wait(topic, message, partition=PARTITION)

    def depth(self, limit: int) -> Depth:
        """What a reader must be shown."""
        market = self.engine.markets[SYMBOL]
        sides = []
        for side in (market.book.bids, market.book.asks):
            prices = [key * side.sign for key in side.index.descending()[:limit]]
            sides.append(
                tuple(
                    (amount(price * TICK_E8), amount(side.levels[price].quantity * LOT_E8))
                    for price in prices
                )
            )
        return Depth(market.book_seq, sides[0], sides[1])


def amount(e8: int) -> Amount:
    return Amount(f"{e8 // 10**8}.{e8 % 10**8:08d}")
