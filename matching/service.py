"""The matching process's loop: read commands, match, publish, in this order, for ever.

Trades are acknowledged before the events that tell of them: whoever has been told of a fill may
rely on settlement finding it at the end of `trades.executed`.
"""

import gc
from typing import Protocol

import structlog
from prometheus_client import Counter

from contracts.topology import TRADES_EXECUTED
from matching.engine import Engine
from matching.errors import LogBroken, MatchingFault, Replaying
from matching.output import OUTPUTS, PublishedTail
from matching.partition import PartitionMatcher, Record

log = structlog.get_logger()
COMMANDS = Counter("matching_commands", "Records of orders.incoming that were read")
MALFORMED = Counter("matching_malformed_commands", "Records that held no command")


class CommandLog(Protocol):
    """What the loop needs of Kafka."""

    async def bounds(self) -> dict[int, tuple[int, int]]:
        """Partition → (first offset held, next offset to be written) of `orders.incoming`."""

    async def tails(self) -> dict[str, dict[int, list[bytes]]]:
        """Output topic → partition → its last messages, oldest first."""

    async def poll(self) -> dict[int, list[Record]]:
        """Partition → the next commands; empty when none came for a moment."""

    async def publish(self, messages: list[tuple[str, int, bytes]]) -> None:
        """Write (topic, partition, message) in order; returns when all are acknowledged."""


class MatchingService:
    """Serves the partitions that its log was given."""

    def __init__(self, command_log: CommandLog) -> None:
        self._log = command_log
        self._matchers: dict[int, PartitionMatcher] = {}
        self._targets: dict[int, int] = {}
        self._caught_up = False

    @property
    def engines(self) -> dict[int, Engine]:
        """Partition → engine, to be read between two steps of the loop."""
        return {partition: matcher.engine for partition, matcher in self._matchers.items()}

    async def ready(self) -> None:
        """Raises Replaying until the log is read to the end that it had at the start."""
        if not self._caught_up:
            left = {
                partition: target - self._matchers[partition].engine.next_offset
                for partition, target in self._targets.items()
            }
            raise Replaying(f"records left: {sum(max(0, n) for n in left.values())}")

    async def run(self) -> None:
        """Replay, then serve until cancelled.

        Raises:
            MatchingFault: the log or the published output is not what it must be.
        """
        try:
            await self._prepare()
            while True:
                self._note_progress()
                await self._step(await self._log.poll())
        except MatchingFault as fault:
            log.critical("matching.refuses_to_serve", fault=type(fault).__name__, detail=str(fault))
            raise

    async def _prepare(self) -> None:
        bounds = await self._log.bounds()
        tails = await self._log.tails()
        for partition, (first, end) in bounds.items():
            published = {
                topic: PublishedTail(topic, partition, tails[topic][partition]) for topic in OUTPUTS
            }
            heard = max(tail.last for tail in published.values())
            if first > 0 or heard >= end:
                raise LogBroken(
                    f"partition {partition} holds offsets {first} to {end - 1}, "
                    f"but needs 0 to {heard}"
                )
            self._matchers[partition] = PartitionMatcher(partition, published)
            self._targets[partition] = end

    async def _step(self, polled: dict[int, list[Record]]) -> None:
        trades: list[tuple[str, int, bytes]] = []
        others: list[tuple[str, int, bytes]] = []
        for partition, records in polled.items():
            matcher = self._matchers[partition]
            malformed_before = matcher.malformed
            for topic, messages in matcher.feed(records).items():
                into = trades if topic == TRADES_EXECUTED else others
                into.extend((topic, partition, message) for message in messages)
            COMMANDS.inc(len(records))
            MALFORMED.inc(matcher.malformed - malformed_before)
        for messages_of_round in (trades, others):
            if messages_of_round:
                await self._log.publish(messages_of_round)

    def _note_progress(self) -> None:
        if self._caught_up or any(
            self._matchers[partition].engine.next_offset < target
            for partition, target in self._targets.items()
        ):
            return
        self._caught_up = True
        # What the replay has built lives long: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        log.info("matching.ready", offsets=self._targets)
