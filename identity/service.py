"""Register, log in, refresh, log out."""

import re
import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

import msgspec

from contracts.identity import LoginFailed, LoginSucceeded, Role
from identity.errors import BadCredentials, InvalidToken, LockedOut
from identity.passwords import Passwords
from identity.recent import Recent
from identity.store import IdentityReads, IdentityStore, NewSession
from identity.tokens import (
    ACCESS_TTL_S,
    REFRESH_TTL_S,
    AccessTokens,
    Caller,
    new_refresh_token,
    refresh_token_hash,
)

USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")
SESSION_RECHECK_S: Final = 5.0
SESSIONS_KNOWN_MAX: Final = 10_000


class TokenPair(msgspec.Struct, frozen=True):
    """What a login or a refresh gives."""

    access_token: str
    refresh_token: str
    expires_in_s: int


def now_ms() -> int:
    """The wall clock in milliseconds."""
    return time.time_ns() // 1_000_000


class IdentityService:
    """Who somebody is, and for how long we believe it."""

    def __init__(
        self,
        store: IdentityStore,
        reads: IdentityReads,
        passwords: Passwords,
        tokens: AccessTokens,
        clock_ms: Callable[[], int] = now_ms,
    ) -> None:
        self._store = store
        self._reads = reads
        self._passwords = passwords
        self._tokens = tokens
        self._clock_ms = clock_ms
        self._sessions: Recent[bool] = Recent(SESSIONS_KNOWN_MAX, SESSION_RECHECK_S)

    async def register(
        self, username: str, password: str, *, ip: str, role: Role = Role.TRADER
    ) -> int:
        """Create a user and return its id. Raises UsernameTaken."""
        password_hash = await self._passwords.hash(password)
        return await self._store.add_user(username, password_hash, role, self._clock_ms(), ip)

    async def user_id_of(self, username: str) -> int | None:
        """The id that goes with a name, None where nobody has it."""
        user = await self._reads.user_by_name(username)
        return user.user_id if user else None

    async def login(self, username: str, password: str, *, ip: str) -> TokenPair:
        """Open a session.

        Raises:
            BadCredentials: name or password wrong.
            LockedOut: too many failures of this name from this address.
        """
        at_ms = self._clock_ms()
        attempts, allowed = await self._store.register_attempt(username, ip, at_ms)
        user = await self._reads.user_by_name(username)
        stored_hash = user.password_hash if user and allowed else None
        # The password is checked even when the answer is known, so that time tells nothing.
        right = await self._passwords.matches(stored_hash, password)
        if not right or user is None:
            await self._store.record_failure(
                LoginFailed(
                    message_id=uuid4(),
                    user_id=user.user_id if user else 0,
                    username=username,
                    at_ms=at_ms,
                    ip=ip,
                )
            )
            if not allowed:
                raise LockedOut(max(1, -((at_ms - attempts.locked_until_ms) // 1000)))
            raise BadCredentials
        session_id, refresh = str(uuid4()), new_refresh_token()
        await self._store.open_session(
            NewSession(
                session_id=session_id,
                user_id=user.user_id,
                token_hash=refresh_token_hash(refresh),
                created_at_ms=at_ms,
                expires_at_ms=at_ms + REFRESH_TTL_S * 1000,
            ),
            username,
            ip,
            LoginSucceeded(
                message_id=uuid4(), user_id=user.user_id, session_id=session_id, at_ms=at_ms, ip=ip
            ),
        )
        return self._pair(Caller(user.user_id, user.role, session_id), refresh)

    async def refresh(self, refresh_token: str) -> TokenPair:
        """Exchange a refresh token for a new pair. Raises InvalidToken."""
        at_ms = self._clock_ms()
        fresh = new_refresh_token()
        session = await self._store.rotate(
            refresh_token_hash(refresh_token),
            refresh_token_hash(fresh),
            at_ms,
            at_ms + REFRESH_TTL_S * 1000,
        )
        if session is None:
            raise InvalidToken("refresh token")
        return self._pair(Caller(session.user_id, session.role, session.session_id), fresh)

    async def logout(self, caller: Caller) -> None:
        """End the caller's session: its refresh tokens at once, its access token too."""
        await self._store.revoke_session(caller.session_id, self._clock_ms())
        self._sessions.forget(caller.session_id)

    async def authenticate(self, access_token: str) -> Caller:
        """The caller of a token whose session still stands. Raises InvalidToken."""
        caller = self._tokens.read(access_token)
        alive = self._sessions.get(caller.session_id)
        if alive is None:
            session = await self._reads.session(caller.session_id)
            alive = session is not None and not session.revoked
            self._sessions.put(caller.session_id, alive)
        if not alive:
            raise InvalidToken("session ended")
        return caller

    def _pair(self, caller: Caller, refresh: str) -> TokenPair:
        return TokenPair(self._tokens.issue(caller), refresh, ACCESS_TTL_S)
