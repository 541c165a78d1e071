"""What the other order types need: stop prices, values, lists, expiries, prevented matches.

Only additions. The server cannot take back half of a revision, so every statement may run
again, and all that changes `orders` is one statement.
"""

from alembic import op

revision = "orders_0002"
down_revision = "orders_0001"
branch_labels = None
depends_on = None

ORDER_LIST = """
CREATE TABLE IF NOT EXISTS order_list (
    list_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    list_client_order_id VARCHAR(36) COLLATE utf8mb4_bin NOT NULL,
    reuse INT NOT NULL,
    body_hash VARCHAR(64) NOT NULL,
    symbol VARCHAR(20) NOT NULL,
    first_leg_id BIGINT NOT NULL,
    second_leg_id BIGINT NOT NULL,
    reserve_amount DECIMAL(20, 8) NOT NULL,
    accepted_at_ms BIGINT NOT NULL,
    correlation_id VARCHAR(64) NOT NULL,
    PRIMARY KEY (list_id),
    CONSTRAINT uq_list_client_id UNIQUE (user_id, list_client_order_id, reuse),
    KEY ix_list_user (user_id, list_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
"""
PREVENTED_MATCH = """
CREATE TABLE IF NOT EXISTS prevented_match (
    symbol VARCHAR(20) NOT NULL,
    prevented_match_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    taker_order_id BIGINT NOT NULL,
    maker_order_id BIGINT NOT NULL,
    mode VARCHAR(16) NOT NULL,
    price DECIMAL(20, 8) NOT NULL,
    taker_prevented_quantity DECIMAL(20, 8) NOT NULL,
    maker_prevented_quantity DECIMAL(20, 8) NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (symbol, prevented_match_id),
    KEY ix_prevented_user (user_id, symbol, prevented_match_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
"""
COLUMNS = {
    "filled_lots": "BIGINT NOT NULL DEFAULT 0",
    "self_trade_prevention": "VARCHAR(16) NOT NULL DEFAULT 'NONE'",
    "quote_quantity": "DECIMAL(20, 8)",
    "stop_price": "DECIMAL(20, 8)",
    "iceberg_quantity": "DECIMAL(20, 8)",
    "price_ticks": "BIGINT NOT NULL DEFAULT 0",
    "reserve_amount": "DECIMAL(20, 8) NOT NULL DEFAULT 0",
    "expires_at_ms": "BIGINT NOT NULL DEFAULT 0",
    "expiry": "VARCHAR(40)",
    "list_id": "BIGINT NOT NULL DEFAULT 0",
    "list_client_order_id": "VARCHAR(36) COLLATE utf8mb4_bin NOT NULL DEFAULT ''",
}
CHECK = "CHECK (quote_quantity IS NOT NULL OR filled_quantity <= quantity)"


def upgrade() -> None:
    op.execute(ORDER_LIST)
    op.execute(PREVENTED_MATCH)
    additions = [f"ADD COLUMN {name} {kind}" for name, kind in COLUMNS.items()]
    _alter_orders(
        *additions, "DROP CONSTRAINT ck_filled", f"ADD CONSTRAINT ck_filled_quantity {CHECK}"
    )


def downgrade() -> None:
    _alter_orders(
        "DROP CONSTRAINT ck_filled_quantity",
        "ADD CONSTRAINT ck_filled CHECK (filled_quantity <= quantity)",
        *(f"DROP COLUMN {name}" for name in COLUMNS),
    )
    op.execute("DROP TABLE prevented_match")
    op.execute("DROP TABLE order_list")


def _alter_orders(*changes: str) -> None:
    op.execute(f"ALTER TABLE orders {', '.join(changes)}")
