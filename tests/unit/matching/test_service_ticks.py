"""Ticks: time reaches a quiet market, once in a while, and only where something is due."""

import asyncio

import pytest
from msgspec.structs import replace

from contracts.matching import EngineCommand, OrderCancelled, Tick
from contracts.message import decode, encode
from contracts.orders import ExpiryReason, TimeInForce
from contracts.topology import ORDERS_EVENTS
from matching.engine import Engine
from matching.service import MatchingService
from matching.snapshot import SnapshotStore
from matching.ticker import Ticker
from tests.support.engine_commands import SYMBOL, add_symbol, buy
from tests.support.fake_command_log import NO_DISK, FakeCommandLog

PARTITION = 3


class Clocks:
    """A wall clock and a monotonic one, both moved by hand."""

    def __init__(self) -> None:
        self.ms = 0
        self.s = 0.0

    def ticker(self) -> Ticker:
        return Ticker(lambda: self.ms, lambda: self.s)


class Appended:
    """Only remembers what an engine writes of its own."""

    def __init__(self) -> None:
        self.commands: list[tuple[int, EngineCommand]] = []

    async def append(self, partition: int, message: bytes) -> int:
        self.commands.append((partition, decode(message, EngineCommand)))
        return len(self.commands)


def good_till(order_id: int, date_ms: int) -> EngineCommand:
    return replace(buy(order_id, 100, 5), time_in_force=TimeInForce.GTD, expires_at_ms=date_ms)


def engine_with(*commands: EngineCommand) -> Engine:
    engine = Engine()
    for offset, command in enumerate((add_symbol(), *commands)):
        engine.apply(command, offset, offset)
    return engine


async def test_nothing_is_sent_before_a_date_has_passed() -> None:
    clocks, log = Clocks(), Appended()
    ticker = clocks.ticker()
    engines = {3: engine_with(good_till(1, 1_000)), 4: engine_with(buy(2, 100, 1))}

    for clocks.ms in (0, 500, 999):
        await ticker.tick(engines, log)
    assert log.commands == []

    clocks.ms = 1_000
    await ticker.tick(engines, log)
    ((partition, tick),) = log.commands
    assert isinstance(tick, Tick)
    assert (partition, tick.symbol) == (3, SYMBOL)


async def test_ticks_of_one_partition_are_200_ms_apart_and_stop_when_the_log_has_moved_on() -> None:
    clocks, log = Clocks(), Appended()
    ticker = clocks.ticker()
    engine = engine_with(good_till(1, 1_000))
    clocks.ms = 5_000

    for _ in range(101):  # a second of very short turns
        await ticker.tick({3: engine}, log)
        clocks.s += 0.01
    assert 5 <= len(log.commands) <= 6
    assert len({tick.command_id for _, tick in log.commands}) == 1  # all for the same place

    engine.apply(buy(2, 90, 1), engine.next_offset, 1_001)  # any command brings the time along
    clocks.s += 10
    sent = len(log.commands)
    await ticker.tick({3: engine}, log)
    assert len(log.commands) == sent


async def test_an_order_expires_in_a_market_in_which_nothing_happens() -> None:
    clocks = Clocks()
    log = FakeCommandLog([add_symbol(), good_till(1, 4)])
    log.at_end = asyncio.CancelledError
    log.idle_polls = 1
    clocks.ms = 1_000
    service = MatchingService(log, SnapshotStore(NO_DISK), ticker=clocks.ticker())

    with pytest.raises(asyncio.CancelledError):
        await service.run()

    # The claim's record is at 2 ms, the first tick's at 3 ms: too early. The log's time counts.
    assert isinstance(decode(log.inputs[3], EngineCommand), Tick)
    assert 1 in service.engines[PARTITION].live
    log.inputs.append(encode(buy(2, 90, 1)))
    log.reconnect()
    with pytest.raises(asyncio.CancelledError):
        await MatchingService(log, SnapshotStore(NO_DISK)).run()
    ended = [
        event
        for entry in log.entries(ORDERS_EVENTS)
        for event in entry.events
        if isinstance(event, OrderCancelled)
    ]
    assert [(event.order_id, event.reason) for event in ended] == [
        (1, ExpiryReason.GOOD_TILL_DATE_REACHED)
    ]
