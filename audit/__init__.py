"""The append-only trail of every event, kept in MongoDB."""
