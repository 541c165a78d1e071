"""Files that are there whole or not at all, the newest few of which are kept. Calls block."""

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

UNFINISHED: Final = ".unfinished"
ABANDONED_S: Final = 600.0  # nobody writes one for so long


def write_whole(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file under another name, sync it, rename it: a reader meets all of it or none.

    Raises:
        OSError: the disk is full or not to be written to; nothing has changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}{UNFINISHED}")
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


def keep_newest(place: Path, suffix: str, kept: int) -> None:
    """Drop all but the last by name, and what a writer that was killed has left."""
    # Another process on the same directory may do the same: a file that is gone is gone.
    for path in sorted(place.glob(f"*{suffix}"))[:-kept]:
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
