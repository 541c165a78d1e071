"""Kills the servers of a parent that died without stopping them.

Run as a process of its own. It reads `+PID` and `-PID` lines from a pipe that only the parent
writes to; when the pipe closes and groups are still listed, the parent is gone. A pipe sees any
death of the parent, also SIGKILL, and unlike PR_SET_PDEATHSIG it covers grandchildren, is not
lost when a server changes its user, and does not depend on the thread that started it.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

GRACE_S = 5.0


def watch() -> None:
    """Read registrations until the parent is gone, then end what it left."""
    groups: dict[int, str] = {}
    for line in sys.stdin:
        pid = int(line[1:])
        if line.startswith("+"):
            groups[pid] = started_at(pid)
        else:
            groups.pop(pid, None)
    for sent in (signal.SIGTERM, signal.SIGKILL):
        # A number may have been given to another process meanwhile: compare the birth, too.
        left = [pid for pid, born in groups.items() if born and started_at(pid) in (born, "")]
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGCONT)
                os.killpg(pid, sent)
        if sent is signal.SIGTERM:
            wait_for_end(left)


def wait_for_end(pids: list[int]) -> None:
    """Wait until the group leaders have ended, at most the grace."""
    deadline = time.monotonic() + GRACE_S
    while time.monotonic() < deadline and any(started_at(pid) for pid in pids):
        time.sleep(0.05)


def started_at(pid: int) -> str:
    """The kernel's start time of a process; empty when it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watch()
