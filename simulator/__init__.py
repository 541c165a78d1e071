"""Seeded trading agents. They are clients: all they know of the exchange is its public API."""
