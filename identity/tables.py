"""The tables of `tradeflow_identity`. Times are milliseconds since 1970, as in every message."""

from sqlalchemy import BigInteger, Column, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from adapters.outbox import outbox_table

USERNAME_LENGTH_MAX = 32
IP_LENGTH_MAX = 45  # a full IPv6 address with an embedded IPv4 one
LABEL_LENGTH_MAX = 64


class IdentityTable(SQLModel, registry=registry()):
    """The base of this database's tables: its own metadata, shared with no other service."""


class AppUser(IdentityTable, table=True):
    """A person or a bot. Ids begin at 1; 0 is the house."""

    __tablename__ = "app_user"
    __table_args__ = (UniqueConstraint("username", name="uq_app_user_username"),)

    user_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True)
    )
    username: str = Field(max_length=USERNAME_LENGTH_MAX)
    password_hash: str = Field(max_length=255)
    role: str = Field(max_length=16)
    created_at_ms: int = Field(sa_type=BigInteger)


class LoginSession(IdentityTable, table=True):
    """One login and the family of refresh tokens that descends from it."""

    __tablename__ = "login_session"

    session_id: str = Field(primary_key=True, max_length=36)
    user_id: int = Field(sa_type=BigInteger, foreign_key="app_user.user_id", index=True)
    created_at_ms: int = Field(sa_type=BigInteger)
    expires_at_ms: int = Field(sa_type=BigInteger, index=True)
    revoked_at_ms: int | None = Field(default=None, sa_type=BigInteger)


class RefreshToken(IdentityTable, table=True):
    """The hash of a refresh token. A used one that comes again ends its session."""

    __tablename__ = "refresh_token"

    token_hash: str = Field(primary_key=True, max_length=64)
    session_id: str = Field(max_length=36, foreign_key="login_session.session_id", index=True)
    expires_at_ms: int = Field(sa_type=BigInteger)
    used_at_ms: int | None = Field(default=None, sa_type=BigInteger)


class ApiKey(IdentityTable, table=True):
    """A key for the signed API. Its secret is encrypted, since signatures need it in clear."""

    __tablename__ = "api_key"

    # Keys may differ by case alone, so they are compared byte by byte.
    api_key: str = Field(sa_column=Column(String(64, collation="utf8mb4_bin"), primary_key=True))
    user_id: int = Field(sa_type=BigInteger, foreign_key="app_user.user_id", index=True)
    label: str = Field(max_length=LABEL_LENGTH_MAX)
    secret_encrypted: bytes = Field(sa_type=LargeBinary(512))
    can_trade: bool
    created_at_ms: int = Field(sa_type=BigInteger)
    revoked_at_ms: int | None = Field(default=None, sa_type=BigInteger)


class LoginFailure(IdentityTable, table=True):
    """How often a name was tried from one address; the row goes when the login succeeds."""

    __tablename__ = "login_failure"

    username: str = Field(primary_key=True, max_length=USERNAME_LENGTH_MAX)
    ip: str = Field(primary_key=True, max_length=IP_LENGTH_MAX)
    failures: int
    window_started_ms: int = Field(sa_type=BigInteger, index=True)
    locked_until_ms: int = Field(sa_type=BigInteger)


metadata = IdentityTable.metadata
OUTBOX = outbox_table(metadata)
