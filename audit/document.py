"""The audit trail as MongoDB keeps it. Lines are inserted, never changed."""

from beanie import Document
from pymongo import ASCENDING, IndexModel

from audit.line import AuditLine


class AuditLog(AuditLine, Document):
    """A stored line."""

    id: str  # type: ignore[assignment]  # not an ObjectId: the place in the log

    class Settings:
        name = "audit_logs"
        indexes = [
            IndexModel([("actor.user_id", ASCENDING), ("timestamp", ASCENDING)]),
            IndexModel(
                [("payload.symbol", ASCENDING), ("outcome", ASCENDING), ("timestamp", ASCENDING)]
            ),
            IndexModel([("resource.type", ASCENDING), ("resource.id", ASCENDING)]),
            IndexModel([("action", ASCENDING), ("timestamp", ASCENDING)]),
        ]
