"""Whether a frame follows the one before: what makes a gap visible before a client sees it."""

from enum import Enum, auto
from typing import Final

import msgspec


class Step(Enum):
    """How a frame stands to the one before of its stream."""

    NEXT = auto()
    REPEAT = auto()
    GAP = auto()


class _Depth(msgspec.Struct):
    first: int = msgspec.field(name="U")
    last: int = msgspec.field(name="u")


class _Trade(msgspec.Struct):
    last: int = msgspec.field(name="t")

    @property
    def first(self) -> int:
        return self.last


class _Aggregate(msgspec.Struct):
    last: int = msgspec.field(name="a")

    @property
    def first(self) -> int:
        return self.last


_Numbered = _Depth | _Trade | _Aggregate
_DECODERS: Final[dict[str, msgspec.json.Decoder[_Numbered]]] = {
    "depth": msgspec.json.Decoder(_Depth),
    "trade": msgspec.json.Decoder(_Trade),
    "aggTrade": msgspec.json.Decoder(_Aggregate),
}


class Sequences:
    """The last number of each stream that counts: depth by `U` and `u`, trades by `t` or `a`.

    Whatever is neither next nor old is a gap, an overlap too: clients refuse it as well.
    """

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def step(self, name: str, payload: str) -> Step:
        """Take the stream's next frame. After a gap the count goes on from there."""
        kind = name.partition("@")[2].partition("@")[0]  # `!pulse` has none
        decoder = _DECODERS.get(kind)
        if decoder is None:
            return Step.NEXT
        number = decoder.decode(payload)
        last = self._last.get(name)
        if last is not None and number.last <= last:
            return Step.REPEAT
        self._last[name] = number.last
        return Step.NEXT if last is None or number.first == last + 1 else Step.GAP

    def forget(self, name: str) -> None:
        """Nobody follows this stream: its next frame is a beginning."""
        self._last.pop(name, None)
