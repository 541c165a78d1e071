"""What Prometheus sees of the wallet."""

from prometheus_client import Counter, Histogram

REPLIES = Counter("tradeflow_wallet_replies", "Commands answered, by kind of reply", ["reply"])
COMMAND_BATCH_S = Histogram("tradeflow_wallet_command_batch_seconds", "From batch to last reply")
TRADES_SETTLED = Counter("tradeflow_wallet_trades_settled", "Trades read and dealt with")
TRADES_PARKED = Counter("tradeflow_wallet_trades_parked", "Trades set aside; each wants a person")
"""Any increase deserves an alarm: a market has been halted."""
