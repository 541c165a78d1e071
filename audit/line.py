"""One line of the audit trail, before anybody has stored it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


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


class AuditLine(BaseModel):
    """One action. Its id is its place in the log, so the same message is one line."""

    model_config = ConfigDict(frozen=True)

    id: str
    timestamp: datetime
    actor: Actor
    action: str
    resource: Resource
    payload: dict[str, Any] = Field(default_factory=dict)
    outcome: Outcome
    metadata: Metadata

    def as_stored(self) -> dict[str, Any]:
        """The document that MongoDB gets."""
        fields = self.model_dump(exclude={"id", "outcome"})
        return {"_id": self.id, **fields, "outcome": self.outcome.value}
