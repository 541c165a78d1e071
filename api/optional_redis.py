"""Redis as the gateway uses it: asked for a moment, then everything goes on without it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.breaker import CircuitBreaker, CircuitOpen

ANSWER_S: Final = 0.25

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")


class OptionalRedis:
    """One breaker for all that the gateway keeps there.

    The client's own retries take seconds; an order must not wait for a pre-filter, so every
    question is cut off after `answer_s`.
    """

    def __init__(self, client: Redis | None, answer_s: float = ANSWER_S) -> None:
        self.client = client
        self._answer_s = answer_s
        self._breaker = CircuitBreaker("redis")

    async def ask(
        self, operation: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """The answer, or None where Redis does not give one."""

        async def bounded() -> T:
            async with asyncio.timeout(self._answer_s):
                return await operation(*args, **kwargs)

        try:
            return await self._breaker.call(bounded)
        except CircuitOpen:
            return None
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("redis.going_on_without", error=repr(error))
            return None
