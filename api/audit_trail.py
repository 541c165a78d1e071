"""The audit trail as compliance reads it over HTTP: two questions and the
verification of its hash chains, in pages."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from pymongo import AsyncMongoClient

from audit import queries, verification
from audit.chain import Head
from audit.document import AuditLog
from audit.store import open_to_read


class AuditTrail:
    """Reads the trail. Its collection is opened with the first question: MongoDB may be away
    when the gateway starts."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]], database: str) -> None:
        self._client = client
        self._database = database
        self._opening = asyncio.Lock()
        self._is_open = False

    async def actions_of(
        self, user_id: int, start_ms: int, end_ms: int, *, skip: int, limit: int
    ) -> list[AuditLog]:
        """All actions of one user from `start_ms` until before `end_ms`, oldest first."""
        await self._open()
        return await queries.actions_of(
            user_id, _utc(start_ms), _utc(end_ms), skip=skip, limit=limit
        )

    async def failures_in(
        self, symbol: str, start_ms: int, end_ms: int, *, skip: int, limit: int
    ) -> list[AuditLog]:
        """Refused orders and other failed actions in one market, oldest first."""
        await self._open()
        return await queries.failures_in(
            symbol, _utc(start_ms), _utc(end_ms), skip=skip, limit=limit
        )

    async def verify_page(self, after: Head | None, *, limit: int) -> verification.Page:
        """Verify the documents of the hash chains that follow `after`."""
        await self._open()
        return await verification.verify_page(after, limit)

    async def without_hash(self) -> int:
        """How many documents are in no chain."""
        await self._open()
        return await verification.without_hash()

    async def _open(self) -> None:
        async with self._opening:
            if not self._is_open:
                await open_to_read(self._client, self._database)
                self._is_open = True


def _utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
