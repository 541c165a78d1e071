"""Follows `trades.executed` from where the database says, and settles what it brings.

Kafka is only read: the position is a row that moves with the postings. Each partition's batch
is one transaction; while the database is away the batch is held and tried again.
"""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import in_transaction
from contracts.instruments import Instrument, money_partitions
from contracts.matching import HaltMarket
from contracts.message import encode
from contracts.repetitions import EntryHashes
from contracts.topology import ORDERS_INCOMING, PARTITIONS, TRADES_EXECUTED, transfer_id
from wallet import log_position
from wallet.errors import OffsetMoved, SettlementStuck, TradesMissing
from wallet.failures import until_done
from wallet.metrics import TRADES_PARKED, TRADES_SETTLED
from wallet.settler import TradeSettler
from wallet.trade_log import LogBatch, LoggedTrade, ParkedItem, read_message

POLL_MS: Final = 200
MAX_MESSAGES: Final = 100
FAILURE_PAUSE_S: Final = 1.0
FINISH_TIMEOUT_S: Final = 5.0
TURN_LIMIT_S: Final = 15.0

log = structlog.get_logger()


class Settlement:
    """One a process; several processes do no harm, whoever comes second skips."""

    def __init__(
        self,
        engine: AsyncEngine,
        settler: TradeSettler,
        consumer: AIOKafkaConsumer,
        producer: AIOKafkaProducer,
        markets: dict[str, Instrument],
    ) -> None:
        self._engine = engine
        self._settler = settler
        self._consumer = consumer
        self._producer = producer
        self._markets = markets
        self._places = [TopicPartition(TRADES_EXECUTED, p) for p in money_partitions(markets)]
        self._positions: dict[int, int] = {}
        self._moved = asyncio.Condition()
        self._seen = EntryHashes()
        self._halts_may_be_due = True
        self._turned_at = time.monotonic()

    async def start(self) -> None:
        """Take the position from the database.

        Raises:
            TradesMissing: the log ends before the position; it has lost records.
        """
        create = partial(
            in_transaction,
            self._engine,
            partial(log_position.create_positions, partitions=range(PARTITIONS)),
        )
        await until_done("positions", create)
        self._consumer.assign(self._places)
        await self._seek_to_stored()
        ends = await self._consumer.end_offsets(self._places)
        for place in self._places:
            if self._positions[place.partition] > ends[place]:
                raise TradesMissing(
                    f"partition {place.partition}: settled up to "
                    f"{self._positions[place.partition]}, the log ends at {ends[place]}"
                )

    async def run(self) -> None:
        """Settle until cancelled; a transaction that has begun is finished first."""
        while True:
            self._turned_at = time.monotonic()
            try:
                await self._send_halts()
                fetched = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=MAX_MESSAGES)
            except (KafkaError, OSError) as error:
                log.warning("settlement.kafka_away", error=repr(error))
                await asyncio.sleep(FAILURE_PAUSE_S)
                continue
            for place, records in fetched.items():
                work = asyncio.ensure_future(self._settle(place.partition, records))
                try:
                    await asyncio.shield(work)
                except asyncio.CancelledError:
                    await asyncio.wait({work}, timeout=FINISH_TIMEOUT_S)
                    raise

    async def caught_up(self, timeout_s: float) -> bool:
        """True once everything that the log holds now is settled; false after `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                ends = await self._consumer.end_offsets(self._places)
                async with self._moved:
                    await self._moved.wait_for(
                        lambda: all(self._positions[p.partition] >= ends[p] for p in self._places)
                    )
        except (TimeoutError, KafkaError, OSError):
            return False
        return True

    async def require_turning(self) -> None:
        """Health: the loop goes round, or waits for a server and says so.

        Raises:
            SettlementStuck: no turn for 15 s.
        """
        if (still_s := time.monotonic() - self._turned_at) > TURN_LIMIT_S:
            raise SettlementStuck(f"no turn for {still_s:.0f} s")

    async def _settle(self, number: int, records: Sequence[ConsumerRecord[bytes, bytes]]) -> None:
        position = self._positions[number]
        fresh = [record for record in records if record.offset >= position]
        if not fresh:
            return
        if fresh[0].offset != position:
            raise TradesMissing(f"partition {number}: {position} is not there to be settled")
        trades: list[LoggedTrade] = []
        unreadable: list[ParkedItem] = []
        for record in fresh:
            read, bad = read_message(
                number, record.offset, record.value or b"", self._markets, self._seen
            )
            trades += read
            unreadable += bad
        batch = LogBatch(number, position, fresh[-1].offset + 1, tuple(trades), tuple(unreadable))
        try:
            parked = await until_done("settlement", partial(self._settler.settle, batch))
        except OffsetMoved as error:
            log.warning("settlement.offset_moved", error=str(error))
            await self._seek_to_stored()
            return
        TRADES_SETTLED.inc(len(trades))
        TRADES_PARKED.inc(parked)
        self._halts_may_be_due |= parked > 0
        async with self._moved:
            self._positions[number] = batch.next_offset
            self._moved.notify_all()

    async def _seek_to_stored(self) -> None:
        stored = await until_done(
            "positions", partial(in_transaction, self._engine, log_position.read_positions)
        )
        for place in self._places:
            if stored[place.partition] != self._positions.get(place.partition):
                self._consumer.seek(place, stored[place.partition])
        async with self._moved:
            self._positions = stored
            self._moved.notify_all()

    async def _send_halts(self) -> None:
        """Halt the markets of parked trades, through the log like any command.

        The mark is set after the send: a crash in between sends the same halt again.
        """
        if not self._halts_may_be_due:
            return
        due = await until_done(
            "halts", partial(in_transaction, self._engine, log_position.halts_due)
        )
        for _, symbol, content_hash, reason in due:
            if (market := self._markets.get(symbol)) is not None:
                command = HaltMarket(
                    command_id=transfer_id("HALT", content_hash),
                    symbol=symbol,
                    reason=f"a trade could not be settled: {reason}"[:200],
                )
                await self._producer.send_and_wait(
                    ORDERS_INCOMING,
                    encode(command),
                    key=symbol.encode(),
                    partition=market.partition,
                )
                log.critical("settlement.market_halted", symbol=symbol, reason=reason)
        if due:
            mark = partial(log_position.mark_halted, parked_ids=[row[0] for row in due])
            await until_done("halts", partial(in_transaction, self._engine, mark))
        self._halts_may_be_due = False
