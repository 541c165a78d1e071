"""Keeps the trail up with the log: read a batch, insert its lines, then commit the offsets."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from audit.line import AuditLine
from audit.recorder import TOPICS, Record, lines
from audit.store import TrailWriter

POLL_MS: Final = 1_000
PAUSE_S: Final = 1.0

log = structlog.get_logger()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class AuditTrail:
    """Consumes every audited topic. Safe to run twice: a line's id is its place in the log."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        clock_ms: Callable[[], int] = _now_ms,
        *,
        unaudited: frozenset[str] = frozenset(),
    ) -> None:
        self._consumer = consumer
        self._unaudited = unaudited
        self._clock_ms = clock_ms
        self._writer = TrailWriter()
        self._failing: str | None = None

    async def run(self) -> None:
        """Record until cancelled. MongoDB may go away and come back."""
        self._consumer.subscribe(TOPICS)
        while True:
            found = await self._consumer.getmany(timeout_ms=POLL_MS)
            documents = [
                line
                for records in found.values()
                for r in records
                for line in lines(
                    Record(r.topic, r.partition, r.offset, r.value or b""),
                    self._clock_ms(),
                    self._unaudited,
                )
            ]
            if not found:
                continue
            if documents:
                await self._append(documents)
            try:
                await self._consumer.commit()
            except KafkaError as error:
                # Whoever reads these offsets again writes the same lines.
                log.info("audit.commit_failed", error=repr(error))

    async def check(self) -> None:
        """Raises RuntimeError while lines cannot be written."""
        if self._failing is not None:
            raise RuntimeError(self._failing)

    async def _append(self, documents: list[AuditLine]) -> None:
        while True:
            try:
                await self._writer.append(documents)
            except PyMongoError as error:
                self._failing = repr(error)[:200]
                log.warning("audit.waiting", error=self._failing)
                await asyncio.sleep(PAUSE_S)
            else:
                self._failing = None
                return
