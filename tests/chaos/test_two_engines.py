"""An engine that was stopped comes back while another serves: no effect more, none less.

SIGSTOP of the engine, start of a second one, SIGCONT of the first, again and again, under a
flow of orders. The first must step down; what both have said must be the same, once.
"""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from adapters.kafka import create_consumer, create_producer
from config.settings import Settings
from contracts.matching import OrderFilled, SubmitOrder, TradeEntry
from contracts.message import encode
from contracts.orders import OrderState, Side
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING, TRADES_EXECUTED
from matching.client import MatchingClient
from matching.engine import Engine
from matching.errors import FENCED_STATUS, MatchingUnavailable
from matching.output import OUTPUTS, Entry
from matching.state import state_hash
from tests.support.engine_commands import add_symbol, submit
from tests.support.matching_process import (
    MatchingProcess,
    expected_output,
    instrument,
    read_entries,
    without_repetitions,
)
from tests.support.servers import TestServers
from workers.provision import create_topics

pytestmark = pytest.mark.kafka

PARTITION = 3
MARKET = instrument("ZOMBIE", PARTITION)
SUBMITTERS = 4
ANSWER_TIMEOUT_S = 5.0
ANSWERED_WITHIN_S = 90.0
SNAPSHOT_EVERY = 1_000
BURST = 1_500  # more than an engine takes in one turn


@pytest.fixture
async def settings() -> AsyncIterator[Settings]:
    """A broker for one test: it counts every record."""
    servers = TestServers()
    await servers.open()
    found = await servers.start("kafka")
    await create_topics(found)
    yield found
    await servers.close()


class Flow:
    """Orders that often cross, from several sides at once, each tried until it is answered."""

    def __init__(self, client: MatchingClient) -> None:
        self._client = client
        self._chance = random.Random(5)  # noqa: S311 - which orders, not whose money
        self._stopping = False
        self._answered = asyncio.Condition()
        self.answers: dict[int, OrderState] = {}
        self.orders = 0
        self.repetitions = 0

    async def run(self) -> None:
        """Until `stop`; raises TimeoutError where an order finds no answer."""
        async with asyncio.TaskGroup() as group:
            for _ in range(SUBMITTERS):
                group.create_task(self._submit_one_after_the_other())

    def order(self) -> SubmitOrder:
        """The next one."""
        self.orders += 1
        return submit(
            self.orders,
            self._chance.choice((Side.BUY, Side.SELL)),
            self._chance.randint(9_990, 10_010),
            self._chance.randint(1, 50),
            symbol=MARKET.symbol,
            user_id=self._chance.randint(1, 9),
        )

    def stop(self) -> None:
        """What has been submitted is still answered."""
        self._stopping = True

    async def until(self, answers: int) -> None:
        """Wait for so many more orders to be answered."""
        wanted = len(self.answers) + answers
        async with asyncio.timeout(ANSWERED_WITHIN_S), self._answered:
            await self._answered.wait_for(lambda: len(self.answers) >= wanted)

    async def _submit_one_after_the_other(self) -> None:
        while not self._stopping:
            order = self.order()
            answer = await self._answer(order)
            async with self._answered:
                self.answers[order.order_id] = answer
                self._answered.notify_all()

    async def _answer(self, order: SubmitOrder) -> OrderState:
        async with asyncio.timeout(ANSWERED_WITHIN_S):
            while True:
                try:
                    answer = await self._client.submit(order, ANSWER_TIMEOUT_S)
                except MatchingUnavailable:
                    answer = None
                if isinstance(answer, tuple):
                    return answer[0]
                assert answer is None, answer
                self.repetitions += 1


async def zombie_with_something_to_say(
    engine: MatchingProcess, settings: Settings, producer: AIOKafkaProducer, flow: Flow
) -> None:
    """Stop the engine while it has commands in hand whose output it has not published."""
    consumer = await create_consumer(settings.kafka)
    place = TopicPartition(ORDERS_EVENTS, PARTITION)
    said = (await consumer.end_offsets([place]))[place]
    burst = [encode(flow.order()) for _ in range(BURST)]
    written = [await producer.send(ORDERS_INCOMING, o, partition=PARTITION) for o in burst]
    async with asyncio.timeout(ANSWERED_WITHIN_S):
        while True:
            if (await consumer.end_offsets([place]))[place] >= said + 2:
                break
            await asyncio.sleep(0)
    engine.pause()
    await asyncio.gather(*written)
    await consumer.stop()


async def two_engines(settings: Settings, directory: Path, cycles: int) -> None:
    """Let that many engines be stopped, replaced and continued; then compare everything."""
    engines = (
        MatchingProcess(settings, str(PARTITION), directory, snapshot_every=SNAPSHOT_EVERY)
        for _ in itertools.count()
    )
    producer = await create_producer(settings.kafka)
    consumer = await create_consumer(settings.kafka)
    client = MatchingClient(producer, consumer, {MARKET.symbol: MARKET})
    flow = Flow(client)
    serving = next(engines)
    try:
        await client.start()
        await serving.start()
        assert await client.send(add_symbol(MARKET.symbol), ANSWER_TIMEOUT_S) is not None
        running = asyncio.create_task(flow.run())
        for cycle in range(cycles):
            await flow.until(60)
            zombie, serving = serving, next(engines)
            await zombie_with_something_to_say(zombie, settings, producer, flow)
            await serving.start()
            await flow.until(30)
            zombie.resume()
            continued = time.monotonic()
            status = await zombie.exit_code()
            print(f"cycle {cycle}: gone {time.monotonic() - continued:.2f} s after SIGCONT")
            assert status == FENCED_STATUS
            await flow.until(30)
        flow.stop()
        await running
        found = await serving.state_hash(PARTITION)
        assert await serving.stop() == 0
    finally:
        await serving.kill()
        await client.stop()
        await consumer.stop()
        await producer.stop()

    engine, expected = await expected_output(settings, PARTITION)
    assert found == state_hash(engine)
    repeated = 0
    for topic in OUTPUTS:
        said = await read_entries(settings, topic, PARTITION)
        once = without_repetitions(said)  # raises where one identity has two contents
        assert once == expected[topic]
        repeated += len(said) - len(once)
    print(
        f"{len(flow.answers)} orders answered, {flow.repetitions} asked for again, "
        f"{repeated} entries said twice"
    )
    assert repeated  # else no engine had anything to say when it came back
    require_trades_once(expected[TRADES_EXECUTED])
    require_answers_true(flow, engine, expected[ORDERS_EVENTS])


def require_trades_once(entries: list[Entry]) -> None:
    """After its repetitions are dropped each trade is there once, without a gap."""
    trades = [t for entry in entries if isinstance(entry, TradeEntry) for t in entry.trades]
    assert len(trades) > 20
    assert [trade.trade_id for trade in trades] == list(range(1, len(trades) + 1))
    filled: Counter[int] = Counter()
    for trade in trades:
        for order_id, lots in (
            (trade.buyer_order_id, trade.buyer_filled_lots),
            (trade.seller_order_id, trade.seller_filled_lots),
        ):
            filled[order_id] += trade.quantity_lots
            assert filled[order_id] == lots


def require_answers_true(flow: Flow, engine: Engine, entries: list[Entry]) -> None:
    """Every order is in the engine, once, and no answer says more than is there."""
    fills = Counter(
        event.order_id
        for e in entries
        for event in e.events
        if isinstance(event, OrderFilled)  # type: ignore[union-attr]
    )
    known = {order_id: order.filled for order_id, order in engine.live.items()}
    known |= {order_id: state.filled for order_id, state in engine.closed.items()}
    assert sorted(known) == list(range(1, flow.orders + 1))
    for order_id, state in flow.answers.items():
        assert state.filled_lots <= known[order_id]
        assert state.sequence <= 1 + fills[order_id]


@pytest.mark.timeout(300)
async def test_a_stopped_engine_that_comes_back_has_no_effect(
    settings: Settings, tmp_path: Path
) -> None:
    await two_engines(settings, tmp_path, 2)


@pytest.mark.long
@pytest.mark.timeout(1_800)
async def test_twenty_stopped_engines_that_come_back_have_no_effect(
    settings: Settings, tmp_path: Path
) -> None:
    await two_engines(settings, tmp_path, 20)


@pytest.mark.timeout(300)
async def test_a_second_engine_takes_over_from_one_that_runs(
    settings: Settings, tmp_path: Path
) -> None:
    """Two that serve at once: the older one steps down while orders come."""
    first = MatchingProcess(settings, str(PARTITION), tmp_path / "first")
    second = MatchingProcess(settings, str(PARTITION), tmp_path / "second")
    producer = await create_producer(settings.kafka)
    consumer = await create_consumer(settings.kafka)
    client = MatchingClient(producer, consumer, {MARKET.symbol: MARKET})
    flow = Flow(client)
    try:
        await client.start()
        await first.start()
        assert await client.send(add_symbol(MARKET.symbol), ANSWER_TIMEOUT_S) is not None
        running = asyncio.create_task(flow.run())
        await flow.until(50)
        await second.start()
        assert await first.exit_code() == FENCED_STATUS
        await flow.until(50)
        flow.stop()
        await running
        assert await second.stop() == 0
    finally:
        await first.kill()
        await second.kill()
        await client.stop()
        await consumer.stop()
        await producer.stop()

    _, expected = await expected_output(settings, PARTITION)
    for topic in OUTPUTS:
        once = without_repetitions(await read_entries(settings, topic, PARTITION))
        assert once == expected[topic]
