"""Create users, sessions, API keys, login failures and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "app_user",
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("username", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("username", name="uq_app_user_username"),
    )
    op.create_table(
        "login_session",
        sa.Column("session_id", sa.String(36), primary_key=True),
        sa.Column(
            "user_id", sa.BigInteger, sa.ForeignKey("app_user.user_id"), nullable=False, index=True
        ),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False, index=True),
        sa.Column("revoked_at_ms", sa.BigInteger, nullable=True),
    )
    op.create_table(
        "refresh_token",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column(
            "session_id",
            sa.String(36),
            sa.ForeignKey("login_session.session_id"),
            nullable=False,
            index=True,
        ),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
        sa.Column("used_at_ms", sa.BigInteger, nullable=True),
    )
    op.create_table(
        "api_key",
        # Keys differ by case alone, so they are compared byte by byte.
        sa.Column("api_key", sa.String(64, collation="utf8mb4_bin"), primary_key=True),
        sa.Column(
            "user_id", sa.BigInteger, sa.ForeignKey("app_user.user_id"), nullable=False, index=True
        ),
        sa.Column("label", sa.String(64), nullable=False),
        sa.Column("secret_encrypted", sa.LargeBinary(512), nullable=False),
        sa.Column("can_trade", sa.Boolean, nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("revoked_at_ms", sa.BigInteger, nullable=True),
    )
    op.create_table(
        "login_failure",
        sa.Column("username", sa.String(32), primary_key=True),
        sa.Column("ip", sa.String(45), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("window_started_ms", sa.BigInteger, nullable=False, index=True),
        sa.Column("locked_until_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("message_key", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary(1 << 20), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "outbox",
        "login_failure",
        "api_key",
        "refresh_token",
        "login_session",
        "app_user",
    ):
        op.drop_table(table)
