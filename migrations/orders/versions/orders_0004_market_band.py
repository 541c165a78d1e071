"""The price bands that operators have set, as the engine's events have told."""

from alembic import op

revision = "orders_0004"
down_revision = "orders_0003"
branch_labels = None
depends_on = None

MARKET_BAND = """
CREATE TABLE IF NOT EXISTS market_band (
    symbol VARCHAR(20) NOT NULL,
    bid_up_ppm BIGINT,
    bid_down_ppm BIGINT,
    ask_up_ppm BIGINT,
    ask_down_ppm BIGINT,
    log_offset BIGINT NOT NULL,
    PRIMARY KEY (symbol)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
"""


def upgrade() -> None:
    op.execute(MARKET_BAND)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS market_band")
