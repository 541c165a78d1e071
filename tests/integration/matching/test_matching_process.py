"""The real process on the real broker: answers, deaths, and refusals to serve."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from adapters.kafka import create_consumer, create_producer
from config.settings import Settings
from contracts.amounts import Amount
from contracts.matching import (
    CancelRejected,
    EngineCommand,
    MarketOpened,
    OrderBatch,
    OrderEntry,
)
from contracts.message import decode, encode
from contracts.orders import OrderState, OrderStatus, Refusal, Side
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING
from matching.client import MatchingClient
from matching.output import OUTPUTS
from matching.state import state_hash
from tests.support.engine_commands import add_symbol, cancel, seeded_log, submit
from tests.support.matching_process import (
    MatchingProcess,
    expected_output,
    instrument,
    read_entries,
    read_partition,
    without_repetitions,
)
from tests.support.servers import TestServers

pytestmark = pytest.mark.kafka

ANSWER_TIMEOUT_S = 10
SERVED = {f"M{n}USDT": instrument(f"M{n}USDT", n) for n in (0, 1)}
UNSERVED = {"SILENT": instrument("SILENT", 9)}


@pytest.fixture
async def producer(own_topics: Settings) -> AsyncIterator[AIOKafkaProducer]:
    made = await create_producer(own_topics.kafka)
    yield made
    await made.stop()


@pytest.fixture
async def client(own_topics: Settings, producer: AIOKafkaProducer) -> AsyncIterator[MatchingClient]:
    consumer = await create_consumer(own_topics.kafka)
    made = MatchingClient(producer, consumer, SERVED | UNSERVED)
    await made.start()
    yield made
    await made.stop()
    await consumer.stop()


@pytest.fixture(scope="package")
async def process(
    own_topics: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[MatchingProcess]:
    """Serves the partitions of SERVED."""
    made = MatchingProcess(own_topics, "0,1", tmp_path_factory.mktemp("served"))
    await made.start()
    yield made
    assert await made.stop() == 0


async def opened(client: MatchingClient, symbol: str) -> None:
    entry = await client.send(add_symbol(symbol), ANSWER_TIMEOUT_S)
    assert entry is not None
    assert entry.events == (MarketOpened(symbol=symbol),)


async def write(producer: AIOKafkaProducer, partition: int, commands: list[EngineCommand]) -> None:
    """Put commands into the log in order."""
    acknowledgements = [
        await producer.send(ORDERS_INCOMING, encode(command), partition=partition)
        for command in commands
    ]
    await asyncio.gather(*acknowledgements)


async def test_an_order_is_accepted_filled_and_cancelled_through_the_client(
    client: MatchingClient, process: MatchingProcess
) -> None:
    await opened(client, "M0USDT")

    resting = await client.submit(
        submit(1, Side.SELL, 10_000, 500, symbol="M0USDT"), ANSWER_TIMEOUT_S
    )
    taking = await client.submit(
        submit(2, Side.BUY, 10_100, 200, symbol="M0USDT"), ANSWER_TIMEOUT_S
    )
    again = await client.submit(submit(2, Side.BUY, 10_100, 200, symbol="M0USDT"), ANSWER_TIMEOUT_S)
    cancelled = await client.cancel(cancel(1, symbol="M0USDT"), ANSWER_TIMEOUT_S)

    assert resting is not None
    assert taking is not None
    assert again is not None
    assert (resting[0].status, resting[0].own, resting[1]) == (OrderStatus.OPEN, True, ())
    state, (fill,) = taking
    assert (state.status, state.sequence, state.filled_quantity) == (
        OrderStatus.FILLED,
        2,
        Amount("0.00200000"),
    )
    assert (fill.price, fill.quote_quantity, fill.commission, fill.commission_asset) == (
        Amount("100"),
        Amount("0.2"),
        Amount("0.000004"),
        "BTC",
    )
    assert (again[0].status, again[0].sequence, again[1]) == (OrderStatus.FILLED, 2, ())
    assert isinstance(cancelled, OrderState)
    assert (cancelled.status, cancelled.sequence, cancelled.filled_lots) == (
        OrderStatus.CANCELLED,
        3,
        200,
    )


async def test_a_cancel_that_comes_first_refuses_the_submit(
    client: MatchingClient, process: MatchingProcess
) -> None:
    await opened(client, "M0USDT")

    unknown = await client.cancel(cancel(77, symbol="M0USDT"), ANSWER_TIMEOUT_S)
    late = await client.submit(submit(77, Side.BUY, 100, 1, symbol="M0USDT"), ANSWER_TIMEOUT_S)

    assert isinstance(unknown, CancelRejected)
    assert late is not None
    assert (late[0].status, late[0].refusal) == (OrderStatus.REJECTED, Refusal.TOMBSTONED)


async def test_silence_is_none_and_leaves_nobody_waiting(
    client: MatchingClient, process: MatchingProcess
) -> None:
    answers = await asyncio.gather(
        client.submit(submit(1, Side.BUY, 100, 1, symbol="SILENT"), 0.2),
        client.submit(submit(1, Side.BUY, 100, 1, symbol="SILENT"), 0.3),
        client.cancel(cancel(1, symbol="SILENT"), 0.2),
    )

    assert answers == [None, None, None]
    assert not client._waiters


async def test_two_who_wait_for_the_same_command_both_get_its_answer(
    client: MatchingClient, process: MatchingProcess
) -> None:
    await opened(client, "M0USDT")
    command = submit(88, Side.BUY, 100, 1, symbol="M0USDT")

    one, other = await asyncio.gather(
        client.submit(command, ANSWER_TIMEOUT_S), client.submit(command, ANSWER_TIMEOUT_S)
    )

    assert one is not None
    assert one == other
    assert not client._waiters


async def test_open_orders_show_the_books(client: MatchingClient, process: MatchingProcess) -> None:
    await opened(client, "M1USDT")
    await client.submit(submit(5, Side.BUY, 90, 7, symbol="M1USDT"), ANSWER_TIMEOUT_S)
    await client.submit(submit(6, Side.SELL, 95, 3, symbol="M1USDT"), ANSWER_TIMEOUT_S)
    await client.submit(submit(7, Side.SELL, 90, 2, symbol="M1USDT"), ANSWER_TIMEOUT_S)

    async with httpx.AsyncClient() as http:
        answer = (await http.get(f"{process.url}/open-orders?symbol=M1USDT&hash=1")).json()

    rows = [
        (o["order_id"], o["side"], o["price_ticks"], o["remaining_lots"], o["filled_lots"])
        for o in answer["orders"]["M1USDT"]
    ]
    assert rows == [(5, "BUY", 90, 5, 2), (6, "SELL", 95, 3, 0)]
    assert list(answer["orders"]) == ["M1USDT"]
    assert answer["next_offsets"]["1"] >= 4
    assert len(answer["state_hashes"]["1"]) == 32


async def output_reaches(settings: Settings, partition: int, messages: int) -> None:
    """Wait until `orders.events` holds that many messages of the partition."""
    consumer = await create_consumer(settings.kafka)
    place = TopicPartition(ORDERS_EVENTS, partition)
    async with asyncio.timeout(30):
        while True:
            if (await consumer.end_offsets([place]))[place] >= messages:
                break
            await asyncio.sleep(0.002)
    await consumer.stop()


@pytest.mark.parametrize(
    ("partition", "snapshot_every"), [(2, 50_000), (6, 700)], ids=["log only", "snapshots"]
)
async def test_kill_9_in_the_middle_neither_loses_nor_repeats(
    own_topics: Settings,
    producer: AIOKafkaProducer,
    tmp_path: Path,
    partition: int,
    snapshot_every: int,
) -> None:
    commands = seeded_log(20, 12_000)
    process = MatchingProcess(own_topics, str(partition), tmp_path, snapshot_every=snapshot_every)

    async def stream() -> None:
        for first in range(0, len(commands), 200):
            await write(producer, partition, commands[first : first + 200])

    streaming = asyncio.create_task(stream())
    for messages in (1, 2, 4, 7, 11):  # of some 24 that the whole log makes
        await process.spawn()
        await output_reaches(own_topics, partition, messages)
        await process.kill()
    await streaming
    await process.start()

    async with httpx.AsyncClient() as http:
        shown = (await http.get(f"{process.url}/open-orders?hash=1")).json()
    assert await process.stop() == 0
    engine, expected = await expected_output(own_topics, partition)
    assert engine.next_offset >= len(commands)  # and the claims of those that lived
    assert shown["state_hashes"][str(partition)] == state_hash(engine)
    for topic in OUTPUTS:
        entries = await read_entries(own_topics, topic, partition)
        assert without_repetitions(entries) == expected[topic]


async def test_it_refuses_to_serve_when_its_output_differs_from_what_was_published(
    own_topics: Settings, producer: AIOKafkaProducer, tmp_path: Path
) -> None:
    partition = 4
    await write(producer, partition, seeded_log(21, 50))
    process = MatchingProcess(own_topics, str(partition), tmp_path)
    await process.start()
    assert await process.stop() == 0
    (*_, last) = await read_partition(own_topics, ORDERS_EVENTS, partition)
    entry = decode(last.value, OrderBatch).entries[-1]
    planted = OrderEntry(
        offset=entry.offset,
        command_id=entry.command_id,
        at_ms=entry.at_ms,
        hash="0123456789abcdef",
        events=entry.events,
    )
    # Enough of them to push the honest message out of the tail that a start reads.
    batch = encode(OrderBatch(partition=partition, entries=(planted,)))
    for _ in range(60):
        await producer.send_and_wait(ORDERS_EVENTS, batch, partition=partition)

    await process.spawn()

    assert await process.exit_code() != 0


async def test_it_goes_on_where_it_was_when_the_broker_comes_back(
    own_topics: Settings, own_servers: TestServers, producer: AIOKafkaProducer, tmp_path: Path
) -> None:
    partition = 5
    commands = seeded_log(22, 2_000)
    process = MatchingProcess(own_topics, str(partition), tmp_path)
    await write(producer, partition, commands[:1_000])
    await process.start()

    await own_servers.kill("kafka")
    await asyncio.sleep(1)
    await own_servers.restart("kafka")
    await write(producer, partition, commands[1_000:])

    _, expected = await expected_output(own_topics, partition)
    async with asyncio.timeout(60):
        for topic in OUTPUTS:
            while True:
                entries = without_repetitions(await read_entries(own_topics, topic, partition))
                if len(entries) >= len(expected[topic]):
                    break
                await asyncio.sleep(0.2)
            assert entries == expected[topic]
    assert await process.stop() == 0
