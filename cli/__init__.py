"""The tradeflow command line."""
