"""What a client asks for by the header `merge`: fewer and fuller messages. Pure."""

import re
from typing import Final

from api.stream.stomp_frames import StompError

WITHIN_MAX_MS: Final = 1_000
_HEADER: Final = re.compile(r"[0-9]{1,4}")


class Merging:
    """How long a frame may wait for others to go out with."""

    def __init__(self) -> None:
        self.within_s = 0.0

    def agree(self, header: str | None) -> int:
        """Take the client's `merge` in ms; without it: not at all. Returns what was agreed.

        Raises:
            StompError: no whole number of at most WITHIN_MAX_MS.
        """
        text = header or "0"
        if not _HEADER.fullmatch(text) or int(text) > WITHIN_MAX_MS:
            raise StompError(
                "Malformed merge", f"Write whole milliseconds, {WITHIN_MAX_MS} at most: merge:50."
            )
        self.within_s = int(text) / 1000
        return int(text)
