"""Replies of completed commands in Redis: spares the database a repeated command, decides nothing.

Written after the commit. Redis away, slow or emptied costs speed alone: after a failure it is
left alone for a moment, so that a hanging Redis does not slow every batch.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.topology import processed_command_key
from wallet.repository import Processed

KEPT_S: Final = 86_400
PATIENCE_S: Final = 0.05
LEFT_ALONE_S: Final = 1.0
HASH_LENGTH: Final = 32

log = structlog.get_logger()


class Prefilter:
    """Looks up and remembers replies; every failure means "not known"."""

    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._not_before = 0.0

    async def find(self, command_ids: Sequence[UUID]) -> dict[UUID, Processed]:
        """The replies that Redis still holds; nothing where it does not answer in 50 ms."""
        redis = self._usable()
        if redis is None or not command_ids:
            return {}
        try:
            async with asyncio.timeout(PATIENCE_S):
                values = await redis.mget([processed_command_key(i) for i in command_ids])
        except (RedisError, OSError, TimeoutError) as error:
            self._leave_alone(error)
            return {}
        return {
            command_id: Processed(value[:HASH_LENGTH], value[HASH_LENGTH:].encode())
            for command_id, value in zip(command_ids, values, strict=True)
            if isinstance(value, str)
        }

    async def remember(self, done: Mapping[UUID, Processed]) -> None:
        """Keep the replies of committed commands for a day."""
        redis = self._usable()
        if redis is None or not done:
            return
        try:
            async with asyncio.timeout(PATIENCE_S), redis.pipeline(transaction=False) as pipeline:
                for command_id, row in done.items():
                    value = row.request_hash + row.reply.decode()
                    pipeline.set(processed_command_key(command_id), value, ex=KEPT_S)
                await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._leave_alone(error)

    def _usable(self) -> Redis | None:
        return self._redis if time.monotonic() >= self._not_before else None

    def _leave_alone(self, error: Exception) -> None:
        self._not_before = time.monotonic() + LEFT_ALONE_S
        log.info("wallet.prefilter_away", error=repr(error))
