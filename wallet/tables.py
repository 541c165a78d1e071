"""The wallet's tables. A table never leaves its domain; messages are in contracts/.

Ids of messages and transfers are CHAR(32), amounts DECIMAL(20, 8), times UTC to the millisecond.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.mysql import DATETIME
from sqlmodel import Field, SQLModel

from adapters.outbox import outbox_table

CURRENCY_LENGTH = 16
ACCOUNT_LENGTH = 16
CORRELATION_LENGTH = 128

metadata = MetaData()


def _uuid() -> Uuid[UUID]:
    return Uuid(as_uuid=True, native_uuid=False)


class WalletTable(SQLModel):
    """What all tables of this database share: their own metadata."""

    metadata = metadata


class Wallet(WalletTable, table=True):
    """One user's wallet in one currency."""

    __tablename__ = "wallet"
    __table_args__ = (UniqueConstraint("user_id", "currency", name="uq_wallet_user_currency"),)

    wallet_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    user_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(sa_column=Column(String(CURRENCY_LENGTH), nullable=False))
    created_at: datetime = Field(sa_column=Column(DATETIME(fsp=3), nullable=False))


class WalletTransaction(WalletTable, table=True):
    """One posting of one transfer. Append-only: the service may not update or delete it."""

    __tablename__ = "wallet_transaction"
    __table_args__ = (
        UniqueConstraint("transfer_id", "entry_no", name="uq_transaction_transfer_entry"),
        Index("ix_transaction_wallet", "wallet_id", "transaction_id"),
        Index("ix_transaction_reference", "reference_type", "reference_id"),
        Index("ix_transaction_order", "order_id", "transaction_id"),
    )

    transaction_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    transfer_id: UUID = Field(sa_column=Column(_uuid(), nullable=False))
    entry_no: int = Field(sa_column=Column(BigInteger, nullable=False))
    wallet_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    account: str = Field(sa_column=Column(String(ACCOUNT_LENGTH), nullable=False))
    amount: Decimal = Field(sa_column=Column(Numeric(20, 8), nullable=False))
    reference_type: str = Field(sa_column=Column(String(16), nullable=False))
    reference_id: str = Field(sa_column=Column(String(64), nullable=False))
    order_id: int | None = Field(sa_column=Column(BigInteger, nullable=True))
    correlation_id: str = Field(sa_column=Column(String(CORRELATION_LENGTH), nullable=False))
    created_at: datetime = Field(sa_column=Column(DATETIME(fsp=3), nullable=False))


class WalletBalance(WalletTable, table=True):
    """The sum of an account's postings, kept in the same transaction."""

    __tablename__ = "wallet_balance"
    __table_args__ = (
        CheckConstraint("amount >= 0 OR account = 'EXTERNAL'", name="ck_balance_not_negative"),
    )

    wallet_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    account: str = Field(sa_column=Column(String(ACCOUNT_LENGTH), primary_key=True))
    amount: Decimal = Field(sa_column=Column(Numeric(20, 8), nullable=False))


class ReservationRow(WalletTable, table=True):
    """An order's budget. Without currency: the mark of a release that came before its reserve."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= reserved", name="ck_reservation_within_budget"),
        Index("ix_reservation_open", "released", "order_id"),
    )

    order_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    user_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(sa_column=Column(String(CURRENCY_LENGTH), nullable=False))
    reserved: Decimal = Field(sa_column=Column(Numeric(20, 8), nullable=False))
    used: Decimal = Field(sa_column=Column(Numeric(20, 8), nullable=False))
    filled_lots: int = Field(sa_column=Column(BigInteger, nullable=False))
    pending_release: int | None = Field(sa_column=Column(BigInteger, nullable=True))
    released: bool = Field(nullable=False)
    correlation_id: str = Field(sa_column=Column(String(CORRELATION_LENGTH), nullable=False))
    created_at: datetime = Field(sa_column=Column(DATETIME(fsp=3), nullable=False))


class ProcessedMessage(WalletTable, table=True):
    """The inbox: which command has been done, and what was answered. Never expires."""

    __tablename__ = "processed_messages"

    message_id: UUID = Field(sa_column=Column(_uuid(), primary_key=True))
    request_hash: str = Field(sa_column=Column(String(32), nullable=False))
    reply: bytes = Field(sa_column=Column(LargeBinary(65_535), nullable=False))
    created_at: datetime = Field(sa_column=Column(DATETIME(fsp=3), nullable=False))


class ConsumerOffset(WalletTable, table=True):
    """How far settlement has come in each partition: the truth, not Kafka's committed offset."""

    __tablename__ = "consumer_offset"

    topic: str = Field(sa_column=Column(String(64), primary_key=True))
    partition: int = Field(
        sa_column=Column("partition", BigInteger, primary_key=True, autoincrement=False)
    )
    next_offset: int = Field(sa_column=Column(BigInteger, nullable=False))


class ParkedTrade(WalletTable, table=True):
    """A trade that contradicts the ledger. Its market is halted until people have looked."""

    __tablename__ = "parked_trade"
    __table_args__ = (UniqueConstraint("content_hash", name="uq_parked_content"),)

    parked_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    symbol: str = Field(sa_column=Column(String(32), nullable=False))
    reference_id: str = Field(sa_column=Column(String(64), nullable=False))
    content_hash: str = Field(sa_column=Column(String(32), nullable=False))
    log_partition: int = Field(sa_column=Column(BigInteger, nullable=False))
    log_offset: int = Field(sa_column=Column(BigInteger, nullable=False))
    payload: bytes = Field(sa_column=Column(LargeBinary(1 << 20), nullable=False))
    reason: str = Field(sa_column=Column(String(500), nullable=False))
    halt_sent: bool = Field(nullable=False)
    created_at: datetime = Field(sa_column=Column(DATETIME(fsp=3), nullable=False))


outbox: Table = outbox_table(metadata)

wallet: Table = metadata.tables["wallet"]
wallet_transaction: Table = metadata.tables["wallet_transaction"]
wallet_balance: Table = metadata.tables["wallet_balance"]
reservation: Table = metadata.tables["reservation"]
processed_messages: Table = metadata.tables["processed_messages"]
consumer_offset: Table = metadata.tables["consumer_offset"]
parked_trade: Table = metadata.tables["parked_trade"]
