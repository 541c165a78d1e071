"""Passwords as argon2id hashes, computed off the event loop."""

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PARALLEL_HASHES_MAX: Final = 2  # each takes some 20 MB and tens of milliseconds of a core


class Passwords:
    """Hashes and checks passwords, a bounded number at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._decoy = self._hasher.hash("nobody has this password")
        self._slots = asyncio.Semaphore(PARALLEL_HASHES_MAX)

    async def hash(self, password: str) -> str:
        """Return the argon2id hash to store."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, stored_hash: str | None, password: str) -> bool:
        """Tell whether the password is right; takes as long for a user who does not exist."""
        async with self._slots:
            right = await asyncio.to_thread(self._verify, stored_hash or self._decoy, password)
        return right and stored_hash is not None

    def _verify(self, stored_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored_hash, password)
        except (VerificationError, InvalidHashError):
            return False
