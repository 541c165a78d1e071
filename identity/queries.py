"""Reads of the identity database."""

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from contracts.identity import Role
from identity.store import ApiKeyRow, SessionRow, UserRow
from identity.tables import ApiKey, AppUser, LoginSession


class IdentityQueries:
    """Single-statement reads; nothing here locks or writes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def user(self, user_id: int) -> UserRow | None:
        """One user by id."""
        async with self._engine.connect() as connection:
            found = await connection.execute(
                select(AppUser.__table__).where(col(AppUser.user_id) == user_id)  # type: ignore[attr-defined]
            )
            row = found.mappings().first()
        return _user(row) if row else None

    async def user_by_name(self, username: str) -> UserRow | None:
        """One user by name."""
        async with self._engine.connect() as connection:
            found = await connection.execute(
                select(AppUser.__table__).where(col(AppUser.username) == username)  # type: ignore[attr-defined]
            )
            row = found.mappings().first()
        return _user(row) if row else None

    async def session(self, session_id: str) -> SessionRow | None:
        """One login session with its user's present role."""
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
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return session_row(row) if row else None

    async def api_key(self, api_key: str) -> ApiKeyRow | None:
        """One key, revoked or not."""
        async with self._engine.connect() as connection:
            found = await connection.execute(
                select(ApiKey.__table__).where(col(ApiKey.api_key) == api_key)  # type: ignore[attr-defined]
            )
            row = found.mappings().first()
        return ApiKeyRow(**row) if row else None

    async def api_keys(self, user_id: int) -> list[ApiKeyRow]:
        """A user's keys that are not revoked, oldest first."""
        statement = (
            select(ApiKey.__table__)  # type: ignore[attr-defined]
            .where(col(ApiKey.user_id) == user_id, col(ApiKey.revoked_at_ms).is_(None))
            .order_by(col(ApiKey.created_at_ms), col(ApiKey.api_key))
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [ApiKeyRow(**row) for row in rows]


def session_row(row: RowMapping) -> SessionRow:
    """A session from a joined row."""
    return SessionRow(
        session_id=row["session_id"],
        user_id=row["user_id"],
        role=Role(row["role"]),
        expires_at_ms=row["expires_at_ms"],
        revoked=row["revoked_at_ms"] is not None,
    )


def _user(row: RowMapping) -> UserRow:
    return UserRow(
        user_id=row["user_id"],
        username=row["username"],
        password_hash=row["password_hash"],
        role=Role(row["role"]),
        created_at_ms=row["created_at_ms"],
    )
