"""One event on its way to many clients, serialised once for each way of writing it."""

from collections.abc import Callable
from typing import Final

from api.stream.names import merges


class Frame:
    """An event of one stream.

    `name` is the stream's, `payload` the JSON text of the bare event. `merges` says that a newer
    frame of the stream makes this one worthless, so that a slow client may miss it.
    """

    __slots__ = ("_rendered", "merges", "name", "payload")

    def __init__(self, name: str, payload: str) -> None:
        self.name: Final = name
        self.payload: Final = payload
        self.merges: Final = merges(name)
        self._rendered: dict[str, str] = {}

    def rendered(self, kind: str, render: "Callable[[Frame], str]") -> str:
        """What `render` makes of this frame; the same text for all who ask for this `kind`."""
        text = self._rendered.get(kind)
        if text is None:
            text = self._rendered[kind] = render(self)
        return text
