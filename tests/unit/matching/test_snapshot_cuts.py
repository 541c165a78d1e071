"""Wherever the log is cut: a snapshot and the rest of the log end in the state of the whole log."""

import itertools
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from contracts.matching import EngineCommand
from contracts.message import encode
from matching.claim import Claim
from matching.output import OUTPUTS, PublishedTail
from matching.partition import PartitionMatcher, Record
from matching.snapshot import SnapshotStore
from matching.state import state_hash
from tests.support.mixed_log import mixed_commands, mixed_log

PARTITION = 3
LENGTH = 3_000
POLL = 500
MILLION = 1_000_000
RECORD_EVERY_MS = 200  # a million records are more than the day that closed orders are remembered


def records(commands: Iterable[EngineCommand], every_ms: int = 1) -> Iterator[Record]:
    for offset, command in enumerate(commands):
        yield Record(offset, offset * every_ms, encode(command))


def replaying(store: SnapshotStore | None = None, below: int = 2**62) -> PartitionMatcher:
    """A matcher whose output is published already: from the newest snapshot below an offset."""
    tails = {topic: PublishedTail(topic, PARTITION) for topic in OUTPUTS}
    for tail in tails.values():
        tail.last = 2**62
    restored = None
    if store is not None:
        restored = store.newest(PARTITION, lambda h: "later" if h.next_offset > below else None)
    return PartitionMatcher(PARTITION, tails, Claim(), restored)


def from_the_beginning(log: list[Record], cut: int) -> str:
    matcher = replaying()
    matcher.feed(log[:cut])
    return state_hash(matcher.engine)


def from_a_snapshot(log: list[Record], cut: int, taken_at: int, directory: Path) -> str:
    store = SnapshotStore(directory)
    first = replaying()
    first.feed(log[:taken_at])
    store.save(first.snapshot())
    second = replaying(store)
    assert second.begin(0) == taken_at - 1
    second.feed(log[second.position : cut])
    return state_hash(second.engine)


def check_cuts(directory: Path, seed: int, cuts: int) -> None:
    """Each cut has a snapshot of its own, anywhere before it."""
    chance = random.Random(seed)  # noqa: S311 - the same cuts each time
    log = list(records(mixed_commands(seed, LENGTH)))
    seen = set()
    for number in range(cuts):
        cut = chance.randint(1, LENGTH)
        taken_at = chance.randint(1, cut)
        whole = from_the_beginning(log, cut)
        assert from_a_snapshot(log, cut, taken_at, directory / str(number)) == whole
        seen.add((cut, whole))
    assert len({whole for _, whole in seen}) == len(seen)  # no two places have one hash


def test_thirty_cuts_end_in_the_same_state(tmp_path: Path) -> None:
    check_cuts(tmp_path, 1, 30)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_cuts_end_in_the_same_state(tmp_path: Path, seed: int) -> None:
    check_cuts(tmp_path, 10 + seed, 100)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_a_million_commands_end_in_the_same_state_from_a_snapshot_and_from_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = SnapshotStore(tmp_path)
    whole = replaying()
    restored: PartitionMatcher | None = None
    log = records(mixed_log(2, ms_per_command=RECORD_EVERY_MS), RECORD_EVERY_MS)
    for done in range(POLL, MILLION + 1, POLL):
        polled = list(itertools.islice(log, POLL))
        whole.feed(polled)
        if restored is not None:
            restored.feed(polled)
        if done == MILLION // 2:
            store.save(whole.snapshot())
            restored = replaying(store)
            restored.feed(polled[-1:])  # the record that proves which log it is
        if done % (MILLION // 10) == 0:
            with capsys.disabled():
                known = len(whole.engine.live), len(whole.engine.closed)
                print(f"\n{done:,} commands; live and closed orders: {known}", end="", flush=True)

    assert restored is not None
    assert whole.engine.next_offset == restored.engine.next_offset == MILLION
    assert next(iter(whole.engine.closed)) > MILLION // 10  # those before it are forgotten
    assert state_hash(restored.engine) == state_hash(whole.engine)
