"""What to do about an answer that is not a success. The table is the whole policy.

Codes are Binance's (errors.md of its API documents); a code stands above its HTTP status.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

PAUSE_S: Final = 10.0  # where the answer does not say how long
BAN_PAUSE_S: Final = 120.0


class Reaction(StrEnum):
    """DROP: refused, nothing happened, the next decision will know better. PAUSE: nothing
    happened, wait before anything else. CLOSED: the market is halted, look again later, and
    later each time. ASK: it may have happened, find out. SYNC: the clocks differ, ask for the
    time. GIVE_UP: the key does not hold, nothing will work with it."""

    DROP = "drop"
    PAUSE = "pause"
    CLOSED = "closed"
    ASK = "ask"
    SYNC = "sync"
    GIVE_UP = "give_up"


BY_CODE: Final[Mapping[int, Reaction]] = {
    -1003: Reaction.PAUSE,  # too much request weight
    -1006: Reaction.ASK,  # unexpected answer, execution status unknown
    -1007: Reaction.ASK,  # timeout, execution status unknown
    -1008: Reaction.PAUSE,  # overloaded
    -1015: Reaction.PAUSE,  # too many orders
    -1021: Reaction.SYNC,  # timestamp outside of the recvWindow
    -1022: Reaction.GIVE_UP,  # signature
    -2014: Reaction.GIVE_UP,  # key format
    -2015: Reaction.GIVE_UP,  # key, address or permissions
}


MARKET_CLOSED: Final = "Market is closed"  # of the many texts of -2010, which has no other code


def reaction_to(status: int, code: int | None, text: str = "") -> Reaction:
    """What an error of this HTTP status, code and text calls for."""
    if MARKET_CLOSED in text:
        return Reaction.CLOSED
    known = BY_CODE.get(code) if code is not None else None
    if known is not None:
        return known
    if status in {418, 429}:
        return Reaction.PAUSE
    return Reaction.ASK if status >= 500 else Reaction.DROP


def pause_s(status: int, retry_after: str | None) -> float:
    """Seconds to wait: what `Retry-After` says, or else long enough for the status."""
    if retry_after is not None and retry_after.isdecimal():
        return float(min(int(retry_after), 86_400))
    return BAN_PAUSE_S if status == 418 else PAUSE_S
