"""When snapshots are taken: every so many commands, beside the loop, and at a clean stop."""

import asyncio
from collections.abc import Mapping
from typing import Final

import structlog
from prometheus_client import Counter

from matching.partition import PartitionMatcher
from matching.snapshot import Snapshot, SnapshotStore

SAVED: Final = Counter("matching_snapshots", "Snapshots written")
FAILED: Final = Counter("matching_snapshots_failed", "Snapshots that could not be written")

log = structlog.get_logger()


class Snapshotter:
    """Only called while everything that the engines have said is acknowledged.

    The loop waits for the copy of an engine (below 100 ms for 100,000 live orders); encoding
    and disk have a thread, one snapshot at a time. A disk that fails costs a longer replay
    some day, and does not stop trading.
    """

    def __init__(
        self, store: SnapshotStore, matchers: Mapping[int, PartitionMatcher], every: int
    ) -> None:
        self._store = store
        self._matchers = matchers
        self._every = every
        self._taken: dict[int, int] = {}
        self._saving: asyncio.Task[None] | None = None

    def restored(self, partition: int, next_offset: int) -> None:
        """A snapshot up to here is there already."""
        self._taken[partition] = next_offset

    def save_if_due(self) -> None:
        """Begin one where `every` commands have gone by since the last."""
        if self._saving is not None and not self._saving.done():
            return
        for partition, matcher in self._matchers.items():
            if matcher.engine.next_offset - self._taken.get(partition, 0) >= self._every:
                self._saving = asyncio.create_task(self._save(self._take(partition)))
                return

    async def idle(self) -> None:
        """Wait until none is being written."""
        if self._saving is not None:
            await asyncio.wait({self._saving})

    async def save_all(self) -> None:
        """One of each partition that has moved since its last; for a clean stop."""
        await self.idle()
        for partition, matcher in self._matchers.items():
            if matcher.engine.next_offset > self._taken.get(partition, 0):
                await self._save(self._take(partition))

    def _take(self, partition: int) -> Snapshot:
        snapshot = self._matchers[partition].snapshot()
        self._taken[partition] = snapshot.header.next_offset
        return snapshot

    async def _save(self, snapshot: Snapshot) -> None:
        header = snapshot.header
        try:
            await asyncio.to_thread(self._store.save, snapshot)
        except OSError as error:
            FAILED.inc()
            log.error("matching.snapshot_failed", partition=header.partition, error=repr(error))
        else:
            SAVED.inc()
            log.info(
                "matching.snapshot", partition=header.partition, next_offset=header.next_offset
            )
