"""The client's own rules, with a log in memory: silence, refusal, and who is left waiting."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from uuid import UUID

import msgspec
import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError

from contracts.matching import (
    AmendOrder,
    CancelAllOrders,
    EngineCommand,
    EngineEvent,
    OrderAccepted,
    OrderAmended,
    OrderBatch,
    OrderCancelled,
    SubmitIndeterminate,
    SubmitOrderList,
)
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
        self.script: tuple[EngineEvent, ...] | None = None
        self.fails = False
        self.answers = True
        self.output: asyncio.Queue[bytes] = asyncio.Queue()

    async def send_and_wait(self, topic: str, *, value: bytes, key: bytes, partition: int) -> None:
        command: EngineCommand = decode(value, EngineCommand)
        entry = order_entry(self.engine.apply(command, self.engine.next_offset, 5))
        if self.script is not None:
            entry = msgspec.structs.replace(entry, events=self.script)
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

    assert isinstance(answer, tuple)
    assert (answer[0].order_id, answer[0].status, answer[0].at_ms) == (1, OrderStatus.OPEN, 5)


def facts(order_id: int, status: OrderStatus = OrderStatus.OPEN) -> dict[str, object]:
    return {
        "symbol": SYMBOL,
        "order_id": order_id,
        "user_id": 7,
        "sequence": 1,
        "caused_by": order_id,
        "status": status,
        "quantity_lots": 5,
        "filled_lots": 0,
        "filled_quote_e8": 0,
        "commission_e8": 0,
    }


async def test_a_submit_beyond_the_engines_memory_is_neither_yes_nor_no(
    client: MatchingClient, kafka: EngineInMemory
) -> None:
    forgotten = SubmitIndeterminate(symbol=SYMBOL, order_id=1)
    kafka.script = (forgotten,)

    assert await client.submit(submit(1, Side.BUY, 100, 5), 1) == forgotten


async def test_a_list_is_answered_leg_by_leg(client: MatchingClient, kafka: EngineInMemory) -> None:
    legs = (submit(1, Side.SELL, 100, 5), submit(2, Side.SELL, 90, 5))
    command = SubmitOrderList(command_id=UUID(int=9), symbol=SYMBOL, list_id=8, legs=legs)
    kafka.script = (
        OrderAccepted(**facts(2), working=False, list_id=8),  # type: ignore[arg-type]
        OrderAccepted(**facts(1), list_id=8),  # type: ignore[arg-type]
    )

    answer = await client.submit_list(command, 1)

    assert isinstance(answer, tuple)
    assert [(state.order_id, state.working, fills) for state, fills in answer] == [
        (1, True, ()),
        (2, False, ()),
    ]


async def test_cancel_all_tells_each_order_that_it_ended(
    client: MatchingClient, kafka: EngineInMemory
) -> None:
    command = CancelAllOrders(command_id=UUID(int=9), symbol=SYMBOL, user_id=7)
    kafka.script = tuple(
        OrderCancelled(**facts(order_id, OrderStatus.CANCELLED))  # type: ignore[arg-type]
        for order_id in (4, 3)
    )

    answer = await client.cancel_all(command, 1)
    kafka.script = ()

    assert answer is not None
    assert [state.order_id for state in answer] == [4, 3]
    assert await client.cancel_all(command, 1) == ()


async def test_an_amendment_tells_what_it_frees(
    client: MatchingClient, kafka: EngineInMemory
) -> None:
    command = AmendOrder(command_id=UUID(int=9), symbol=SYMBOL, order_id=1, new_quantity_lots=5)
    kafka.script = (OrderAmended(**facts(1), freed_e8=70),)  # type: ignore[arg-type]

    answer = await client.amend(command, 1)

    assert isinstance(answer, tuple)
    assert (answer.state.order_id, answer.freed_e8) == (1, 70)


async def test_silence_is_none(client: MatchingClient, kafka: EngineInMemory) -> None:
    kafka.answers = False

    legs = (submit(1, Side.SELL, 100, 5), submit(2, Side.SELL, 90, 5))
    answers = (
        client.submit(submit(1, Side.BUY, 100, 5), 0.01),
        client.submit_list(
            SubmitOrderList(command_id=UUID(int=1), symbol=SYMBOL, list_id=8, legs=legs), 0.01
        ),
        client.cancel_all(CancelAllOrders(command_id=UUID(int=2), symbol=SYMBOL, user_id=7), 0.01),
        client.amend(
            AmendOrder(command_id=UUID(int=3), symbol=SYMBOL, order_id=1, new_quantity_lots=5), 0.01
        ),
    )
    assert await asyncio.gather(*answers) == [None] * 4


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
