"""The frames of one key, as entries of its Redis stream with ids of our own.

With our own ids an entry can be written twice and read once: what Redis has lost is added again
under its old id, and a gateway that has seen that id already is not shown it again.
"""

from collections import deque
from typing import Final, NamedTuple

from contracts.streams import tells_state

KEPT: Final = 400  # entries that can be added again

EntryId = tuple[int, int]
NONE: Final[EntryId] = (0, 0)

Frame = tuple[str, str]  # the stream's name, the payload


class Entry(NamedTuple):
    """What is told at one moment: the streams' names and payloads."""

    entry_id: EntryId
    frames: dict[str, str]


class State(NamedTuple):
    """The last frame of a stream of which the last says all, and the entry that held it."""

    entry_id: EntryId
    payload: str


class FrameLog:
    """Entries in order, those that Redis may lack, and enough of the older ones to repeat; of
    streams that tell a state also the last frame, however old it is."""

    def __init__(self) -> None:
        self._kept: deque[Entry] = deque(maxlen=KEPT)
        self._states: dict[str, State] = {}
        self._written = NONE
        self._last = NONE

    @property
    def written(self) -> EntryId:
        """The last entry that Redis surely had."""
        return self._written

    def add(self, frames: list[Frame], now_ms: int) -> None:
        """Pack frames into as few entries as hold each stream once, in order."""
        entries: list[dict[str, str]] = []
        places: dict[str, int] = {}
        for name, payload in frames:
            place = places.get(name, 0)
            if place == len(entries):
                entries.append({})
            entries[place][name] = payload
            places[name] = place + 1
        for entry in entries:
            self._last = self._next_id(now_ms)
            self._kept.append(Entry(self._last, entry))
            for name, payload in entry.items():
                if tells_state(name):
                    self._states[name] = State(self._last, payload)

    def _next_id(self, now_ms: int) -> EntryId:
        if now_ms > self._last[0]:
            return now_ms, 0
        return self._last[0], self._last[1] + 1

    def unwritten(self) -> tuple[Entry, ...]:
        """What Redis is not known to have, in order."""
        if self._written == self._last:
            return ()
        return tuple(entry for entry in self._kept if entry.entry_id > self._written)

    def unwritten_states(self) -> dict[str, State]:
        """The streams' states that Redis is not known to have."""
        if self._written == self._last:
            return {}
        return {name: one for name, one in self._states.items() if one.entry_id > self._written}

    def mark_written(self, upto: EntryId) -> None:
        self._written = upto

    def found(self, last: EntryId) -> None:
        """Redis has entries up to this one: what was added after it is unwritten again."""
        self._written = last
        self._last = max(self._last, last)


def parse_id(text: str) -> EntryId:
    milliseconds, _, number = text.partition("-")
    return int(milliseconds), int(number)


def id_text(entry_id: EntryId) -> str:
    return "{}-{}".format(*entry_id)
