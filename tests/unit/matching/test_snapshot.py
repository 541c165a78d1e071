"""Snapshot files: whole, right, of this version and fitting, or passed over."""

import os
from pathlib import Path

import msgspec
import pytest

from matching import snapshot as module
from matching.claim import Claim
from matching.output import OUTPUTS, PublishedTail
from matching.partition import PartitionMatcher, Record
from matching.snapshot import FORMAT, Header, SnapshotStore, read_snapshot
from matching.state import state_hash
from tests.support.engine_commands import seeded_log
from tests.support.fake_command_log import FakeCommandLog

PARTITION = 3


def matcher_after(commands: int) -> PartitionMatcher:
    log = FakeCommandLog(seeded_log(30, 600))
    tails = {topic: PublishedTail(topic, PARTITION) for topic in OUTPUTS}
    matcher = PartitionMatcher(PARTITION, tails, Claim())
    matcher.feed(Record(n, n, value) for n, value in enumerate(log.inputs[:commands]))
    return matcher


def fits(header: Header) -> str | None:
    return None


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "matching")


def test_what_is_saved_comes_back(store: SnapshotStore) -> None:
    matcher = matcher_after(400)

    path = store.save(matcher.snapshot())
    restored = store.newest(PARTITION, fits)

    assert restored is not None
    assert (path.parent.name, path.name) == ("3", f"{400:020d}.snapshot")
    assert restored.header.next_offset == restored.engine.next_offset == 400
    assert state_hash(restored.engine) == state_hash(matcher.engine)
    assert store.newest(PARTITION + 1, fits) is None


def test_three_are_kept_and_nothing_unfinished(store: SnapshotStore, tmp_path: Path) -> None:
    place = tmp_path / "matching" / "3"
    place.mkdir(parents=True)
    abandoned = place / "00000000000000000090.17.unfinished"
    abandoned.write_bytes(b"of a process that was killed")
    os.utime(abandoned, (0, 0))
    others = place / "00000000000000000600.18.unfinished"
    others.write_bytes(b"of another engine that is writing it")
    for commands in (100, 300, 200, 500, 400):
        store.save(matcher_after(commands).snapshot())

    assert [int(path.stem) for path in store.paths(PARTITION)] == [300, 400, 500]
    assert not abandoned.exists()
    assert others.exists()
    assert len(list(place.iterdir())) == 4


def damaged(data: bytes) -> dict[str, bytes]:
    lines = data.splitlines(keepends=True)
    middle = len(data) // 2
    flipped = bytearray(data)
    flipped[middle] ^= 1
    return {
        "empty": b"",
        "one byte": b"{",
        "header alone": lines[0],
        "torn in the middle": data[:middle],
        "torn before its end": data[:-1],
        "without trailer": b"".join(lines[:-1]),
        "a part is missing": b"".join([*lines[:2], *lines[3:]]),
        "two parts exchanged": b"".join([lines[0], lines[2], lines[1], *lines[3:]]),
        "a bit flipped": bytes(flipped),
        "zeros at the end": data[:middle] + bytes(len(data) - middle),
        "something follows": data + lines[2],
        "not text": os.urandom(1_000),
    }


@pytest.mark.parametrize("name", sorted(damaged(b"\n" * 10)))
def test_a_damaged_newest_is_passed_over_for_the_one_before(
    store: SnapshotStore, name: str
) -> None:
    store.save(matcher_after(400).snapshot())
    newest = store.save(matcher_after(500).snapshot())
    newest.write_bytes(damaged(newest.read_bytes())[name])

    restored = store.newest(PARTITION, fits)

    assert restored is not None
    assert restored.engine.next_offset == 400


def rewritten(path: Path, *, header: bytes | None = None, state: str | None = None) -> None:
    """Change a file and make its checksum fit again."""
    lines = path.read_bytes().splitlines(keepends=True)
    if header is not None:
        lines[0] = header + b"\n"
    checksum = module._checksum()
    for line in lines[:-1]:
        checksum.update(line)
    trailer = msgspec.json.decode(lines[-1], type=module.Trailer)
    trailer = msgspec.structs.replace(trailer, checksum=checksum.hexdigest())
    if state is not None:
        trailer = msgspec.structs.replace(trailer, state_hash=state)
    path.write_bytes(b"".join(lines[:-1]) + msgspec.json.encode(trailer) + b"\n")


def test_a_state_hash_that_differs_is_no_good(store: SnapshotStore) -> None:
    path = store.save(matcher_after(400).snapshot())
    read_snapshot(path)
    rewritten(path, state="0" * 32)

    assert store.newest(PARTITION, fits) is None


@pytest.mark.parametrize("format_", [FORMAT - 1, FORMAT + 1])
def test_an_unknown_version_is_passed_over(store: SnapshotStore, format_: int) -> None:
    path = store.save(matcher_after(400).snapshot())
    header = msgspec.structs.replace(read_snapshot(path).header, format=format_)
    rewritten(path, header=msgspec.json.encode(header))

    assert store.newest(PARTITION, fits) is None


def test_a_snapshot_of_another_partition_or_place_is_passed_over(store: SnapshotStore) -> None:
    path = store.save(matcher_after(400).snapshot())
    header = read_snapshot(path).header
    rewritten(path, header=msgspec.json.encode(msgspec.structs.replace(header, next_offset=399)))
    assert store.newest(PARTITION, fits) is None
    rewritten(path, header=msgspec.json.encode(msgspec.structs.replace(header, partition=4)))
    assert store.newest(PARTITION, fits) is None
    rewritten(path, header=msgspec.json.encode(header))
    assert store.newest(PARTITION, fits) is not None


def test_one_that_does_not_fit_is_passed_over(store: SnapshotStore) -> None:
    for commands in (300, 400, 500):
        store.save(matcher_after(commands).snapshot())

    restored = store.newest(PARTITION, lambda h: "too new" if h.next_offset > 350 else None)

    assert restored is not None
    assert restored.engine.next_offset == 300


def test_a_directory_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "matching").write_bytes(b"a file stands where the directory should be")

    with pytest.raises(OSError, match="matching"):
        SnapshotStore(tmp_path / "matching").save(matcher_after(10).snapshot())


def test_a_failed_write_leaves_the_older_ones(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(matcher_after(400).snapshot())

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.save(matcher_after(500).snapshot())

    (path,) = store.paths(PARTITION)
    assert read_snapshot(path).engine.next_offset == 400
    assert len(list(path.parent.iterdir())) == 1


def test_an_engine_that_read_nothing_has_nothing_to_keep() -> None:
    with pytest.raises(ValueError, match="nothing was read"):
        matcher_after(0).snapshot()
