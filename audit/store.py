"""Writes the audit trail: inserts only, and the same line again changes nothing."""

from collections.abc import Sequence
from typing import Any, Final

from beanie import init_beanie
from pymongo import AsyncMongoClient
from pymongo.errors import BulkWriteError

from audit.document import AuditLog
from audit.line import AuditLine

DUPLICATE_KEY: Final = 11000


async def open_trail(client: AsyncMongoClient[dict[str, Any]], database: str) -> None:
    """Make the collection and its indexes. Reading and writing need this once a process."""
    await init_beanie(database=client[database], document_models=[AuditLog])


async def append(lines: Sequence[AuditLine]) -> None:
    """Insert what is new; lines that are there already stay as they are.

    Raises:
        BulkWriteError: a line was refused for another reason; the caller must try again.
    """
    if not lines:
        return
    try:
        documents = [line.as_stored() for line in lines]
        await AuditLog.get_pymongo_collection().insert_many(documents, ordered=False)
    except BulkWriteError as error:
        refused = error.details.get("writeErrors", [])
        if error.details.get("writeConcernErrors") or any(
            e.get("code") != DUPLICATE_KEY for e in refused
        ):
            raise
