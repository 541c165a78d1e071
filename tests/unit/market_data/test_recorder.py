"""Readers are shown the history while it is all there is, and at no other time."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from market_data.checkpoints import Checkpoints
from market_data.errors import DisplayBehind
from market_data.recorder import Recorder
from tests.support.waits import ended, until
from tests.unit.market_data.fake_trade_log import FakeConsumer, FakeHistory, message


def log_of(count: int) -> list[bytes]:
    return [message(n, 1_000 * n) for n in range(1, count + 1)]


def none_in(directory: Path) -> Checkpoints:
    return Checkpoints(directory, (), every=1)


async def holds(condition: Callable[[], bool], what: str) -> None:
    async def asked() -> bool:
        return condition()

    await until(asked, what)


async def test_nothing_is_shown_before_all_of_the_log_is_written(tmp_path: Path) -> None:
    consumer, history = FakeConsumer(log_of(7)), FakeHistory()
    recorder = Recorder(consumer, history, none_in(tmp_path))
    with pytest.raises(DisplayBehind):
        await recorder.check()
    running = asyncio.create_task(recorder.run())
    await holds(lambda: bool(history.shown_at), "the history is shown")
    assert set(history.shown_at) == {7}
    await recorder.check()
    consumer.log.append(message(8, 9_000))
    await holds(lambda: history.shown_at[-1] == 8, "the next trade is shown")
    await ended(running)
    assert history.taken == list(range(1, 9))


async def test_while_kafka_is_silent_the_word_is_not_given_again(tmp_path: Path) -> None:
    consumer, history = FakeConsumer(log_of(1)), FakeHistory()
    consumer.silent_since_ms = 1
    recorder = Recorder(consumer, history, none_in(tmp_path))
    running = asyncio.create_task(recorder.run())
    await holds(lambda: history.is_whole, "the log is read")
    polls = consumer.polls
    await holds(lambda: consumer.polls > polls + 2, "it has looked again")
    assert history.shown_at == []
    with pytest.raises(DisplayBehind):
        await recorder.check()
    consumer.silent_since_ms = None
    await holds(lambda: history.shown_at != [], "the history is shown")
    await ended(running)


async def test_what_comes_faster_than_it_is_written_is_not_shown_as_everything(
    tmp_path: Path,
) -> None:
    consumer, history = FakeConsumer(log_of(1)), FakeHistory()
    running = asyncio.create_task(Recorder(consumer, history, none_in(tmp_path)).run())
    await holds(lambda: history.shown_at != [], "the history is shown")
    consumer.log += log_of(7)[1:]
    await holds(lambda: len(history.flushed) == 7, "everything is written")
    await holds(lambda: history.shown_at[-1] == 7, "everything is shown")
    assert set(history.shown_at) == {1, 7}
    await ended(running)
