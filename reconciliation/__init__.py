"""The rules that must hold across wallet, orders and books. Read-only."""
