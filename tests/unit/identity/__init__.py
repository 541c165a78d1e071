"""Rules of the identity service, on a store in memory."""
