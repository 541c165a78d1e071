"""One line of the audit trail, as MongoDB keeps it. Lines are inserted, never changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import Document
from pydantic import BaseModel, ConfigDict, Field
from pymongo import ASCENDING, IndexModel


class Outcome(StrEnum):
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"


class Actor(BaseModel):
    """Who did it. `user_id` is None for the exchange itself."""

    model_config = ConfigDict(frozen=True)

    user_id: str | None = None
    ip: str | None = None
    session_id: str | None = None


class Resource(BaseModel):
    """What it was done to."""

    model_config = ConfigDict(frozen=True)

    type: str
    id: str


class Metadata(BaseModel):
    """How long it took to arrive here, and which log it came from."""

    model_config = ConfigDict(frozen=True)

    latency_ms: int
    node_id: str


class AuditLog(Document):
    """One action. Its id is its place in the log, so the same message is one line."""

    model_config = ConfigDict(frozen=True)

    id: str  # type: ignore[assignment]  # not an ObjectId: the place in the log
    timestamp: datetime
    actor: Actor
    action: str
    resource: Resource
    payload: dict[str, Any] = Field(default_factory=dict)
    outcome: Outcome
    metadata: Metadata

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
