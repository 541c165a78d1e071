"""How long to wait after an error: what the exchange asks for, and longer each time."""

from typing import Final

from simulator.api import ApiRefused
from simulator.refusals import Reaction

FIRST_S: Final = 0.5
LONGEST_S: Final = 60.0


class Pauses:
    """The pauses of one loop. `forget` after a success."""

    def __init__(self) -> None:
        self._next_s = FIRST_S

    def after(self, refused: ApiRefused) -> float:
        """Seconds to wait now. Raises the refusal itself where waiting would not help."""
        if refused.reaction is Reaction.GIVE_UP:
            raise refused
        grown = self.grow()
        return max(grown, refused.pause_s) if refused.reaction is Reaction.PAUSE else grown

    def grow(self) -> float:
        """Seconds to wait now; the next pause is twice as long."""
        grown, self._next_s = self._next_s, min(self._next_s * 2, LONGEST_S)
        return grown

    def forget(self) -> None:
        """The next pause is a short one again."""
        self._next_s = FIRST_S
