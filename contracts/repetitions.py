"""Every reader of the engine's output may see an entry twice: the same, or never the same again.

Output is a pure function of the log. One identity (topic, partition, input offset) with two
hashes means that two engines disagree, and nobody can tell which of them is right: the markets
that the entry speaks of are halted, through the log, until people have looked.
"""

from enum import Enum, auto
from typing import Final

from contracts.matching import HaltMarket
from contracts.topology import market_command_id

REMEMBERED: Final = 10_000


class Repetition(Enum):
    """What an entry is to a reader that remembers the recent ones."""

    NEW = auto()  # or too old to be remembered
    SAME = auto()
    CONTRADICTION = auto()


class EntryHashes:
    """The newest `remembered` entries of each partition of one topic: input offset → hash."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._hashes: dict[int, dict[int, str]] = {}

    def meet(self, partition: int, offset: int, content_hash: str) -> Repetition:
        """Compare the entry with what was seen under its offset; the first one stays."""
        hashes = self._hashes.setdefault(partition, {})
        known = hashes.get(offset)
        if known is not None:
            return Repetition.SAME if known == content_hash else Repetition.CONTRADICTION
        hashes[offset] = content_hash
        if len(hashes) > self._remembered:
            del hashes[next(iter(hashes))]
        return Repetition.NEW


def contradiction_halt(topic: str, partition: int, offset: int, symbol: str) -> HaltMarket:
    """Halts a market over two outputs of one command; the same command from every reader of
    the topic and in every repetition."""
    place = f"{topic}/{partition}, offset {offset}"
    return HaltMarket(
        command_id=market_command_id(symbol, f"contradiction:{topic}:{partition}:{offset}"),
        symbol=symbol,
        reason=f"two engines disagree: {place} was published with two contents",
    )
