"""Verifies the trail's hash chains a page at a time: one source after the other, by position."""

from typing import Any, Final, NamedTuple

from audit.chain import Break, Head, verify
from audit.document import AuditLog

PAGE_MAX: Final = 10_000


class Page(NamedTuple):
    """What one look found. `ended` is the chain that this page came to the end of; `next` is
    where the next page goes on, None after the last chain or at a break."""

    records: int
    ended: Head | None
    broken: Break | None
    next: Head | None


async def verify_page(after: Head | None, limit: int = PAGE_MAX) -> Page:
    """Verify at most `limit` documents, those that follow `after`; without it, the first ones."""
    if after is None:
        return Page(0, None, None, await _first_after(""))
    conditions = {"source": after.source, "position": {"$gt": after.position}}
    found = AuditLog.get_pymongo_collection().find(conditions).sort("position", 1).limit(limit)
    documents: list[dict[str, Any]] = await found.to_list()
    verdict = verify(documents, after)
    if verdict.broken is not None:
        return Page(verdict.records, None, verdict.broken, None)
    if len(documents) == limit:
        return Page(verdict.records, None, None, verdict.head)
    return Page(verdict.records, verdict.head, None, await _first_after(after.source))


async def without_hash() -> int:
    """How many documents are in no chain: those from before there were chains, or foreign ones."""
    return await AuditLog.get_pymongo_collection().count_documents({"hash": {"$exists": False}})


async def _first_after(source: str) -> Head | None:
    """The beginning of the next source's chain, by name."""
    found = await AuditLog.get_pymongo_collection().find_one(
        {"source": {"$gt": source}}, {"source": 1}, sort=[("source", 1), ("position", 1)]
    )
    return Head.before(str(found["source"])) if found else None
