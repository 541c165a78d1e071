"""What a fenced engine leaves behind, for a supervisor that starts it again at once.

Two supervisors that each restart their engine would take the partitions from one another as
fast as processes start. Nobody's money suffers, but trading stutters. So an engine that starts
where one was just fenced off waits a little before it claims.
"""

import asyncio
import time
from pathlib import Path
from typing import Final

import structlog

NAME: Final = "fenced"

log = structlog.get_logger()


class FenceMark:
    """A file in the engine's directory; its age is what counts."""

    def __init__(self, directory: Path, pause_s: float) -> None:
        self._path = directory / NAME
        self._pause_s = pause_s

    def leave(self, reason: str) -> None:
        """Say that this engine was fenced off just now, and by whom."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(f"{reason}\n")
        except OSError as error:
            log.warning("matching.no_fence_mark", error=repr(error))

    async def pause(self) -> None:
        """Wait until the mark is `pause_s` old; not at all where there is none."""
        left_s = self._left_s()
        if left_s > 0:
            log.warning("matching.was_fenced", waits_s=round(left_s, 1), mark=str(self._path))
            await asyncio.sleep(left_s)

    def _left_s(self) -> float:
        try:
            age_s = time.time() - self._path.stat().st_mtime
        except OSError:
            return 0.0
        return min(self._pause_s, self._pause_s - age_s)
