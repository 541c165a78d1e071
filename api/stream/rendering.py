"""How one event is written: bare or wrapped with its stream's name, in ms or microseconds."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec

from api.stream.frame import Frame

Rendering = tuple[str, Callable[[Frame], str]]
"""A kind's name, under which frames keep their text, and what writes it."""

TIME_UNITS: Final = {"MILLISECOND": False, "MICROSECOND": True}
"""What a client may say of the times in its events → whether they are in microseconds."""

_TIMES: Final[dict[str, tuple[str, ...]]] = {
    "trade": ("E", "T"),
    "aggTrade": ("E", "T"),
    "kline": ("E",),
    "avgPrice": ("E", "T"),
    "depthUpdate": ("E",),
    "referencePrice": ("t",),
    "executionReport": ("E", "T", "W", "O", "D"),
    "outboundAccountPosition": ("E", "u"),
    "listStatus": ("E", "T"),
    "balanceUpdate": ("E", "T"),
}
"""Event → its fields that are times. Of a field name alone nobody can tell: `C` is one too."""
_OTHERS: Final = ("E", "O", "C")  # tickers, and what is to come
_KLINE: Final = ("t", "T")


def rendering(asked: str, *, combined: bool, microseconds: bool) -> Rendering:
    """The way to write a stream that the client calls `asked`."""
    unit, write = ("us", in_microseconds) if microseconds else ("ms", bare)
    if not combined:
        return unit, write
    return f"{unit}:{asked}", partial(_wrapped, msgspec.json.encode(asked).decode(), unit, write)


def bare(frame: Frame) -> str:
    """Binance's raw payload."""
    return frame.payload


def in_microseconds(frame: Frame) -> str:
    """The raw payload with times a thousand times as large."""
    content = msgspec.json.decode(frame.payload)
    for event in content if isinstance(content, list) else [content]:
        _scale(event, _TIMES.get(event.get("e", ""), _OTHERS))
        if event.get("e") == "kline":
            _scale(event["k"], _KLINE)
    return msgspec.json.encode(content).decode()


def _scale(event: dict[str, Any], fields: tuple[str, ...]) -> None:
    for field in fields:
        if type(event.get(field)) is int and event[field] > 0:
            event[field] *= 1000


def _wrapped(asked_json: str, unit: str, write: Callable[[Frame], str], frame: Frame) -> str:
    return f'{{"stream":{asked_json},"data":{frame.rendered(unit, write)}}}'
