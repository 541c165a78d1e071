"""`tradeflow down`: asks the platform that is up to stop, and waits until it has."""

import os
import signal
import time

from cli.output import DataDir, console, fail, reports_errors
from stack.lock import owner
from stack.paths import DEFAULT_DATA_DIR

LIMIT_S = 120.0


@reports_errors
def down(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Stop the platform cleanly. Nothing to stop is no error."""
    pid = owner(data_dir)
    if pid is None:
        console.print("TradeFlow is not up.")
        return
    os.kill(pid, signal.SIGTERM)
    with console.status("stopping"):
        deadline = time.monotonic() + LIMIT_S
        while owner(data_dir) is not None:
            if time.monotonic() > deadline:
                raise fail(f"process {pid} has not stopped after {LIMIT_S:.0f} s")
            time.sleep(0.1)  # it is no child of ours to be waited for
    console.print("TradeFlow is down; its data are kept.")
