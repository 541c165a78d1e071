"""The matching process's loop: read commands, match, publish, in this order, for ever.

Trades are acknowledged before the events that tell of them: whoever has been told of a fill may
rely on settlement finding it at the end of `trades.executed`.

It begins with the newest good snapshot, goes through the log after it, and compares what it
would say with what has been said. Only then does it claim its partitions, so that an engine
that must refuse to serve never takes over from one that serves.
"""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Final, Protocol

import structlog
from prometheus_client import Counter

from contracts.message import encode
from contracts.topology import TRADES_EXECUTED
from matching.claim import Claim
from matching.engine import Engine
from matching.errors import Fenced, LogBroken, MatchingFault, Replaying
from matching.output import OUTPUTS, PublishedTail
from matching.partition import PartitionMatcher, Record
from matching.snapshot import Header, SnapshotStore
from matching.snapshotter import Snapshotter
from matching.ticker import Ticker

log = structlog.get_logger()
COMMANDS = Counter("matching_commands", "Records of orders.incoming that were read")
MALFORMED = Counter("matching_malformed_commands", "Records that held no command")

FINISH_TIMEOUT_S: Final = 5.0  # for a publication that has begun when the process must stop


class CommandLog(Protocol):
    """What the loop needs of Kafka."""

    async def bounds(self) -> dict[int, tuple[int, int]]:
        """Partition → (first offset held, next offset to be written) of `orders.incoming`."""

    async def tails(self) -> dict[str, dict[int, list[bytes]]]:
        """Output topic → partition → its last messages, oldest first."""

    async def begin(self, positions: dict[int, int]) -> None:
        """Partition → the offset of the first record that `poll` shall give."""

    async def poll(self) -> dict[int, list[Record]]:
        """Partition → the next commands; empty when none came for a moment."""

    async def publish(self, messages: list[tuple[str, int, bytes]]) -> None:
        """Write (topic, partition, message) in order; returns when all are acknowledged."""

    async def append(self, partition: int, message: bytes) -> int:
        """Write a command of the engine's own to `orders.incoming`; returns its offset."""


class MatchingService:
    """Serves the partitions that its log was given."""

    def __init__(
        self,
        command_log: CommandLog,
        store: SnapshotStore,
        *,
        snapshot_every: int = 50_000,
        claim: Claim | None = None,
        ticker: Ticker | None = None,
    ) -> None:
        self._log = command_log
        self._store = store
        self._claim = claim or Claim()
        self._ticker = ticker or Ticker()
        self._matchers: dict[int, PartitionMatcher] = {}
        self._snapshotter = Snapshotter(store, self._matchers, snapshot_every)
        self._targets: dict[int, int] = {}
        self._claimed = False
        self._caught_up = False
        self._acknowledged = False

    @property
    def engines(self) -> dict[int, Engine]:
        """Partition → engine, to be read between two steps of the loop."""
        return {partition: matcher.engine for partition, matcher in self._matchers.items()}

    async def ready(self) -> None:
        """Raises Replaying until the engine has read its own claim back from the log."""
        if not self._caught_up:
            left = sum(
                max(0, target - self._matchers[partition].engine.next_offset)
                for partition, target in self._targets.items()
            )
            raise Replaying(f"records left: {left}")

    async def run(self) -> None:
        """Restore, replay, claim, then serve until cancelled.

        A clean stop leaves a snapshot of every partition.

        Raises:
            MatchingFault: the log or the published output is not what it must be.
            Fenced: another engine has taken over.
        """
        try:
            await self._prepare()
            while True:
                await self._note_progress()
                await self._finish(self._step(await self._log.poll()))
                if self._caught_up:
                    self._snapshotter.save_if_due()
                    await self._ticker.tick(self.engines, self._log)
        except asyncio.CancelledError:
            if self._acknowledged:
                await self._snapshotter.save_all()
            raise
        except Fenced as fenced:
            log.critical("matching.fenced", detail=str(fenced))
            raise
        except MatchingFault as fault:
            log.critical("matching.refuses_to_serve", fault=type(fault).__name__, detail=str(fault))
            raise

    async def _prepare(self) -> None:
        # In this order: another engine may be serving, and what it says has an input by then.
        tails = await self._log.tails()
        bounds = await self._log.bounds()
        for partition, (first, end) in bounds.items():
            published = {
                topic: PublishedTail(topic, partition, tails[topic][partition]) for topic in OUTPUTS
            }
            matcher = self._restore(partition, published)
            begins_at = matcher.begin(first)
            needed = max(matcher.engine.next_offset - 1, *(t.last for t in published.values()))
            if first > begins_at or needed >= end:
                raise LogBroken(
                    f"partition {partition} holds offsets {first} to {end - 1}, "
                    f"but needs {begins_at} to {needed}"
                )
            self._matchers[partition] = matcher
            self._targets[partition] = end
        await self._log.begin({p: matcher.position for p, matcher in self._matchers.items()})

    def _restore(self, partition: int, published: dict[str, PublishedTail]) -> PartitionMatcher:
        def ahead(header: Header) -> str | None:
            # What it has said is lost, and only an engine that says it again can repair that.
            lost = [t for t, tail in published.items() if header.published[t][0] > tail.last]
            return f"ahead of what {', '.join(lost)} holds" if lost else None

        restored = self._store.newest(partition, ahead)
        if restored is not None:
            self._snapshotter.restored(partition, restored.header.next_offset)
            log.info(
                "matching.restored",
                partition=partition,
                next_offset=restored.header.next_offset,
            )
        return PartitionMatcher(partition, published, self._claim, restored)

    async def _step(self, polled: dict[int, list[Record]]) -> None:
        trades: list[tuple[str, int, bytes]] = []
        others: list[tuple[str, int, bytes]] = []
        self._acknowledged = False
        for partition, records in polled.items():
            matcher = self._matchers[partition]
            malformed_before = matcher.malformed
            for topic, messages in matcher.feed(records).items():
                into = trades if topic == TRADES_EXECUTED else others
                into.extend((topic, partition, message) for message in messages)
            COMMANDS.inc(len(records))
            MALFORMED.inc(matcher.malformed - malformed_before)
        if trades or others:
            await self._claim_partitions()
        for messages_of_round in (trades, others):
            if messages_of_round:
                await self._log.publish(messages_of_round)
        self._acknowledged = True

    async def _finish(self, step: Coroutine[None, None, None]) -> None:
        """Wait for the step even where the process is told to stop, though not for ever."""
        work = asyncio.ensure_future(step)
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work}, timeout=FINISH_TIMEOUT_S)
            work.cancel()
            raise

    async def _claim_partitions(self) -> None:
        if self._claimed:
            return
        for partition in self._matchers:
            offset = await self._log.append(partition, encode(self._claim.command(partition)))
            self._claim.acknowledged(partition, offset)
            self._targets[partition] = offset + 1
        self._claimed = True
        log.info("matching.claimed", engine=self._claim.engine_id, epochs=self._targets)

    async def _note_progress(self) -> None:
        if self._caught_up or any(
            self._matchers[partition].engine.next_offset < target
            for partition, target in self._targets.items()
        ):
            return
        if not self._claimed:
            await self._claim_partitions()
            return
        self._caught_up = True
        # What the replay has built lives long: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        log.info("matching.ready", offsets=self._targets)
