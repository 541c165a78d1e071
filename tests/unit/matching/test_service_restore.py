"""A start from a snapshot: the same engine and output as from the log's beginning, or a refusal."""

import asyncio
import contextlib
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from contracts.matching import EngineCommand
from contracts.message import decode, encode
from contracts.topology import ORDERS_EVENTS, TRADES_EXECUTED
from matching import service as module
from matching.errors import LogBroken, OutputDiverged
from matching.output import OUTPUTS
from matching.service import MatchingService
from matching.snapshot import SnapshotStore
from matching.state import state_hash
from tests.support.engine_commands import seeded_log
from tests.support.fake_command_log import NO_DISK, Died, FakeCommandLog, NothingLeft

PARTITION = 3


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


async def serve(
    log: FakeCommandLog, store: SnapshotStore, *, snapshot_every: int = 50_000
) -> MatchingService:
    """Run a new process until it has read everything, then stop it cleanly."""
    log.reconnect()
    log.at_end = asyncio.CancelledError
    service = MatchingService(log, store, snapshot_every=snapshot_every)
    with pytest.raises(asyncio.CancelledError):
        await service.run()
    return service


def offsets(store: SnapshotStore) -> list[int]:
    return [int(path.stem) for path in store.paths(PARTITION)]


async def test_a_clean_stop_leaves_a_snapshot_and_the_next_start_reads_what_came_after(
    store: SnapshotStore,
) -> None:
    log = FakeCommandLog(seeded_log(40, 200))
    await serve(log, store)
    assert offsets(store) == [201]
    log.inputs += [encode(command) for command in seeded_log(41, 50)]

    service = await serve(log, store)

    assert log.began_at == 200  # the record before it proves that this is the same log
    log.require_all_said_once(service.engines[PARTITION])
    assert offsets(store) == [201, 252]


async def test_snapshots_are_taken_as_commands_go_by(store: SnapshotStore) -> None:
    log = FakeCommandLog(seeded_log(42, 20))
    # The engine has caught up with what was there; the rest comes while it serves.
    # On a quick disk that makes three snapshots, and no more are kept.
    rest = seeded_log(43, 250)
    log.arriving = [encode(command) for command in rest]

    service = await serve(log, store, snapshot_every=100)

    # As many as the disk keeps up with, and one at the end.
    first, *_, last = offsets(store)
    assert 100 <= first < 100 + log.poll_size
    assert last == len(log.inputs)
    log.require_all_said_once(service.engines[PARTITION])


async def test_death_at_any_write_after_a_snapshot_neither_loses_nor_repeats(
    tmp_path: Path,
) -> None:
    commands, tail = seeded_log(44, 60), seeded_log(45, 60)
    reference = FakeCommandLog([*commands, *tail])
    await serve(reference, SnapshotStore(tmp_path / "reference"))
    writes = sum(len(messages) for messages in reference.outputs.values())
    for death in range(writes):
        store = SnapshotStore(tmp_path / str(death))
        log = FakeCommandLog(commands)
        await serve(log, store)
        log.inputs += [encode(command) for command in tail]
        log.reconnect(writes_left=death)
        with contextlib.suppress(Died, asyncio.CancelledError):
            await MatchingService(log, store).run()

        service = await serve(log, store)

        log.require_all_said_once(service.engines[PARTITION])


@pytest.mark.parametrize("writes", [0, 1, 12, 13])
async def test_what_is_not_acknowledged_is_in_no_snapshot(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    monkeypatch.setattr(module, "FINISH_TIMEOUT_S", 0.05)
    log = FakeCommandLog(seeded_log(46, 100))
    log.publishing, log.writes_before_it = asyncio.Event(), writes
    service = MatchingService(log, store)
    running = asyncio.create_task(service.run())
    await log.publishing.wait()  # and there it hangs, beyond any patience

    running.cancel()
    await asyncio.wait({running})

    assert service.engines[PARTITION].next_offset > 0
    assert offsets(store) == []


async def test_a_log_that_lost_its_beginning_is_served_only_from_a_snapshot_that_reaches_it(
    store: SnapshotStore, tmp_path: Path
) -> None:
    log = FakeCommandLog(seeded_log(47, 150))
    await serve(log, store)  # up to 151
    for first in (100, 150, 151):
        log.first_offset = first
        service = await serve(log, store)
        log.require_all_said_once(service.engines[PARTITION])
    log.first_offset = len(log.inputs) + 1
    log.inputs += [encode(command) for command in seeded_log(48, 10)]

    with pytest.raises(LogBroken):
        await MatchingService(log, store).run()
    log.first_offset = 1
    with pytest.raises(LogBroken):
        await MatchingService(log, SnapshotStore(tmp_path / "empty")).run()


async def test_a_log_that_ends_before_the_snapshot_is_refused(store: SnapshotStore) -> None:
    log = FakeCommandLog(seeded_log(49, 150))
    await serve(log, store)
    del log.inputs[-1]

    log.reconnect()
    with pytest.raises(LogBroken):
        await MatchingService(log, store).run()


async def test_a_snapshot_of_another_log_is_refused(store: SnapshotStore) -> None:
    await serve(FakeCommandLog(seeded_log(50, 150)), store)
    other = FakeCommandLog(seeded_log(51, 400))
    await serve(other, SnapshotStore(NO_DISK))

    other.reconnect()
    with pytest.raises((LogBroken, OutputDiverged)):
        await MatchingService(other, store).run()


async def test_a_log_that_differs_only_in_the_snapshots_last_record_is_refused(
    store: SnapshotStore,
) -> None:
    log = FakeCommandLog(seeded_log(51, 150))
    await serve(log, store)
    assert decode(log.inputs[-1], EngineCommand).symbol == "*"
    log.inputs[-1] = encode(replace(decode(log.inputs[-1], EngineCommand), engine_id="another"))

    log.reconnect()
    with pytest.raises(LogBroken, match="another log"):
        await MatchingService(log, store).run()


async def test_a_snapshot_that_is_ahead_of_the_output_is_passed_over_and_all_is_said_again(
    store: SnapshotStore,
) -> None:
    log = FakeCommandLog(seeded_log(52, 150))
    await serve(log, store)
    log.inputs += [encode(command) for command in seeded_log(53, 100)]
    await serve(log, store)
    assert len(offsets(store)) == 2
    while log.entries(TRADES_EXECUTED)[-1].offset > 200:  # the broker lost the end of a topic
        del log.outputs[TRADES_EXECUTED][-1]

    service = await serve(log, store)

    assert log.began_at == 150
    log.require_all_said_once(service.engines[PARTITION])


@pytest.mark.parametrize("topic", [TRADES_EXECUTED, ORDERS_EVENTS])
async def test_output_that_differs_from_the_snapshots_is_refused(
    store: SnapshotStore, topic: str
) -> None:
    log = FakeCommandLog(seeded_log(54, 150))
    await serve(log, store)
    digest = log.entries(topic)[-1].hash.encode()
    log.outputs[topic][-1] = log.outputs[topic][-1].replace(digest, b"0123456789abcdef")

    log.reconnect()
    with pytest.raises(OutputDiverged):
        await MatchingService(log, store).run()


async def test_without_a_good_snapshot_the_whole_log_is_read(store: SnapshotStore) -> None:
    log = FakeCommandLog(seeded_log(55, 150))
    await serve(log, store)
    (path,) = store.paths(PARTITION)
    path.write_bytes(path.read_bytes()[:-10])

    service = await serve(log, store)

    assert log.began_at == 0
    log.require_all_said_once(service.engines[PARTITION])


async def test_a_disk_that_cannot_be_written_does_not_stop_trading() -> None:
    log = FakeCommandLog(seeded_log(56, 50))
    log.arriving = [encode(command) for command in seeded_log(57, 100)]

    service = await serve(log, SnapshotStore(NO_DISK), snapshot_every=10)

    log.require_all_said_once(service.engines[PARTITION])


async def test_a_damaged_record_before_a_snapshot_is_no_obstacle(store: SnapshotStore) -> None:
    log = FakeCommandLog(seeded_log(58, 50))
    log.inputs.append(b"not a command")
    first = await serve(log, store)
    second = await serve(log, store)

    log.require_all_said_once(second.engines[PARTITION])
    assert first.engines[PARTITION].next_offset < second.engines[PARTITION].next_offset


@pytest.mark.parametrize("seed", range(6))
async def test_snapshots_and_deaths_at_random_end_where_an_undisturbed_engine_ends(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same test each time
    log, store = FakeCommandLog(seeded_log(60 + seed, 30)), SnapshotStore(tmp_path)
    for n in range(12):
        log.inputs += [encode(c) for c in seeded_log(100 * seed + n, chance.randint(1, 60))]
        log.poll_size = chance.randint(1, 30)
        log.reconnect(writes_left=chance.choice([None, chance.randint(0, 30)]))
        log.at_end = chance.choice([NothingLeft, asyncio.CancelledError])
        service = MatchingService(log, store, snapshot_every=chance.randint(5, 80))
        try:
            await service.run()
        except (Died, NothingLeft, asyncio.CancelledError):
            await service._snapshotter.idle()

    service = await serve(log, store)

    log.require_all_said_once(service.engines[PARTITION])
    assert {len(log.entries(topic)) > 0 for topic in OUTPUTS} == {True}
    assert state_hash(service.engines[PARTITION]) == state_hash(log.expected()[0])
