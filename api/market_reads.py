"""Questions about markets, each through the breaker of market data."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from api.calls import Call
from api.guarded import guarded
from api.market_selection import check_status, read_status
from api.parameters import known_symbol

P = ParamSpec("P")
T = TypeVar("T")


def market_of(call: Call) -> str:
    """The mandatory `symbol` of the request."""
    return known_symbol(call.parameters, call.dependencies.instruments)


def require_status(call: Call, symbol: str) -> None:
    """Raises ApiError where `symbolStatus` is sent and is not the market's."""
    check_status(
        call.dependencies.instruments[symbol],
        read_status(call.parameters),
        call.dependencies.market_statuses,
    )


async def read(
    call: Call, operation: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """The answer. Raises Overloaded while there is none."""
    return await guarded(call.dependencies.breakers.market_data, operation, *args, **kwargs)
