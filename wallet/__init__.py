"""The double-entry ledger: who owns what, and what is reserved for which order."""
