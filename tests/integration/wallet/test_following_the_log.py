"""Settlement on the real log: from the stored offset, once, with bad trades halting markets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import msgspec
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.kafka import create_consumer, create_producer
from adapters.mysql import in_transaction
from adapters.outbox import OutboxPublisher
from config.markets import load_markets
from config.settings import Settings
from contracts.amounts import Amount
from contracts.matching import (
    EngineCommand,
    HaltMarket,
    TradeBatch,
    TradeEntry,
    TradeExecuted,
    content_hash,
)
from contracts.message import decode, encode
from contracts.topology import ORDERS_INCOMING, PARTITIONS, TRADES_EXECUTED, WALLET_EVENTS
from contracts.wallet import FundsReserved, ReferenceType, TransferRecorded
from tests.support.servers import TestServers
from tests.support.waits import ended
from tests.support.wallet import AT_MS, deposit, release, reserve, trade
from tests.support.wallet_bank import Bank, bank
from tests.support.wallet_soundness import require_sound
from wallet import soundness
from wallet.errors import TradesMissing
from wallet.queries import Balance
from wallet.settlement import Settlement
from wallet.tables import consumer_offset, outbox

pytestmark = [pytest.mark.mysql, pytest.mark.kafka]

BUYER, SELLER = (1, 7), (2, 8)
COMMANDS = count(1_000)
SYMBOL, PARTITION = "WALLETTEST", 9  # a market of these tests alone: they halt it
MARKETS = {
    SYMBOL: msgspec.structs.replace(load_markets()["BTCUSDT"], symbol=SYMBOL, partition=PARTITION)
}


@pytest.fixture
def first(wallet_engine: AsyncEngine) -> Bank:
    return bank(wallet_engine, markets=MARKETS)


@pytest.fixture
def second(wallet_engine: AsyncEngine) -> Bank:
    return bank(wallet_engine, markets=MARKETS)


@pytest.fixture
async def producer(topics: Settings) -> AsyncIterator[AIOKafkaProducer]:
    made = await create_producer(topics.kafka)
    yield made
    await made.stop()


@pytest.fixture(autouse=True)
async def _begins_at_the_end(topics: Settings, first: Bank) -> None:
    """The topic outlives a test, the databases do not; and two orders hold their money."""
    for partition, end in (await ends(topics, TRADES_EXECUTED)).items():
        await move_to(first, partition, end)
    await first.service.handle_batch(
        [
            deposit(7, "USDT", "150"),
            deposit(8, "BTC", "1"),
            reserve(1, 7, "100"),
            reserve(2, 8, "1", currency="BTC"),
        ]
    )


async def ends(settings: Settings, topic: str) -> dict[int, int]:
    consumer = await create_consumer(settings.kafka)
    found = await consumer.end_offsets([TopicPartition(topic, p) for p in range(PARTITIONS)])
    await consumer.stop()
    return {place.partition: end for place, end in found.items()}


async def move_to(bank: Bank, partition: int, offset: int) -> None:
    statement = (
        update(consumer_offset)
        .where(consumer_offset.c.partition == partition)
        .values(next_offset=offset)
    )
    await in_transaction(bank.engine, lambda c: c.execute(statement))


@asynccontextmanager
async def following(
    settings: Settings, bank: Bank, producer: AIOKafkaProducer
) -> AsyncIterator[Settlement]:
    consumer = await create_consumer(settings.kafka)
    try:
        settlement = Settlement(bank.engine, bank.settler, consumer, producer, MARKETS)
        await settlement.start()
        task = asyncio.create_task(settlement.run())
        yield settlement
        await ended(task)
    finally:
        await consumer.stop()


async def publish(
    producer: AIOKafkaProducer, *trades: TradeExecuted, command: int | None = None
) -> None:
    """One message, as the engine writes it, of the command at that offset or of a new one."""
    offset = next(COMMANDS) if command is None else command
    entry = TradeEntry(offset=offset, at_ms=AT_MS, hash=content_hash(trades), trades=trades)
    batch = TradeBatch(partition=PARTITION, entries=(entry,))
    await producer.send_and_wait(TRADES_EXECUTED, encode(batch), partition=PARTITION)


async def read_all(settings: Settings, topic: str, since: dict[int, int]) -> list[bytes]:
    consumer = await create_consumer(settings.kafka)
    places = [TopicPartition(topic, p) for p in since]
    consumer.assign(places)
    for place in places:
        consumer.seek(place, since[place.partition])
    until = await consumer.end_offsets(places)
    found: list[bytes] = []
    async with asyncio.timeout(10):
        while sum(until.values()) - sum(since.values()) > len(found):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [record.value or b"" for record in records]
    await consumer.stop()
    return found


def slice_(number: int, lots: int = 10_000) -> TradeExecuted:
    """The nth trade of equal size between the two orders."""
    return trade(
        number,
        buyer=BUYER,
        seller=SELLER,
        lots=lots,
        buyer_filled=number * lots,
        seller_filled=number * lots,
        symbol=SYMBOL,
    )


async def test_trades_are_settled_and_settlement_knows_it(
    topics: Settings, first: Bank, producer: AIOKafkaProducer
) -> None:
    async with following(topics, first, producer) as settlement:
        for number in range(1, 11):
            await publish(producer, slice_(number))
        assert await settlement.caught_up(10)
        await settlement.require_turning()
    assert await first.queries.balances(8) == [
        Balance("BTC", Amount(0), Amount(0)),
        Balance("USDT", Amount("99.9"), Amount(0)),
    ]
    await require_sound(first.engine)


async def test_a_restart_goes_on_from_the_database(
    topics: Settings, first: Bank, second: Bank, producer: AIOKafkaProducer
) -> None:
    async with following(topics, first, producer) as settlement:
        await publish(producer, slice_(1))
        assert await settlement.caught_up(10)
    await publish(producer, slice_(1), slice_(2))  # the engine publishes one entry again
    async with following(topics, second, producer) as settlement:
        assert await settlement.caught_up(10)
    async with soundness.snapshot(first.engine) as connection:
        assert await soundness.settled_trades(connection, SYMBOL) == 2
        assert await soundness.parked_trades(connection) == []


async def test_two_settlements_at_once_settle_each_trade_once(
    topics: Settings, first: Bank, second: Bank, producer: AIOKafkaProducer
) -> None:
    async with (
        following(topics, first, producer) as one,
        following(topics, second, producer) as other,
    ):
        for number in range(1, 51):
            await publish(producer, slice_(number, lots=100))
        assert await one.caught_up(20)
        assert await other.caught_up(20)
    async with soundness.snapshot(first.engine) as connection:
        assert await soundness.settled_trades(connection, SYMBOL) == 50
        assert await soundness.parked_trades(connection) == []
    await require_sound(first.engine)


async def test_money_just_earned_can_be_spent(
    topics: Settings, first: Bank, producer: AIOKafkaProducer
) -> None:
    """The reserve comes while the trade that pays for it is still in the log."""
    async with following(topics, first, producer) as settlement:
        real = bank(first.engine, settlement, MARKETS)
        for number in range(1, 11):
            await publish(producer, slice_(number))
            [reply] = await real.service.handle_batch([reserve(10 + number, 8, "9.99")])
            assert isinstance(reply, FundsReserved)
    await require_sound(first.engine)


async def test_a_bad_trade_halts_its_market_through_the_log(
    topics: Settings, first: Bank, second: Bank, producer: AIOKafkaProducer
) -> None:
    before = await ends(topics, ORDERS_INCOMING)
    stray = trade(2, buyer=(99, 7), seller=SELLER, lots=1, symbol=SYMBOL)
    async with following(topics, first, producer) as settlement:
        await publish(producer, slice_(1), stray)
        await publish(producer, slice_(2))
        assert await settlement.caught_up(10)
        await first_turn_after_halt(first)
    async with following(topics, second, producer) as settlement:
        assert await settlement.caught_up(10)
    [body] = await read_all(topics, ORDERS_INCOMING, {PARTITION: before[PARTITION]})
    command: EngineCommand = decode(body, EngineCommand)
    assert isinstance(command, HaltMarket)
    assert command.symbol == SYMBOL
    async with soundness.snapshot(first.engine) as connection:
        assert await soundness.settled_trades(connection, SYMBOL) == 2
        [parked] = await soundness.parked_trades(connection)
    assert parked.startswith(f"{SYMBOL}:2: BadTrade: order 99")


async def test_two_outputs_of_one_command_halt_the_market_and_only_the_first_is_settled(
    topics: Settings, first: Bank, producer: AIOKafkaProducer
) -> None:
    before = await ends(topics, ORDERS_INCOMING)
    async with following(topics, first, producer) as settlement:
        await publish(producer, slice_(1), command=1)
        await publish(producer, slice_(1), command=1)  # an engine that repeats is no contradiction
        assert await settlement.caught_up(10)
        assert await ends(topics, ORDERS_INCOMING) == before
        await publish(producer, slice_(2, lots=7), command=1)  # another trade of the same command
        await publish(producer, slice_(2), command=2)
        assert await settlement.caught_up(10)
        await first_turn_after_halt(first)
    [body] = await read_all(topics, ORDERS_INCOMING, {PARTITION: before[PARTITION]})
    command: EngineCommand = decode(body, EngineCommand)
    assert isinstance(command, HaltMarket)
    assert command.symbol == SYMBOL
    assert "two engines disagree on command 1" in command.reason
    async with soundness.snapshot(first.engine) as connection:
        assert await soundness.settled_trades(connection, SYMBOL) == 2
        assert len(await soundness.parked_trades(connection)) == 1
    await require_sound(first.engine)


async def test_an_unreadable_message_halts_its_partition_and_is_passed(
    topics: Settings, first: Bank, producer: AIOKafkaProducer
) -> None:
    async with following(topics, first, producer) as settlement:
        await producer.send_and_wait(TRADES_EXECUTED, b"\xff{", partition=PARTITION)
        await publish(producer, slice_(1))
        assert await settlement.caught_up(10)
        await first_turn_after_halt(first)
    async with soundness.snapshot(first.engine) as connection:
        assert await soundness.settled_trades(connection, SYMBOL) == 1
        assert len(await soundness.parked_trades(connection)) == 1


async def test_a_log_that_lost_its_end_is_refused(
    topics: Settings, first: Bank, producer: AIOKafkaProducer
) -> None:
    await move_to(first, PARTITION, 10**6)
    with pytest.raises(TradesMissing):
        async with following(topics, first, producer):
            pass


async def test_a_stored_release_and_its_transfer_are_told_to_the_world(
    topics: Settings, first: Bank, producer: AIOKafkaProducer
) -> None:
    before = await ends(topics, WALLET_EVENTS)
    await first.service.handle_batch([release(1, 7, 10_000)])
    async with following(topics, first, producer) as settlement:
        await publish(producer, slice_(1))
        assert await settlement.caught_up(10)
    publisher = OutboxPublisher(first.engine, outbox, producer)
    while await in_transaction(first.engine, publisher.publish_batch):
        pass
    events = [
        decode(body, TransferRecorded) for body in await read_all(topics, WALLET_EVENTS, before)
    ]
    kinds = sorted(event.reference_type for event in events)
    assert kinds == sorted(
        [ReferenceType.DEPOSIT, ReferenceType.RESERVE] * 2
        + [ReferenceType.TRADE, ReferenceType.RELEASE]
    )
    assert await first.queries.balances(7) == [
        Balance("BTC", Amount("0.0999"), Amount(0)),
        Balance("USDT", Amount(140), Amount(0)),
    ]


async def test_a_database_that_dies_mid_settlement_loses_no_trade(
    topics: Settings, servers: TestServers, first: Bank, producer: AIOKafkaProducer
) -> None:
    async with following(topics, first, producer) as settlement:
        for number in range(1, 21):
            await publish(producer, slice_(number, lots=100))
        await servers.kill("mysql")
        for number in range(21, 41):
            await publish(producer, slice_(number, lots=100))
        await servers.restart("mysql")
        assert await settlement.caught_up(20)
    async with soundness.snapshot(first.engine) as connection:
        assert await soundness.settled_trades(connection, SYMBOL) == 40
    await require_sound(first.engine)


async def first_turn_after_halt(bank: Bank) -> None:
    """Until no parked trade waits for its halt."""
    async with asyncio.timeout(10):
        while True:
            async with bank.engine.connect() as connection:
                waiting = await soundness.halts_waiting(connection)
            if not waiting:
                return
            await asyncio.sleep(0.02)
