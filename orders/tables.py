"""The tables of `tradeflow_orders`: orders and their lists, fills, how far events were read."""

from decimal import Decimal
from typing import Final

from sqlalchemy import (
    DECIMAL,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from adapters.outbox import outbox_table

metadata = MetaData()
AMOUNT: Final[DECIMAL[Decimal]] = DECIMAL(20, 8)


class OrdersModel(SQLModel):
    """Keeps this domain's tables apart from those of the other databases."""

    metadata = metadata


class OrderRow(OrdersModel, table=True):
    """One order for ever: the row decides what is a duplicate, not a workflow's retention.

    `engine_sequence` is the newest engine event applied (0: none yet); `answered` tells the
    relay that the saga has heard of its own submit; `reuse` counts the uses of a client id.
    `price_ticks` is the limit, or the worst price that an order without one may take. The
    quantity of a market order by value (`quote_quantity`) is what it has filled.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("user_id", "client_order_id", "reuse", name="uq_client_order_id"),
        Index("ix_user_symbol", "user_id", "symbol", "order_id"),
        Index("ix_user_status", "user_id", "status"),
        CheckConstraint(
            "quote_quantity IS NOT NULL OR filled_quantity <= quantity", name="ck_filled_quantity"
        ),
    )

    order_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    user_id: int = Field(sa_type=BigInteger)
    client_order_id: str = Field(sa_column=Column(String(36, "utf8mb4_bin"), nullable=False))
    reuse: int = 0
    body_hash: str = Field(max_length=64)
    symbol: str = Field(max_length=20)
    side: str = Field(max_length=4)
    order_type: str = Field(max_length=20)
    time_in_force: str = Field(max_length=4)
    price: Decimal = Field(sa_type=AMOUNT)
    quantity: Decimal = Field(sa_type=AMOUNT)
    filled_quantity: Decimal = Field(default=Decimal(0), sa_type=AMOUNT)
    filled_quote: Decimal = Field(default=Decimal(0), sa_type=AMOUNT)
    commission: Decimal = Field(default=Decimal(0), sa_type=AMOUNT)
    filled_lots: int = Field(default=0, sa_type=BigInteger)
    status: str = Field(max_length=20)
    refusal: str | None = Field(default=None, max_length=32)
    engine_sequence: int = 0
    answered: bool = False
    finalized: bool = False
    accepted_at_ms: int = Field(sa_type=BigInteger)
    updated_at_ms: int = Field(sa_type=BigInteger)
    working_at_ms: int | None = Field(default=None, sa_type=BigInteger)
    correlation_id: str = Field(max_length=64)
    self_trade_prevention: str = Field(default="NONE", max_length=16)
    quote_quantity: Decimal | None = Field(default=None, sa_type=AMOUNT)
    stop_price: Decimal | None = Field(default=None, sa_type=AMOUNT)
    iceberg_quantity: Decimal | None = Field(default=None, sa_type=AMOUNT)
    price_ticks: int = Field(default=0, sa_type=BigInteger)
    reserve_amount: Decimal = Field(default=Decimal(0), sa_type=AMOUNT)
    expires_at_ms: int = Field(default=0, sa_type=BigInteger)
    expiry: str | None = Field(default=None, max_length=40)
    list_id: int = Field(default=0, sa_type=BigInteger)
    list_client_order_id: str = Field(
        default="", sa_column=Column(String(36, "utf8mb4_bin"), nullable=False)
    )


class OrderListRow(OrdersModel, table=True):
    """A one-cancels-the-other list. Its money is reserved once, under `first_leg_id`."""

    __tablename__ = "order_list"
    __table_args__ = (
        UniqueConstraint("user_id", "list_client_order_id", "reuse", name="uq_list_client_id"),
        Index("ix_list_user", "user_id", "list_id"),
    )

    list_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    user_id: int = Field(sa_type=BigInteger)
    list_client_order_id: str = Field(sa_column=Column(String(36, "utf8mb4_bin"), nullable=False))
    reuse: int = 0
    body_hash: str = Field(max_length=64)
    symbol: str = Field(max_length=20)
    first_leg_id: int = Field(sa_type=BigInteger)
    second_leg_id: int = Field(sa_type=BigInteger)
    reserve_amount: Decimal = Field(sa_type=AMOUNT)
    accepted_at_ms: int = Field(sa_type=BigInteger)
    correlation_id: str = Field(max_length=64)


class PreventedMatchRow(OrdersModel, table=True):
    """A match that self-trade prevention did not let happen."""

    __tablename__ = "prevented_match"
    __table_args__ = (Index("ix_prevented_user", "user_id", "symbol", "prevented_match_id"),)

    symbol: str = Field(max_length=20, primary_key=True)
    prevented_match_id: int = Field(
        sa_column=Column(BigInteger, primary_key=True, autoincrement=False)
    )
    user_id: int = Field(sa_type=BigInteger)
    taker_order_id: int = Field(sa_type=BigInteger)
    maker_order_id: int = Field(sa_type=BigInteger)
    mode: str = Field(max_length=16)
    price: Decimal = Field(sa_type=AMOUNT)
    taker_prevented_quantity: Decimal = Field(sa_type=AMOUNT)
    maker_prevented_quantity: Decimal = Field(sa_type=AMOUNT)
    at_ms: int = Field(sa_type=BigInteger)


class FillRow(OrdersModel, table=True):
    """One execution, from one order's side."""

    __tablename__ = "order_fill"
    __table_args__ = (
        Index("ix_fill_order", "order_id"),
        Index("ix_fill_user", "user_id", "symbol", "trade_id"),
    )

    symbol: str = Field(max_length=20, primary_key=True)
    trade_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    order_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    user_id: int = Field(sa_type=BigInteger)
    is_buyer: bool
    is_maker: bool
    price: Decimal = Field(sa_type=AMOUNT)
    quantity: Decimal = Field(sa_type=AMOUNT)
    quote_quantity: Decimal = Field(sa_type=AMOUNT)
    commission: Decimal = Field(sa_type=AMOUNT)
    commission_asset: str = Field(max_length=12)
    executed_at_ms: int = Field(sa_type=BigInteger)


class OrderStatistics(OrdersModel, table=True):
    """How many orders of a market ended how, and what they traded in quote currency."""

    __tablename__ = "order_statistics"

    symbol: str = Field(max_length=20, primary_key=True)
    status: str = Field(max_length=20, primary_key=True)
    orders: int = Field(default=0, sa_type=BigInteger)
    filled_quote: Decimal = Field(default=Decimal(0), sa_type=DECIMAL(30, 8))


class MarketStatusRow(OrdersModel, table=True):
    """Whether a market is halted, as of the command at `log_offset` of its partition."""

    __tablename__ = "market_status"

    symbol: str = Field(max_length=20, primary_key=True)
    halted: bool
    log_offset: int = Field(sa_type=BigInteger)


class MarketBandRow(OrdersModel, table=True):
    """The band that an operator has set, as of the command at `log_offset` of the market's
    partition; without figures where the configuration's holds."""

    __tablename__ = "market_band"

    symbol: str = Field(max_length=20, primary_key=True)
    bid_up_ppm: int | None = Field(default=None, sa_type=BigInteger)
    bid_down_ppm: int | None = Field(default=None, sa_type=BigInteger)
    ask_up_ppm: int | None = Field(default=None, sa_type=BigInteger)
    ask_down_ppm: int | None = Field(default=None, sa_type=BigInteger)
    log_offset: int = Field(sa_type=BigInteger)


class EventOffset(OrdersModel, table=True):
    """The next record of a topic to apply: advanced in the transaction that applies."""

    __tablename__ = "consumer_offset"

    topic: str = Field(max_length=64, primary_key=True)
    partition_id: int = Field(primary_key=True)
    next_offset: int = Field(sa_type=BigInteger)


outbox = outbox_table(metadata)
