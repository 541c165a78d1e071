"""MongoDB: bounded connections, majority writes."""

from typing import Any, Final

from pymongo import AsyncMongoClient

from config.settings import MongoSettings

TIMEOUT_MS: Final = 5_000
MAX_POOL: Final = 16


def connect(settings: MongoSettings) -> AsyncMongoClient[dict[str, Any]]:
    """A client with time-zone-aware dates; it connects on first use."""
    return AsyncMongoClient(
        host=settings.host,
        port=settings.port,
        username=settings.user,
        password=settings.password.get_secret_value() if settings.user else None,
        tz_aware=True,
        w="majority",
        journal=True,
        maxPoolSize=MAX_POOL,
        serverSelectionTimeoutMS=TIMEOUT_MS,
        timeoutMS=TIMEOUT_MS,
    )
