"""The ledger: wallets, postings, balances, reservations, inbox, offsets, parked trades, outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import DATETIME

revision = "wallet_0001"
down_revision = None
branch_labels = None
depends_on = None


def _when() -> sa.Column[object]:
    return sa.Column("created_at", DATETIME(fsp=3), nullable=False)


def _big(name: str, *, key: bool = False, auto: bool = False, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=key, autoincrement=auto, nullable=null)


def _text(name: str, length: int, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), primary_key=key, nullable=False)


def _money(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(20, 8), nullable=False)


def upgrade() -> None:
    _accounts()
    _processing()


def _accounts() -> None:
    op.create_table(
        "wallet",
        _big("wallet_id", key=True, auto=True),
        _big("user_id"),
        _text("currency", 16),
        _when(),
        sa.UniqueConstraint("user_id", "currency", name="uq_wallet_user_currency"),
    )
    op.create_table(
        "wallet_transaction",
        _big("transaction_id", key=True, auto=True),
        sa.Column("transfer_id", sa.CHAR(32), nullable=False),
        _big("entry_no"),
        _big("wallet_id"),
        _text("account", 16),
        _money("amount"),
        _text("reference_type", 16),
        _text("reference_id", 64),
        _big("order_id", null=True),
        _text("correlation_id", 128),
        _when(),
        sa.UniqueConstraint("transfer_id", "entry_no", name="uq_transaction_transfer_entry"),
        sa.Index("ix_transaction_wallet", "wallet_id", "transaction_id"),
        sa.Index("ix_transaction_reference", "reference_type", "reference_id"),
        sa.Index("ix_transaction_order", "order_id", "transaction_id"),
    )
    op.create_table(
        "wallet_balance",
        _big("wallet_id", key=True),
        _text("account", 16, key=True),
        _money("amount"),
        sa.CheckConstraint("amount >= 0 OR account = 'EXTERNAL'", name="ck_balance_not_negative"),
    )
    op.create_table(
        "reservation",
        _big("order_id", key=True),
        _big("user_id"),
        _text("currency", 16),
        _money("reserved"),
        _money("used"),
        _big("filled_lots"),
        _big("pending_release", null=True),
        sa.Column("released", sa.Boolean, nullable=False),
        _text("correlation_id", 128),
        _when(),
        sa.CheckConstraint("used >= 0 AND used <= reserved", name="ck_reservation_within_budget"),
        sa.Index("ix_reservation_open", "released", "order_id"),
    )


def _processing() -> None:
    op.create_table(
        "processed_messages",
        sa.Column("message_id", sa.CHAR(32), primary_key=True),
        _text("request_hash", 32),
        sa.Column("reply", sa.LargeBinary(65_535), nullable=False),
        _when(),
    )
    op.create_table(
        "consumer_offset",
        _text("topic", 64, key=True),
        _big("partition", key=True),
        _big("next_offset"),
    )
    op.create_table(
        "parked_trade",
        _big("parked_id", key=True, auto=True),
        _text("symbol", 32),
        _text("reference_id", 64),
        _text("content_hash", 32),
        _big("log_partition"),
        _big("log_offset"),
        sa.Column("payload", sa.LargeBinary(1 << 20), nullable=False),
        _text("reason", 500),
        sa.Column("halt_sent", sa.Boolean, nullable=False),
        _when(),
        sa.UniqueConstraint("content_hash", name="uq_parked_content"),
    )
    op.create_table(
        "outbox",
        _big("id", key=True, auto=True),
        _text("topic", 64),
        _text("message_key", 64),
        sa.Column("payload", sa.LargeBinary(1 << 20), nullable=False),
    )


def downgrade() -> None:
    for table in (
        "outbox",
        "parked_trade",
        "consumer_offset",
        "processed_messages",
        "reservation",
        "wallet_balance",
        "wallet_transaction",
        "wallet",
    ):
        op.drop_table(table)
