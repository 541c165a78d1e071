"""The gateway: Binance's dialect under /api/v3, TradeFlow's own under /v1."""
