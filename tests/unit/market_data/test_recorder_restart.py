"""A recorder that goes on from a checkpoint writes what one writes that reads the whole log."""

import asyncio
import random
from pathlib import Path

import pytest

from contracts.streams import Interval
from market_data.checkpoints import Checkpoints
from market_data.history_pending import Position
from market_data.recorder import Recorder
from tests.support.waits import ended, until
from tests.unit.market_data.fake_trade_log import FakeConsumer, FakeHistory, message
from tests.unit.market_data.taken_checkpoint import take_checkpoint

SYMBOL = "BTCUSDT"
COUNT = 60
TAKEN_AT = 35


def random_log(seed: int) -> list[bytes]:
    """A trade a message, within a second of the one before it or within minutes."""
    rng = random.Random(seed)  # noqa: S311 - the same log each time
    at_ms, messages = 1_700_000_000_000, list[bytes]()
    for trade_id in range(1, COUNT + 1):
        at_ms += rng.randint(0, rng.choice((300, 3_000, 200_000)))
        messages.append(message(trade_id, at_ms))
    return messages


async def checkpointed(log: list[bytes], directory: Path) -> tuple[Checkpoints, Position]:
    """A checkpoint of the log's first messages, and what a history must hold of them."""
    checkpoints, state = await take_checkpoint(SYMBOL, log[:TAKEN_AT], directory)
    closed = {name: one.closed for name, one in state.timelines.items()}
    minute, second = closed[Interval.MINUTE_1], closed[Interval.SECOND_1]
    assert minute is not None
    assert second is not None
    written = Position(
        trade_id=TAKEN_AT,
        aggregate_id=TAKEN_AT,
        minute_ms=minute.open_ms,
        second_ms=second.open_ms,
    )
    return checkpoints, written


async def recorded(
    log: list[bytes], checkpoints: Checkpoints, history: FakeHistory
) -> tuple[FakeConsumer, FakeHistory]:
    """What a recorder has told its history at the log's end."""
    consumer = FakeConsumer(log)
    running = asyncio.create_task(Recorder(consumer, history, checkpoints).run())

    async def is_shown() -> bool:
        return bool(history.shown_at)

    await until(is_shown, "the history is shown")
    await ended(running)
    return consumer, history


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("grown", [True, False])
async def test_it_tells_just_what_follows(tmp_path: Path, seed: int, grown: bool) -> None:
    log = random_log(seed)
    checkpoints, written = await checkpointed(log, tmp_path)
    log = log if grown else log[:TAKEN_AT]
    _, whole = await recorded(log, checkpoints, FakeHistory())
    consumer, rest = await recorded(log, checkpoints, FakeHistory(written))

    assert consumer.sought == [TAKEN_AT - 1, TAKEN_AT]  # the proof, the rest
    assert rest.taken == whole.taken[TAKEN_AT:]
    assert rest.aggregates == whole.aggregates[TAKEN_AT:]
    assert rest.closed == [
        (symbol, interval, candle)
        for symbol, interval, candle in whole.closed
        if candle.open_ms
        > (written.minute_ms if interval is Interval.MINUTE_1 else written.second_ms)
    ]
    assert rest.open == whole.open


async def test_a_history_that_was_lost_is_written_again_from_the_logs_beginning(
    tmp_path: Path,
) -> None:
    log = random_log(1)
    checkpoints, _ = await checkpointed(log, tmp_path)

    consumer, history = await recorded(log, checkpoints, FakeHistory())

    assert consumer.sought == [0]
    assert history.taken == list(range(1, COUNT + 1))


@pytest.mark.parametrize("name", Position.__struct_fields__)
async def test_a_history_that_lacks_a_part_of_it_is_given_the_whole_log(
    tmp_path: Path, name: str
) -> None:
    log = random_log(1)
    checkpoints, written = await checkpointed(log, tmp_path)
    values = {field: getattr(written, field) for field in Position.__struct_fields__}
    lacking = Position(**(values | {name: values[name] - 1}))

    consumer, history = await recorded(log, checkpoints, FakeHistory(lacking))

    assert consumer.sought[-1] == 0
    assert history.taken == list(range(1, COUNT + 1))
