"""Who owns a data directory."""

import fcntl
import os
from pathlib import Path

from stack.credentials import make_private
from stack.errors import AlreadyRunning


class Lock:
    """One owner for each data directory, released by the kernel when the owner dies."""

    def __init__(self, data_dir: Path) -> None:
        path = data_dir / "run" / "up.pid"
        make_private(path.parent)
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise AlreadyRunning(data_dir, owner(data_dir) or 0) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let another have the directory."""
        self._file.truncate(0)
        self._file.close()


def owner(data_dir: Path) -> int | None:
    """The process that holds the data directory, or None. A stale file does not count."""
    path = data_dir / "run" / "up.pid"
    if not path.exists():
        return None
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return int(path.read_text() or 0) or None
    return None
