"""Snapshots and new markets with the real process on the real broker."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from msgspec.structs import replace

from adapters.kafka import create_consumer, create_producer
from config.markets import load_markets
from config.settings import Settings
from contracts.matching import (
    AddSymbol,
    BandSet,
    CommandRejected,
    EngineCommand,
    MarketOpened,
    OrderAccepted,
    OrderCancelled,
)
from contracts.message import encode
from contracts.orders import ExpiryReason, OrderStatus, Refusal, Side, TimeInForce
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING
from matching.answers import Submitted
from matching.client import MatchingClient
from matching.errors import FENCED_STATUS
from matching.output import OUTPUTS
from matching.state import state_hash
from tests.support.engine_commands import add_symbol, seeded_log, submit
from tests.support.matching_process import (
    MatchingProcess,
    expected_output,
    instrument,
    read_entries,
    without_repetitions,
)
from workers.provision import market_commands, open_markets

pytestmark = pytest.mark.kafka

ANSWER_TIMEOUT_S = 10


@pytest.fixture
async def producer(own_topics: Settings) -> AsyncIterator[AIOKafkaProducer]:
    made = await create_producer(own_topics.kafka)
    yield made
    await made.stop()


@pytest.fixture
async def new_market(
    own_topics: Settings, producer: AIOKafkaProducer
) -> AsyncIterator[MatchingClient]:
    """Knows of a market that no engine has heard of yet."""
    consumer = await create_consumer(own_topics.kafka)
    made = MatchingClient(producer, consumer, {"NEWUSDT": instrument("NEWUSDT", 8)})
    await made.start()
    yield made
    await made.stop()
    await consumer.stop()


async def write(producer: AIOKafkaProducer, partition: int, commands: list[EngineCommand]) -> None:
    acknowledgements = [
        await producer.send(ORDERS_INCOMING, encode(command), partition=partition)
        for command in commands
    ]
    await asyncio.gather(*acknowledgements)


async def records_read(process: MatchingProcess) -> int:
    """How many records of the log this process has read since it started."""
    async with httpx.AsyncClient() as http:
        lines = (await http.get(f"{process.url}/metrics")).text.splitlines()
    (value,) = [line.split()[1] for line in lines if line.startswith("matching_commands_total ")]
    return int(float(value))


async def require_all_said_once(settings: Settings, partition: int, hash_: str) -> None:
    engine, expected = await expected_output(settings, partition)
    assert hash_ == state_hash(engine)
    for topic in OUTPUTS:
        entries = await read_entries(settings, topic, partition)
        assert without_repetitions(entries) == expected[topic]


async def test_a_restart_reads_the_snapshot_and_only_what_came_after_it(
    own_topics: Settings, producer: AIOKafkaProducer, tmp_path: Path
) -> None:
    partition = 7
    await write(producer, partition, seeded_log(30, 3_000))
    process = MatchingProcess(own_topics, str(partition), tmp_path)
    await process.start()
    assert await records_read(process) == 3_001
    assert await process.stop() == 0
    (snapshot,) = (tmp_path / "matching" / str(partition)).iterdir()
    assert int(snapshot.stem) == 3_001
    await write(producer, partition, seeded_log(31, 100))

    await process.start()

    # The record that proves which log it is, a hundred new ones, and its claim.
    assert await records_read(process) == 102
    found = await process.state_hash(partition)
    assert await process.stop() == 0
    await require_all_said_once(own_topics, partition, found)


async def test_a_log_that_lost_its_beginning_is_served_only_with_a_snapshot(
    own_topics: Settings, producer: AIOKafkaProducer, tmp_path: Path
) -> None:
    partition = 9
    await write(producer, partition, seeded_log(32, 500))
    process = MatchingProcess(own_topics, str(partition), tmp_path)
    await process.start()
    before = await process.state_hash(partition)
    assert await process.stop() == 0
    admin = AIOKafkaAdminClient(bootstrap_servers=own_topics.kafka.bootstrap)
    await admin.start()
    place = TopicPartition(ORDERS_INCOMING, partition)
    await admin.delete_records({place: RecordsToDelete(before_offset=400)})
    await admin.close()

    without = MatchingProcess(own_topics, str(partition), tmp_path / "empty")
    await without.spawn()
    assert await without.exit_code() not in (0, FENCED_STATUS)
    await process.start()
    assert await process.state_hash(partition) != before  # it has read its own claim since
    assert await process.stop() == 0


async def test_a_market_opens_on_a_running_engine_and_has_its_band(
    own_topics: Settings, new_market: MatchingClient, tmp_path: Path
) -> None:
    process = MatchingProcess(own_topics, "8", tmp_path)
    await process.start()
    unknown = await new_market.submit(
        submit(1, Side.SELL, 10_000, 5, symbol="NEWUSDT"), ANSWER_TIMEOUT_S
    )
    assert isinstance(unknown, tuple)
    assert unknown[0].refusal is Refusal.UNKNOWN_SYMBOL

    opening = market_commands(instrument("NEWUSDT", 8))
    events = []
    for command in (*opening, *opening, replace(opening[0], lot_e8=1_000_000)):
        entry = await new_market.send(command, ANSWER_TIMEOUT_S)
        assert entry is not None
        events += entry.events
    # The second time nothing changes; other facts are refused.
    refused = CommandRejected(symbol="NEWUSDT", refusal=Refusal.INVALID_ORDER)
    opened = [MarketOpened(symbol="NEWUSDT"), BandSet(symbol="NEWUSDT")]
    assert events == [*opened, *opened, refused]

    async def place(order_id: int, side: Side, price: int) -> Submitted:
        command = submit(order_id, side, price, 5, symbol="NEWUSDT", user_id=order_id)
        answer = await new_market.submit(command, ANSWER_TIMEOUT_S)
        assert isinstance(answer, tuple)
        return answer

    assert (await place(2, Side.SELL, 10_000))[0].status is OrderStatus.OPEN
    assert (await place(3, Side.BUY, 10_000))[0].status is OrderStatus.FILLED
    assert (await place(4, Side.BUY, 11_001))[0].refusal is Refusal.PRICE_OUT_OF_BAND
    assert (await place(5, Side.BUY, 11_000))[0].status is OrderStatus.OPEN
    assert await process.stop() == 0


async def test_provisioning_again_opens_a_listed_market_once(
    own_topics: Settings, tmp_path: Path
) -> None:
    (market,) = [m for m in load_markets().values() if m.symbol == "BTCUSDT"]
    await open_markets(own_topics)
    process = MatchingProcess(own_topics, str(market.partition), tmp_path)
    await process.start()
    await open_markets(own_topics)
    async with httpx.AsyncClient() as http:
        shown = (await http.get(f"{process.url}/open-orders")).json()
    assert list(shown["orders"]) == ["BTCUSDT"]
    assert await process.stop() == 0

    entries = await read_entries(own_topics, ORDERS_EVENTS, market.partition)
    openings = [e for e in entries if any(is_opening(event) for event in e.events)]
    assert len(openings) == 4
    assert len({entry.command_id for entry in openings}) == 2


def is_opening(event: object) -> bool:
    return isinstance(event, MarketOpened | BandSet)


async def test_a_good_till_date_passes_in_a_market_in_which_nothing_happens(
    own_topics: Settings, new_market: MatchingClient, tmp_path: Path
) -> None:
    process = MatchingProcess(own_topics, "8", tmp_path)
    await process.start()
    opened: AddSymbol = add_symbol("NEWUSDT")
    assert await new_market.send(opened, ANSWER_TIMEOUT_S) is not None
    resting = replace(
        submit(50, Side.SELL, 20_000, 5, symbol="NEWUSDT"),
        time_in_force=TimeInForce.GTD,
        expires_at_ms=time.time_ns() // 1_000_000 + 3_000,
        accepted_at_ms=time.time_ns() // 1_000_000,
    )
    assert await new_market.submit(resting, ANSWER_TIMEOUT_S) is not None

    async with asyncio.timeout(30):
        ended: list[OrderCancelled] = []
        while not ended:
            entries = await read_entries(own_topics, ORDERS_EVENTS, 8)
            events = [event for entry in entries for event in entry.events]
            assert any(isinstance(e, OrderAccepted) and e.order_id == 50 for e in events)
            ended = [e for e in events if isinstance(e, OrderCancelled) and e.order_id == 50]

    assert [event.reason for event in ended] == [ExpiryReason.GOOD_TILL_DATE_REACHED]
    assert await process.stop() == 0
