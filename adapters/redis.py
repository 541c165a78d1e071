"""Redis: a fast copy and a pre-filter, never the authority. Short timeouts, few connections."""

from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from config.settings import RedisSettings

TIMEOUT_S: Final = 0.5
MAX_CONNECTIONS: Final = 32


def create_redis(
    settings: RedisSettings, timeout_s: float = TIMEOUT_S, max_connections: int = MAX_CONNECTIONS
) -> Redis:
    """A client that answers text, and gives up after `timeout_s`."""
    return Redis(
        host=settings.host,
        port=settings.port,
        password=settings.password.get_secret_value() or None,
        decode_responses=True,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        max_connections=max_connections,
        # The client's own retries would multiply the timeout; callers have a way without Redis.
        retry=Retry(NoBackoff(), 0),
    )
