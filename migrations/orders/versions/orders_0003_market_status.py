"""Which markets are halted, as the engine's events have told: for whoever describes the markets."""

from alembic import op

revision = "orders_0003"
down_revision = "orders_0002"
branch_labels = None
depends_on = None

MARKET_STATUS = """
CREATE TABLE IF NOT EXISTS market_status (
    symbol VARCHAR(20) NOT NULL,
    halted BOOL NOT NULL,
    log_offset BIGINT NOT NULL,
    PRIMARY KEY (symbol)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
"""


def upgrade() -> None:
    op.execute(MARKET_STATUS)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS market_status")
