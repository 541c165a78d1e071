"""Files that are there whole or not at all, the newest few of which are kept. Calls block."""

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from uuid import uuid4

UNFINISHED: Final = ".unfinished"
ABANDONED_S: Final = 600.0  # nobody writes one for so long


def write_whole(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file under another name, sync it, rename it: a reader meets all of it or none.

    Raises:
        OSError: the disk is full or not to be written to; nothing has changed, unless it was the
            directory that could not be synced: then the file is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: in two containers on one volume the process ids may be the same.
    unfinished = path.with_suffix(f".{uuid4().hex}{UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def keep_newest(place: Path, pattern: str, kept: int) -> None:
    """Of what has such names drop all but the last, and what a writer that was killed has left."""
    # Another process on the same directory may do the same: a file that is gone is gone.
    for path in sorted(place.glob(pattern))[:-kept]:
        path.unlink(missing_ok=True)
    for path in place.glob(f"*{UNFINISHED}"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > ABANDONED_S:
                path.unlink()


def _sync_directory(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
