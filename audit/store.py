"""Opens the audit trail, and writes it: inserts only, each line the next of its source's chain."""

from collections.abc import Sequence
from typing import Any

from beanie import init_beanie
from pymongo import AsyncMongoClient

from audit.chain import Head, sealed, source_of
from audit.document import AuditLog
from audit.line import AuditLine


async def open_trail(client: AsyncMongoClient[dict[str, Any]], database: str) -> None:
    """Open the trail for writing, once a process: makes the collection and its indexes."""
    await init_beanie(database=client[database], document_models=[AuditLog])


async def open_to_read(client: AsyncMongoClient[dict[str, Any]], database: str) -> None:
    """Open the trail for reading, once a process. Leaves indexes to who writes: even where
    nothing is to be made, asking for them waits until the disk has what is being written."""
    await init_beanie(database=client[database], document_models=[AuditLog], skip_indexes=True)


class TrailWriter:
    """Appends to the chains. Their heads are read from the trail when they are first needed, and
    again after every failure: another process may have written, or half of a batch is there.

    Two writers cannot fork a chain: a place in it is unique, and the second one is refused.
    """

    def __init__(self) -> None:
        self._heads: dict[str, Head] = {}

    async def append(self, lines: Sequence[AuditLine]) -> None:
        """Insert what is new, in the order given; lines that are there already stay as they are.

        Raises:
            PyMongoError: not all lines are there; the caller must try again.
        """
        try:
            new = await self._sealed(lines)
            if new:
                await AuditLog.get_pymongo_collection().insert_many(new, ordered=True)
        except BaseException:
            self._heads.clear()
            raise

    async def _sealed(self, lines: Sequence[AuditLine]) -> list[dict[str, Any]]:
        """The lines that are not stored yet, with their places in the chains."""
        stored = await _stored({line.id for line in lines})
        new: list[dict[str, Any]] = []
        for line in {line.id: line for line in lines if line.id not in stored}.values():
            head = await self._head(source_of(line.id))
            document, self._heads[head.source] = sealed(line.as_stored(), head)
            new.append(document)
        return new

    async def _head(self, source: str) -> Head:
        head = self._heads.get(source)
        return head if head is not None else await head_of(source)


async def head_of(source: str) -> Head:
    """The newest document of a source's chain."""
    found = await AuditLog.get_pymongo_collection().find_one(
        {"source": source}, {"position": 1, "hash": 1}, sort=[("position", -1)]
    )
    if found is None:
        return Head.before(source)
    return Head(source, int(found["position"]), str(found["hash"]))


async def _stored(ids: set[str]) -> set[str]:
    if not ids:
        return set()
    found = AuditLog.get_pymongo_collection().find({"_id": {"$in": sorted(ids)}}, {"_id": 1})
    return {document["_id"] async for document in found}
