"""API keys for the signed API: made, listed, revoked, and looked up on every request."""

import re
import secrets
import string
from collections.abc import Callable
from typing import Final
from uuid import uuid4

import msgspec
from cryptography.fernet import Fernet

from contracts.identity import ApiKeyCreated, ApiKeyRevoked
from identity.recent import Recent
from identity.service import now_ms
from identity.store import ApiKeyRow, IdentityReads, IdentityStore

KEY_LENGTH: Final = 64
KEY_FORMAT: Final = re.compile(r"[A-Za-z0-9]{64}")
KEYS_MAX: Final = 30
RECHECK_S: Final = 5.0
KNOWN_MAX: Final = 10_000
_ALPHABET: Final = string.ascii_letters + string.digits


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """What a signature is checked with. `repr` never shows the secret."""

    api_key: str
    user_id: int
    secret: bytes
    can_trade: bool

    def __repr__(self) -> str:
        return f"Credential(user_id={self.user_id})"


class NewApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key with its secret: told once, never again."""

    api_key: str
    secret: str
    label: str
    can_trade: bool
    created_at_ms: int


class ApiKeys:
    """The keys of all users."""

    def __init__(
        self,
        store: IdentityStore,
        reads: IdentityReads,
        secrets_key: str,
        clock_ms: Callable[[], int] = now_ms,
    ) -> None:
        self._store = store
        self._reads = reads
        self._cipher = Fernet(secrets_key)
        self._clock_ms = clock_ms
        self._known: Recent[Credential | str] = Recent(KNOWN_MAX, RECHECK_S)

    async def create(self, user_id: int, label: str, *, can_trade: bool, ip: str) -> NewApiKey:
        """Make a key. Raises TooManyApiKeys."""
        api_key, secret, at_ms = _random_text(), _random_text(), self._clock_ms()
        row = ApiKeyRow(
            api_key=api_key,
            user_id=user_id,
            label=label,
            secret_encrypted=self._cipher.encrypt(secret.encode()),
            can_trade=can_trade,
            created_at_ms=at_ms,
            revoked_at_ms=None,
        )
        event = ApiKeyCreated(
            message_id=uuid4(), user_id=user_id, api_key=api_key, label=label, at_ms=at_ms, ip=ip
        )
        await self._store.add_api_key(row, KEYS_MAX, event)
        self._known.forget(api_key)
        return NewApiKey(
            api_key=api_key, secret=secret, label=label, can_trade=can_trade, created_at_ms=at_ms
        )

    async def revoke(self, user_id: int, api_key: str, *, ip: str) -> bool:
        """End a key; False where the user has no such key."""
        at_ms = self._clock_ms()
        event = ApiKeyRevoked(
            message_id=uuid4(), user_id=user_id, api_key=api_key, at_ms=at_ms, ip=ip
        )
        revoked = await self._store.revoke_api_key(user_id, api_key, at_ms, event)
        self._known.forget(api_key)
        return revoked

    async def of_user(self, user_id: int) -> list[ApiKeyRow]:
        """The user's keys that are not revoked."""
        return await self._reads.api_keys(user_id)

    async def find(self, api_key: str) -> Credential | None:
        """The credential of a key that is good. Another gateway's revocation shows in seconds."""
        known = self._known.get(api_key)
        if known is not None:
            return known if isinstance(known, Credential) else None
        row = await self._reads.api_key(api_key)
        if row is None or row.revoked_at_ms is not None:
            self._known.put(api_key, "no such key")
            return None
        credential = Credential(
            api_key=api_key,
            user_id=row.user_id,
            secret=self._cipher.decrypt(row.secret_encrypted),
            can_trade=row.can_trade,
        )
        self._known.put(api_key, credential)
        return credential


def _random_text() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_LENGTH))
