"""Orders, their fills, statistics, the read position of events, and the outbox."""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "orders_0001"
down_revision = None
branch_labels = None
depends_on = None

AMOUNT: sa.DECIMAL[Decimal] = sa.DECIMAL(20, 8)
CASE_SENSITIVE = "utf8mb4_bin"


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("order_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("client_order_id", sa.String(36, CASE_SENSITIVE), nullable=False),
        sa.Column("reuse", sa.Integer, nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("symbol", sa.String(20), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("order_type", sa.String(20), nullable=False),
        sa.Column("time_in_force", sa.String(4), nullable=False),
        sa.Column("price", AMOUNT, nullable=False),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("filled_quantity", AMOUNT, nullable=False),
        sa.Column("filled_quote", AMOUNT, nullable=False),
        sa.Column("commission", AMOUNT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("refusal", sa.String(32)),
        sa.Column("engine_sequence", sa.Integer, nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("finalized", sa.Boolean, nullable=False),
        sa.Column("accepted_at_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_at_ms", sa.BigInteger, nullable=False),
        sa.Column("working_at_ms", sa.BigInteger),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.UniqueConstraint("user_id", "client_order_id", "reuse", name="uq_client_order_id"),
        sa.Index("ix_user_symbol", "user_id", "symbol", "order_id"),
        sa.Index("ix_user_status", "user_id", "status"),
        sa.Index("ix_status", "status"),
        sa.CheckConstraint("filled_quantity <= quantity", name="ck_filled"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_table(
        "order_fill",
        sa.Column("symbol", sa.String(20), primary_key=True),
        sa.Column("trade_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("order_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("is_buyer", sa.Boolean, nullable=False),
        sa.Column("is_maker", sa.Boolean, nullable=False),
        sa.Column("price", AMOUNT, nullable=False),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("quote_quantity", AMOUNT, nullable=False),
        sa.Column("commission", AMOUNT, nullable=False),
        sa.Column("commission_asset", sa.String(12), nullable=False),
        sa.Column("executed_at_ms", sa.BigInteger, nullable=False),
        sa.Index("ix_fill_order", "order_id"),
        sa.Index("ix_fill_user", "user_id", "symbol", "trade_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_table(
        "order_statistics",
        sa.Column("symbol", sa.String(20), primary_key=True),
        sa.Column("status", sa.String(20), primary_key=True),
        sa.Column("orders", sa.BigInteger, nullable=False),
        sa.Column("filled_quote", sa.DECIMAL(30, 8), nullable=False),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_table(
        "consumer_offset",
        sa.Column("topic", sa.String(64), primary_key=True),
        sa.Column("partition_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("message_key", sa.String(64), nullable=False),
        sa.Column("payload", mysql.MEDIUMBLOB, nullable=False),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )


def downgrade() -> None:
    for table in ("outbox", "consumer_offset", "order_statistics", "order_fill", "orders"):
        op.drop_table(table)
