"""Times in answers: milliseconds, or microseconds where the request's header asks for them.

Source: Binance's `X-MBX-TIME-UNIT`. One place for every answer under `/api/v3`: a field is known
for a time by its name; candles, which have no names, ask for `in_unit` themselves.
"""

from contextvars import ContextVar
from typing import Any, Final

import msgspec
from starlette.datastructures import Headers
from starlette.types import Scope

HEADER: Final = "X-MBX-TIME-UNIT"
MICROSECONDS_FROM: Final = 10**14  # as ms that would be in the year 5138
_TIMES: Final = frozenset(
    (
        *("time", "serverTime", "updateTime", "transactTime", "workingTime", "transactionTime"),
        *("openTime", "closeTime", "timestamp", "goodTillDate", "T"),
    )
)
_factor: ContextVar[int] = ContextVar("time_unit_factor", default=1)


def choose_unit(scope: Scope) -> None:
    """Take the unit from a request's header, for all that is answered to it."""
    wanted = Headers(scope=scope).get(HEADER, "").upper()
    micro = wanted == "MICROSECOND" and str(scope["path"]).startswith("/api/v3/")
    _factor.set(1000 if micro else 1)


def in_unit(at_ms: int) -> int:
    """A time in the unit that this request's answer is in. -1 stands for none and stays."""
    return at_ms * _factor.get() if at_ms > 0 else at_ms


def with_times(answer: bytes) -> bytes:
    """An answer's JSON with its times in the unit that was asked for."""
    if _factor.get() == 1:
        return answer
    return msgspec.json.encode(_changed(msgspec.json.decode(answer)))


def from_either_unit(sent: int) -> int:
    """A time that a client sent, in ms."""
    return sent // 1000 if sent >= MICROSECONDS_FROM else sent


def _changed(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: in_unit(part) if name in _TIMES and type(part) is int else _changed(part)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [_changed(part) for part in value]
    return value
