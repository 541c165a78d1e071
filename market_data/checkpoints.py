"""Which checkpoint to go on from, and when to take the next."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Final

import structlog
from prometheus_client import Counter

from adapters.whole_files import keep_newest, write_whole
from market_data.checkpoint import Checkpoint, LogPlace, MarketState
from market_data.checkpoint_file import checkpoint_lines, read_checkpoint
from market_data.display import Display
from market_data.errors import CheckpointUnusable
from market_data.log_reader import LogReader

KEPT: Final = 3
SUFFIX: Final = ".checkpoint"
DIGITS: Final = 10
NAMES: Final = "[0-9]" * DIGITS + SUFFIX  # whatever else lies there is somebody else's
PAUSE_S: Final = 60.0  # between two, however much happens

SAVED: Final = Counter("market_data_checkpoints", "Checkpoints written")
FAILED: Final = Counter("market_data_checkpoints_failed", "Checkpoints that could not be written")

log = structlog.get_logger()

Fits = Callable[[Checkpoint], Awaitable[str | None]]


class Checkpoints:
    """The newest three of a directory, `<number>.checkpoint`. They only save time.

    One is due when `every` entries of the log were read since the last. The loop waits for a
    copy of references alone; encoding and disk have a thread, one checkpoint at a time. A disk
    that fails costs a longer start some day, and stops nothing.
    """

    def __init__(
        self, directory: Path, symbols: Collection[str], *, every: int, pause_s: float = PAUSE_S
    ) -> None:
        self._directory = directory
        self._symbols = tuple(sorted(symbols))
        self._every = every
        self._pause_s = pause_s
        self._entries = 0  # read since the last one was taken
        self._not_before_s = 0.0
        self._saving: asyncio.Task[None] | None = None

    async def newest(self, reader: LogReader, fits: Fits) -> Checkpoint | None:
        """The newest that is whole, of this version, these markets and this log, and fits.

        `fits` returns why one cannot be used, None where it can; it is asked last.
        """
        for path in reversed(self._readable(reader)):
            try:
                checkpoint = await asyncio.to_thread(_read, path)
                if reason := await self._refusal(checkpoint, reader, fits):
                    raise CheckpointUnusable(reason)
            except (CheckpointUnusable, OSError) as error:
                log.warning(
                    "market_data.checkpoint_passed_over",
                    reader=reader.name,
                    path=str(path),
                    reason=str(error),
                )
            else:
                log.info("market_data.checkpoint_restored", reader=reader.name, path=str(path))
                return checkpoint
        return None

    def _readable(self, reader: LogReader) -> list[Path]:
        try:
            return self.paths()
        except OSError as error:
            log.warning("market_data.checkpoints_unreadable", reader=reader.name, error=repr(error))
            return []

    async def _refusal(self, checkpoint: Checkpoint, reader: LogReader, fits: Fits) -> str | None:
        if checkpoint.symbols != self._symbols:
            return f"of the markets {', '.join(checkpoint.symbols)}"
        return await reader.contradiction(checkpoint.places) or await fits(checkpoint)

    def paths(self) -> list[Path]:
        """The files, oldest first."""
        return sorted(self._directory.glob(NAMES))

    def count(self, entries: int) -> None:
        """So many more entries of the log were read."""
        self._entries += entries

    @property
    def due(self) -> bool:
        is_free = self._saving is None or self._saving.done()
        return is_free and self._entries >= self._every and time.monotonic() >= self._not_before_s

    def take(
        self, places: tuple[LogPlace, ...], markets: dict[str, MarketState], cut_ms: int
    ) -> None:
        """Begin to write one of what the log adds up to before these places; `cut_ms` is the
        latest moment that figures were cut for."""
        self._entries = 0
        self._not_before_s = time.monotonic() + self._pause_s
        checkpoint = Checkpoint(self._symbols, places, cut_ms, markets)
        self._saving = asyncio.create_task(self._save(checkpoint))

    async def idle(self) -> None:
        """Wait until none is being written."""
        if self._saving is not None:
            await asyncio.wait({self._saving})

    async def _save(self, checkpoint: Checkpoint) -> None:
        try:
            await asyncio.to_thread(self._write, checkpoint)
        except OSError as error:
            FAILED.inc()
            log.error("market_data.checkpoint_failed", error=repr(error))
        else:
            SAVED.inc()

    def _write(self, checkpoint: Checkpoint) -> None:
        # By a number of their own, which goes on rising where the log begins anew.
        paths = self.paths()
        number = int(paths[-1].stem) + 1 if paths else 1
        path = self._directory / f"{number:0{DIGITS}d}{SUFFIX}"
        try:
            write_whole(path, checkpoint_lines(checkpoint))
        finally:  # where the directory cannot be synced the file is there, and they would add up
            keep_newest(self._directory, NAMES, KEPT)


def _read(path: Path) -> Checkpoint:
    """The markets are rebuilt and captured once more: what this code makes other things of than
    the code that wrote it is found here."""
    checkpoint = read_checkpoint(path)
    try:
        rebuilt = Display((), None, checkpoint.markets).states()
    except (KeyError, ValueError, IndexError) as error:
        raise CheckpointUnusable(repr(error)) from error
    if rebuilt != checkpoint.markets:
        raise CheckpointUnusable("the markets rebuilt from it are not those that were captured")
    return checkpoint
