"""What the identity service tells the world, on `identity.events`. Never a secret."""

from enum import StrEnum
from uuid import UUID

from contracts.message import Message


class Role(StrEnum):
    TRADER = "trader"
    OPS = "ops"
    COMPLIANCE = "compliance"


class UserRegistered(Message, frozen=True, kw_only=True):
    message_id: UUID
    user_id: int
    username: str
    role: Role
    at_ms: int
    ip: str


class LoginSucceeded(Message, frozen=True, kw_only=True):
    message_id: UUID
    user_id: int
    session_id: str
    at_ms: int
    ip: str


class LoginFailed(Message, frozen=True, kw_only=True):
    """`user_id` is 0 where the name is unknown."""

    message_id: UUID
    user_id: int
    username: str
    at_ms: int
    ip: str


class ApiKeyCreated(Message, frozen=True, kw_only=True):
    message_id: UUID
    user_id: int
    api_key: str
    label: str
    at_ms: int
    ip: str


class ApiKeyRevoked(Message, frozen=True, kw_only=True):
    message_id: UUID
    user_id: int
    api_key: str
    at_ms: int
    ip: str


IdentityEvent = UserRegistered | LoginSucceeded | LoginFailed | ApiKeyCreated | ApiKeyRevoked
