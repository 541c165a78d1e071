"""The client's own rules, with a log in memory: silence, refusal, and who is left waiting."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError

from contracts.matching import EngineCommand, OrderBatch
from contracts.message import decode, encode
from contracts.orders import OrderStatus, Side
from contracts.topology import ORDERS_EVENTS
from matching.client import MatchingClient
from matching.engine import Engine
from matching.errors import MatchingUnavailable
from matching.output import order_entry
from tests.support.engine_commands import SYMBOL, add_symbol, submit
from tests.support.matching_process import instrument


class EngineInMemory:
    """Producer and consumer at once: what is sent is matched, and its output can be read."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.engine.apply(add_symbol(), 0, 0)
        self.fails = False
        self.answers = True
        self.output: asyncio.Queue[bytes] = asyncio.Queue()

    async def send_and_wait(self, topic: str, *, value: bytes, key: bytes, partition: int) -> None:
        command: EngineCommand = decode(value, EngineCommand)
        entry = order_entry(self.engine.apply(command, self.engine.next_offset, 5))
        if self.answers:
            self.output.put_nowait(b"not a batch")
            self.output.put_nowait(encode(OrderBatch(partition=partition, entries=(entry,))))
        if self.fails:
            await asyncio.sleep(0.05)
            raise KafkaTimeoutError

    def assign(self, places: list[TopicPartition]) -> None:
        self.places = places

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 0)

    def seek(self, place: TopicPartition, offset: int) -> None:
        pass

    async def getmany(self, timeout_ms: int) -> dict[TopicPartition, list[SimpleNamespace]]:
        message = await self.output.get()
        return {TopicPartition(ORDERS_EVENTS, 3): [SimpleNamespace(value=message)]}


@pytest.fixture
def kafka() -> EngineInMemory:
    return EngineInMemory()


@pytest.fixture
async def client(kafka: EngineInMemory) -> AsyncIterator[MatchingClient]:
    made = MatchingClient(kafka, kafka, {SYMBOL: instrument(SYMBOL, 3)})
    await made.start()
    yield made
    await made.stop()
    assert not made._waiters


async def test_the_answer_to_a_command_is_found_by_its_id(client: MatchingClient) -> None:
    answer = await client.submit(submit(1, Side.BUY, 100, 5), 1)

    assert answer is not None
    assert (answer[0].order_id, answer[0].status, answer[0].at_ms) == (1, OrderStatus.OPEN, 5)


async def test_silence_is_none(client: MatchingClient, kafka: EngineInMemory) -> None:
    kafka.answers = False

    assert await client.submit(submit(1, Side.BUY, 100, 5), 0.01) is None


async def test_what_the_log_does_not_acknowledge_is_unavailable_not_refused(
    client: MatchingClient, kafka: EngineInMemory
) -> None:
    kafka.fails, kafka.answers = True, False

    with pytest.raises(MatchingUnavailable):
        await client.submit(submit(1, Side.BUY, 100, 5), 1)


async def test_an_answer_stands_in_for_a_lost_acknowledgement(
    client: MatchingClient, kafka: EngineInMemory
) -> None:
    kafka.fails = True

    assert await client.submit(submit(1, Side.BUY, 100, 5), 1) is not None


async def test_whoever_is_cancelled_waits_no_more(
    client: MatchingClient, kafka: EngineInMemory
) -> None:
    kafka.answers = False
    waiting = asyncio.create_task(client.submit(submit(1, Side.BUY, 100, 5), 60))
    await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert not client._waiters


async def test_a_client_that_does_not_read_says_so(client: MatchingClient) -> None:
    await client.check()
    await client.stop()

    with pytest.raises(MatchingUnavailable):
        await client.check()
