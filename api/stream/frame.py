"""One event on its way to many clients, serialised once for each way of writing it."""

from collections.abc import Callable
from typing import Final

from api.stream.names import TRADES, is_fact
from contracts.streams import tells_state


class Frame:
    """An event of one stream.

    `name` is the stream's, `payload` the JSON text of the bare event. `supersedes` says that it
    makes older states of its stream worthless; a state itself may be missed by a slow client, a
    `fact` never. A candle that is over is both: nothing stands for it, and it stands for what
    was told while it formed. `is_one_of_many` says that frames like it come one by one and in
    numbers, as trades do.
    """

    __slots__ = ("_rendered", "fact", "is_one_of_many", "name", "payload", "supersedes")

    def __init__(self, name: str, payload: str) -> None:
        self.name: Final = name
        self.payload: Final = payload
        self.supersedes: Final = tells_state(name)
        self.fact: Final = is_fact(name, payload)
        self.is_one_of_many: Final = name.endswith(TRADES)
        self._rendered: dict[str, str] = {}

    def rendered(self, kind: str, render: "Callable[[Frame], str]") -> str:
        """What `render` makes of this frame; the same text for all who ask for this `kind`."""
        text = self._rendered.get(kind)
        if text is None:
            text = self._rendered[kind] = render(self)
        return text
