"""How often something is due. Pure: time comes as an argument."""


class Cadence:
    """Due at most once in each slot of `every_ms`, slots being counted from 1970."""

    __slots__ = ("_every_ms", "_slot")

    def __init__(self, every_ms: int) -> None:
        self._every_ms = every_ms
        self._slot = -1

    def due(self, now_ms: int) -> bool:
        slot = now_ms // self._every_ms
        if slot == self._slot:
            return False
        self._slot = slot
        return True
