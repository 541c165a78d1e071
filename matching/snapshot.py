"""Snapshots of engines as files: whole or not at all, and believed only when they prove right.

`<directory>/<partition>/<next offset>.snapshot` has a header line, the parts of the state as
lines, and a trailer line with two hashes: of every byte before it, and of the state. A file is
written under another name, synced and renamed, so a reader meets a whole one or none.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import structlog

from adapters.whole_files import keep_newest, write_whole
from matching.engine import Engine
from matching.errors import SnapshotUnusable
from matching.parts import Part, decode_part, encode_part
from matching.state import new_state_digest, rebuild, state_hash

FORMAT: Final = 1
"""Raise it whenever the parts change: older files are then passed over, and the log replayed."""

KEPT: Final = 3
SUFFIX: Final = ".snapshot"

log = structlog.get_logger()


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a snapshot is of. `last_record` is a hash of the record before `next_offset`;
    `published` is, by output topic, the last acknowledged entry's offset and hash."""

    format: int
    partition: int
    next_offset: int
    last_record: str
    published: dict[str, tuple[int, str]]


class Trailer(msgspec.Struct, frozen=True, tag="end", forbid_unknown_fields=True):
    parts: int
    checksum: str
    state_hash: str


class Snapshot(NamedTuple):
    """A captured engine on its way to a file."""

    header: Header
    parts: list[Part]


class Restored(NamedTuple):
    """An engine on its way back."""

    header: Header
    engine: Engine


class SnapshotStore:
    """The snapshots of all partitions under one directory. Its calls block."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def save(self, snapshot: Snapshot) -> Path:
        """Write one and drop all but the newest three of its partition; returns its path.

        Raises:
            OSError: the disk is full or not to be written to; nothing has changed.
        """
        header = snapshot.header
        place = self._directory / str(header.partition)
        path = place / f"{header.next_offset:020d}{SUFFIX}"
        try:
            write_whole(path, _lines(snapshot))
        finally:  # where the directory cannot be synced the file is there, and they would add up
            keep_newest(place, f"*{SUFFIX}", KEPT)
        return path

    def newest(self, partition: int, fits: Callable[[Header], str | None]) -> Restored | None:
        """The newest snapshot that is whole, of this version, and fits; None where none is.

        `fits` returns why a snapshot cannot be used, None where it can.
        """
        for path in reversed(self.paths(partition)):
            try:
                restored = read_snapshot(path)
                if restored.header.partition != partition:
                    raise SnapshotUnusable(f"of partition {restored.header.partition}")
                if (reason := fits(restored.header)) is not None:
                    raise SnapshotUnusable(reason)
            except (SnapshotUnusable, OSError) as error:
                log.warning("matching.snapshot_passed_over", path=str(path), reason=str(error))
            else:
                return restored
        return None

    def paths(self, partition: int) -> list[Path]:
        """The snapshots of a partition, oldest first."""
        return sorted((self._directory / str(partition)).glob(f"*{SUFFIX}"))


def read_snapshot(path: Path) -> Restored:
    """The engine that a file holds.

    The rebuilt engine is captured and hashed once more: what a snapshot forgets is found here.

    Raises:
        SnapshotUnusable: torn, altered, of another version or contradictory.
        OSError: not to be read.
    """
    try:
        with path.open("rb") as file:
            header = msgspec.json.decode(file.readline(), type=_Version)
            if header.format != FORMAT:
                raise SnapshotUnusable(f"format {header.format}; this is {FORMAT}")
            file.seek(0)
            return _read(file)
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SnapshotUnusable(repr(error)) from error


class _Version(msgspec.Struct, frozen=True):
    format: int


def _lines(snapshot: Snapshot) -> Iterator[bytes]:
    checksum, digest = _checksum(), new_state_digest()
    line = msgspec.json.encode(snapshot.header) + b"\n"
    checksum.update(line)
    yield line
    for part in snapshot.parts:
        data = encode_part(part)
        digest.update(data)
        line = data + b"\n"
        checksum.update(line)
        yield line
    trailer = Trailer(len(snapshot.parts), checksum.hexdigest(), digest.hexdigest())
    yield msgspec.json.encode(trailer) + b"\n"


def _read(lines: Iterator[bytes]) -> Restored:
    checksum = _checksum()
    first = next(lines, b"")
    checksum.update(first)
    header = msgspec.json.decode(first, type=Header)
    parts: list[Part] = []
    previous = next(lines, b"")
    for line in lines:
        checksum.update(previous)
        parts.append(decode_part(previous))
        previous = line
    trailer = msgspec.json.decode(previous, type=Trailer)
    if not previous.endswith(b"\n"):
        raise SnapshotUnusable("torn")
    if (trailer.parts, trailer.checksum) != (len(parts), checksum.hexdigest()):
        raise SnapshotUnusable("its bytes are not those that were written")
    engine = rebuild(parts)
    if engine.next_offset != header.next_offset or state_hash(engine) != trailer.state_hash:
        raise SnapshotUnusable("the engine rebuilt from it is not the one that was captured")
    return Restored(header, engine)


def _checksum() -> blake2b:
    return blake2b(digest_size=16)
