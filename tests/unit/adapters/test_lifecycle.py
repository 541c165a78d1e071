"""A worker that has been told to stop ends, whatever its clients wait for."""

import os
import signal
import subprocess
import sys

WORKER = """
import asyncio, sys
from adapters import lifecycle

lifecycle.STOP_LIMIT_S = 0.3

async def main():
    stop = lifecycle.stop_event()
    try:
        print("ready", flush=True)
        await lifecycle.run_until_stopped(stop, {"work": asyncio.sleep(60)})
    finally:
        await asyncio.sleep(CLOSING_S)

lifecycle.run(main())
"""


def _stopped(closing_s: float) -> int:
    """The exit status of a worker that takes so long to close."""
    script = WORKER.replace("CLOSING_S", str(closing_s))
    with subprocess.Popen((sys.executable, "-c", script), stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n"
        worker.send_signal(signal.SIGTERM)
        return worker.wait(30)


def test_one_that_cannot_close_is_ended() -> None:
    assert _stopped(60) == os.EX_SOFTWARE


def test_one_that_closes_in_time_ends_well() -> None:
    assert _stopped(0) == 0
