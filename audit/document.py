"""The audit trail as MongoDB keeps it. Lines are inserted, never changed."""

from beanie import Document
from pymongo import ASCENDING, IndexModel

from audit.line import AuditLine


class AuditLog(AuditLine, Document):
    """A stored line, and its place in the hash chain of its source (see `audit.chain`).

    Documents from before there were chains have none.
    """

    id: str  # type: ignore[assignment]  # not an ObjectId: the place in the log
    source: str | None = None
    position: int | None = None
    previous: str | None = None
    hash: str | None = None

    class Settings:
        name = "audit_logs"
        indexes = [
            IndexModel([("actor.user_id", ASCENDING), ("timestamp", ASCENDING)]),
            IndexModel(
                [("payload.symbol", ASCENDING), ("outcome", ASCENDING), ("timestamp", ASCENDING)]
            ),
            IndexModel([("resource.type", ASCENDING), ("resource.id", ASCENDING)]),
            IndexModel([("action", ASCENDING), ("timestamp", ASCENDING)]),
            IndexModel([("source", ASCENDING), ("position", ASCENDING)], unique=True, sparse=True),
        ]
