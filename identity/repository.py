"""Writes of the identity database: every method one transaction, events in its outbox."""

from typing import Final
from uuid import uuid4

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from adapters.mysql import in_transaction
from adapters.outbox import enqueue
from contracts.identity import IdentityEvent, Role, UserRegistered
from contracts.message import encode
from contracts.topology import IDENTITY_EVENTS
from identity.errors import TooManyApiKeys, UsernameTaken
from identity.lockout import LoginAttempts, register_attempt
from identity.queries import session_row
from identity.rotation import may_repeat
from identity.store import ApiKeyRow, NewSession, SessionRow
from identity.tables import OUTBOX, ApiKey, AppUser, LoginFailure, LoginSession, RefreshToken

FORGET_FAILURES_AFTER_MS: Final = 3_600_000
FORGET_AT_ONCE: Final = 100

_USED_AT: Final = col(RefreshToken.used_at_ms)


class IdentityRepository:
    """The real `IdentityStore`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add_user(
        self, username: str, password_hash: str, role: Role, now_ms: int, ip: str
    ) -> int:
        """Return the new user's id. Raises UsernameTaken."""

        async def work(connection: AsyncConnection) -> int:
            result = await connection.execute(
                insert(AppUser).values(
                    username=username,
                    password_hash=password_hash,
                    role=role.value,
                    created_at_ms=now_ms,
                )
            )
            key = result.inserted_primary_key
            user_id = int(key[0]) if key else 0
            event = UserRegistered(
                message_id=uuid4(),
                user_id=user_id,
                username=username,
                role=role,
                at_ms=now_ms,
                ip=ip,
            )
            await _tell(connection, event)
            return user_id

        try:
            return await in_transaction(self._engine, work)
        except IntegrityError as error:
            raise UsernameTaken(username) from error

    async def register_attempt(
        self, username: str, ip: str, now_ms: int
    ) -> tuple[LoginAttempts, bool]:
        """Count a login attempt under a row lock, and tell whether it may go on."""

        async def work(connection: AsyncConnection) -> tuple[LoginAttempts, bool]:
            this_row = (col(LoginFailure.username) == username, col(LoginFailure.ip) == ip)
            # The row exists before it is locked, so that two first attempts meet on it.
            await connection.execute(
                mysql_insert(LoginFailure)
                .values(
                    username=username,
                    ip=ip,
                    failures=0,
                    window_started_ms=now_ms,
                    locked_until_ms=0,
                )
                .on_duplicate_key_update(username=username)
            )
            row = (
                await connection.execute(
                    select(
                        col(LoginFailure.failures),
                        col(LoginFailure.window_started_ms),
                        col(LoginFailure.locked_until_ms),
                    )
                    .where(*this_row)
                    .with_for_update()
                )
            ).one()
            before = LoginAttempts(*row) if row.failures else None
            after, allowed = register_attempt(before, now_ms)
            await connection.execute(
                update(LoginFailure)
                .where(*this_row)
                .values(
                    failures=after.failures,
                    window_started_ms=after.window_started_ms,
                    locked_until_ms=after.locked_until_ms,
                )
            )
            return after, allowed

        return await in_transaction(self._engine, work)

    async def record_failure(self, event: IdentityEvent) -> None:
        """Tell of a failed login, and forget some counters that no longer matter."""

        async def work(connection: AsyncConnection) -> None:
            await _tell(connection, event)
            await connection.execute(
                delete(LoginFailure)
                .where(col(LoginFailure.window_started_ms) < event.at_ms - FORGET_FAILURES_AFTER_MS)
                .with_dialect_options(mysql_limit=FORGET_AT_ONCE)
            )

        await in_transaction(self._engine, work)

    async def open_session(
        self, session: NewSession, username: str, ip: str, event: IdentityEvent
    ) -> None:
        """Store the session and its first refresh token; forget the failures."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                insert(LoginSession).values(
                    session_id=session.session_id,
                    user_id=session.user_id,
                    created_at_ms=session.created_at_ms,
                    expires_at_ms=session.expires_at_ms,
                )
            )
            await _add_token(
                connection, session.token_hash, session.session_id, session.expires_at_ms
            )
            await connection.execute(
                delete(LoginFailure).where(
                    col(LoginFailure.username) == username, col(LoginFailure.ip) == ip
                )
            )
            await _tell(connection, event)

        await in_transaction(self._engine, work)

    async def rotate(
        self, token_hash: str, new_hash: str, now_ms: int, expires_at_ms: int
    ) -> SessionRow | None:
        """Exchange a refresh token. None where it does not hold; reuse ends its session."""

        async def work(connection: AsyncConnection) -> SessionRow | None:
            session_id = await connection.scalar(
                select(col(RefreshToken.session_id)).where(
                    col(RefreshToken.token_hash) == token_hash,
                    col(RefreshToken.expires_at_ms) > now_ms,
                )
            )
            # The session's row serialises all that happens to its tokens: they are read after it.
            session = await _locked_session(connection, session_id) if session_id else None
            if session is None or session.revoked:
                return None
            if not await _use(connection, token_hash, session.session_id, now_ms):
                await _revoke_session(connection, session.session_id, now_ms)
                return None
            await _add_token(connection, new_hash, session.session_id, expires_at_ms)
            return session

        return await in_transaction(self._engine, work)

    async def revoke_session(self, session_id: str, now_ms: int) -> None:
        """End a session and all its refresh tokens."""

        async def work(connection: AsyncConnection) -> None:
            await _revoke_session(connection, session_id, now_ms)

        await in_transaction(self._engine, work)

    async def add_api_key(self, row: ApiKeyRow, keys_max: int, event: IdentityEvent) -> None:
        """Store a key. Raises TooManyApiKeys."""

        async def work(connection: AsyncConnection) -> None:
            # The user's row serialises the count with other creations.
            await connection.execute(
                select(col(AppUser.user_id))
                .where(col(AppUser.user_id) == row.user_id)
                .with_for_update()
            )
            count = await connection.scalar(
                select(func.count())
                .select_from(ApiKey)
                .where(col(ApiKey.user_id) == row.user_id, col(ApiKey.revoked_at_ms).is_(None))
            )
            if (count or 0) >= keys_max:
                raise TooManyApiKeys(f"at most {keys_max}")
            values = {name: getattr(row, name) for name in row.__struct_fields__}
            await connection.execute(insert(ApiKey).values(**values))
            await _tell(connection, event)

        await in_transaction(self._engine, work)

    async def revoke_api_key(
        self, user_id: int, api_key: str, now_ms: int, event: IdentityEvent
    ) -> bool:
        """Tell whether the user had such a key."""

        async def work(connection: AsyncConnection) -> bool:
            result = await connection.execute(
                update(ApiKey)
                .where(
                    col(ApiKey.api_key) == api_key,
                    col(ApiKey.user_id) == user_id,
                    col(ApiKey.revoked_at_ms).is_(None),
                )
                .values(revoked_at_ms=now_ms)
            )
            if result.rowcount == 0:
                return False
            await _tell(connection, event)
            return True

        return await in_transaction(self._engine, work)


async def _tell(connection: AsyncConnection, event: IdentityEvent) -> None:
    await enqueue(connection, OUTBOX, [(IDENTITY_EVENTS, str(event.user_id), encode(event))])


async def _add_token(
    connection: AsyncConnection, token_hash: str, session_id: str, expires_at_ms: int
) -> None:
    await connection.execute(
        insert(RefreshToken).values(
            token_hash=token_hash, session_id=session_id, expires_at_ms=expires_at_ms
        )
    )


async def _use(connection: AsyncConnection, token_hash: str, session_id: str, now_ms: int) -> bool:
    """False where the token was used, and not just now by a page that lost the answer."""
    of_session = col(RefreshToken.session_id) == session_id
    used_at_ms, last_use_ms = (
        await connection.execute(
            select(
                func.max(case((col(RefreshToken.token_hash) == token_hash, _USED_AT))),
                func.max(_USED_AT),
            ).where(of_session)
        )
    ).one()
    if used_at_ms is not None:
        return may_repeat(used_at_ms, last_use_ms, now_ms)
    await connection.execute(
        update(RefreshToken).where(of_session, _USED_AT.is_(None)).values(used_at_ms=now_ms)
    )
    return True


async def _locked_session(connection: AsyncConnection, session_id: str) -> SessionRow | None:
    statement = (
        select(
            col(LoginSession.session_id),
            col(LoginSession.user_id),
            col(LoginSession.expires_at_ms),
            col(LoginSession.revoked_at_ms),
            col(AppUser.role),
        )
        .join(AppUser, col(AppUser.user_id) == col(LoginSession.user_id))
        .where(col(LoginSession.session_id) == session_id)
        .with_for_update()
    )
    row = (await connection.execute(statement)).mappings().first()
    return session_row(row) if row else None


async def _revoke_session(connection: AsyncConnection, session_id: str, now_ms: int) -> None:
    await connection.execute(
        update(LoginSession)
        .where(col(LoginSession.session_id) == session_id)
        .where(col(LoginSession.revoked_at_ms).is_(None))
        .values(revoked_at_ms=now_ms)
    )
