"""What the identity service needs of its database: each method is one transaction.

Events given to a method go into the outbox of that same transaction.
"""

from typing import Protocol

import msgspec

from contracts.identity import IdentityEvent, Role
from identity.lockout import LoginAttempts


class UserRow(msgspec.Struct, frozen=True, kw_only=True):
    user_id: int
    username: str
    password_hash: str
    role: Role
    created_at_ms: int


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    session_id: str
    user_id: int
    role: Role
    expires_at_ms: int
    revoked: bool


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    session_id: str
    user_id: int
    token_hash: str
    created_at_ms: int
    expires_at_ms: int


class ApiKeyRow(msgspec.Struct, frozen=True, kw_only=True):
    api_key: str
    user_id: int
    label: str
    secret_encrypted: bytes
    can_trade: bool
    created_at_ms: int
    revoked_at_ms: int | None


class IdentityReads(Protocol):
    async def user(self, user_id: int) -> UserRow | None: ...

    async def user_by_name(self, username: str) -> UserRow | None: ...

    async def session(self, session_id: str) -> SessionRow | None: ...

    async def api_key(self, api_key: str) -> ApiKeyRow | None: ...

    async def api_keys(self, user_id: int) -> list[ApiKeyRow]:
        """A user's keys that are not revoked, oldest first."""
        ...


class IdentityStore(Protocol):
    async def add_user(
        self, username: str, password_hash: str, role: Role, now_ms: int, ip: str
    ) -> int:
        """Return the new user's id. Raises UsernameTaken."""
        ...

    async def register_attempt(
        self, username: str, ip: str, now_ms: int
    ) -> tuple[LoginAttempts, bool]:
        """Count a login attempt under a row lock: see `identity.lockout`."""
        ...

    async def record_failure(self, event: IdentityEvent) -> None: ...

    async def open_session(
        self, session: NewSession, username: str, ip: str, event: IdentityEvent
    ) -> None:
        """Store the session and its first refresh token; forget the failures."""
        ...

    async def rotate(
        self, token_hash: str, new_hash: str, now_ms: int, expires_at_ms: int
    ) -> SessionRow | None:
        """Exchange a refresh token; None where it does not hold.

        A token that was used before ends its whole session, since one of its two holders stole
        it; but for the moment that `identity.rotation` grants.
        """
        ...

    async def revoke_session(self, session_id: str, now_ms: int) -> None: ...

    async def add_api_key(self, row: ApiKeyRow, keys_max: int, event: IdentityEvent) -> None:
        """Raises TooManyApiKeys."""
        ...

    async def revoke_api_key(
        self, user_id: int, api_key: str, now_ms: int, event: IdentityEvent
    ) -> bool:
        """Tell whether the user had such a key."""
        ...
