"""Reads of a partner: bounded in time, guarded by its circuit breaker, one error for clients."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, TypeVar

import structlog

from api.breaker import CircuitBreaker, CircuitOpen
from api.errors import ApiError, OutcomeUnknown, Overloaded
from market_data.errors import MarketDataUnavailable

READ_TIMEOUT_S: Final = 3.0

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")


async def guarded(
    breaker: CircuitBreaker,
    operation: Callable[P, Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Ask the partner. Raises Overloaded where it fails, is too slow, or is not asked at all."""

    async def bounded() -> T:
        async with asyncio.timeout(READ_TIMEOUT_S):
            try:
                return await operation(*args, **kwargs)
            except MarketDataUnavailable as error:  # being rebuilt: the partner works
                raise Overloaded from error

    try:
        return await breaker.call(bounded)
    except ApiError:
        raise
    except CircuitOpen:
        raise Overloaded from None
    except Exception as error:
        log.warning("partner.read_failed", partner=breaker.name, error=repr(error))
        raise Overloaded from error


async def guarded_afterwards(
    breaker: CircuitBreaker,
    operation: Callable[P, Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """`guarded`, for what is read once the client's order or cancel may have been carried out:
    `Overloaded` would say that it was not. Raises OutcomeUnknown."""
    try:
        return await guarded(breaker, operation, *args, **kwargs)
    except Overloaded as error:
        raise OutcomeUnknown from error
