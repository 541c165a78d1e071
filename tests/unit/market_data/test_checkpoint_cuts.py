"""Wherever the log is cut: a checkpoint and the rest of the log tell what the whole log tells."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from contracts.matching import BookBatch, TradeBatch
from contracts.orders import Side
from market_data.checkpoint import Checkpoint, MarketState
from market_data.checkpoint_file import checkpoint_lines, read_checkpoint
from market_data.display import Display
from market_data.market import MarketUpdate
from market_data.told import Told
from matching.engine import Engine
from matching.output import book_entry, trade_entry
from tests.support.engine_commands import SYMBOL, add_symbol, cancel, submit

OTHER = "ETHUSDT"
SYMBOLS = (SYMBOL, OTHER, "QUIET")
START_MS = 1_700_000_000_000
LENGTH = 400  # orders
LONGEST_MS = (0, 0, 5, 400, 3_000, 50_000, 1_500_000, 30_000_000)  # between two commands


class Message(NamedTuple):
    """What the log holds, and when it came."""

    batch: BookBatch | TradeBatch
    at_ms: int


def random_log(seed: int) -> list[Message]:
    """Two markets, bursts, and pauses of up to hours."""
    rng = random.Random(seed)  # noqa: S311 - the same log each time
    engine, at_ms, messages = Engine(), START_MS, list[Message]()
    commands = [add_symbol(SYMBOL, number=1), add_symbol(OTHER, number=2)]
    for order_id in range(1, LENGTH):
        symbol = SYMBOL if rng.random() < 0.7 else OTHER
        if rng.random() < 0.2:
            commands.append(cancel(rng.randint(1, order_id), symbol=symbol))
        else:
            side, price, lots = rng.choice(list(Side)), rng.randint(90, 110), rng.randint(1, 60)
            commands.append(submit(order_id, side, price, lots, symbol=symbol))
    for command in commands:
        at_ms += rng.randint(0, rng.choice(LONGEST_MS))
        outcome = engine.apply(command, engine.next_offset, at_ms)
        if (trades := trade_entry(outcome)) is not None:
            messages.append(Message(TradeBatch(partition=0, entries=(trades,)), at_ms))
        if (update := book_entry(outcome)) is not None:
            messages.append(Message(BookBatch(partition=0, entries=(update,)), at_ms))
    return messages


def feed(display: Display, messages: list[Message]) -> None:
    for batch, _ in messages:
        if isinstance(batch, TradeBatch):
            display.take_trades(batch)
        else:
            display.take_updates(batch)


def cut(display: Display, now_ms: int) -> list[MarketUpdate]:
    """What Redis is given at this moment."""
    display.cut(now_ms)
    updates, entries = display.updates(every=True), display.unwritten()
    display.mark_written(updates, entries)
    return updates


class Life:
    """A process that has read the log, has told of it, and was checkpointed on its way."""

    def __init__(self, log: list[Message], seed: int) -> None:
        self.log = log
        self.rng = random.Random(seed)  # noqa: S311
        self.taken_at = self.rng.randint(0, len(log) - 1)
        self.died_at = min(len(log) - 1, self.taken_at + self.rng.choice((0, 5, 30, 90, 200)))
        self.told: dict[str, Told] = {}
        self.display = Display(SYMBOLS)
        self.display.go_live(START_MS)
        self.now_ms = START_MS

    def states(self) -> dict[str, MarketState]:
        """Live until it dies; what its checkpoint holds."""
        self._follow(0, self.taken_at)
        states = self.display.states()
        self._follow(self.taken_at, self.died_at)
        return states

    def _follow(self, first: int, end: int) -> None:
        for message in self.log[first:end]:
            while self.now_ms < message.at_ms and self.rng.random() < 0.5:
                self._cut(min(self.now_ms + self.rng.choice((20, 1_000, 90_000)), message.at_ms))
            self.now_ms = max(self.now_ms, message.at_ms + self.rng.choice((0, 2, 150)))
            feed(self.display, [message])
            if self.rng.random() < 0.3:
                self._cut(self.now_ms)

    def _cut(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self.told |= {update.symbol: update.told for update in cut(self.display, now_ms)}


def through_a_file(states: dict[str, MarketState], place: Path) -> dict[str, MarketState]:
    place.write_bytes(b"".join(checkpoint_lines(Checkpoint(SYMBOLS, (), 0, states))))
    return read_checkpoint(place).markets


def assert_equal_lives(
    life: Life, states: dict[str, MarketState], told: Mapping[str, Told], place: Path
) -> None:
    """One process starts from the checkpoint, one from the log's beginning; both go on."""
    log, rng = life.log, life.rng
    started_at = rng.choice((life.died_at, rng.randint(life.died_at, len(log))))
    restored = Display(SYMBOLS, told, through_a_file(states, place))
    replayed = Display(SYMBOLS, told)
    feed(restored, log[life.taken_at : started_at])
    feed(replayed, log[:started_at])
    now_ms = max(life.now_ms, log[started_at - 1].at_ms if started_at else START_MS)
    for display in (restored, replayed):
        display.go_live(now_ms)
    position = started_at
    while True:
        assert cut(restored, now_ms) == cut(replayed, now_ms)
        assert restored.states() == replayed.states()
        if position == len(log):
            return
        following = min(len(log), position + rng.randint(1, 60))
        for display in (restored, replayed):
            feed(display, log[position:following])
        position = following
        now_ms = max(now_ms + rng.choice((20, 500, 2_000)), log[position - 1].at_ms)


def check_cuts(seed: int, cuts: int, place: Path) -> None:
    """Each has a checkpoint of its own, anywhere before its process dies."""
    log = random_log(seed)
    covered = 0
    for number in range(cuts):
        life = Life(log, 1_000 * seed + number)
        states = life.states()
        if all(told.covers(states[symbol]) for symbol, told in life.told.items()):
            covered += 1
            assert_equal_lives(life, states, life.told, place)
        # Redis was emptied while the process was away: nobody knows what was told.
        assert_equal_lives(life, states, {}, place)
    assert covered


@pytest.mark.parametrize("seed", range(3))
def test_cuts_tell_the_same(seed: int, tmp_path: Path) -> None:
    check_cuts(seed, 8, tmp_path / "of.checkpoint")


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(10, 20))
def test_a_thousand_cuts_tell_the_same(seed: int, tmp_path: Path) -> None:
    check_cuts(seed, 100, tmp_path / "of.checkpoint")
