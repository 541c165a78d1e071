"""The simulated traders' process: beside the exchange, not part of it.

The exchange neither waits for it nor ends with it: when it dies it is started again, after a
pause that grows as long as it keeps dying young.
"""

import sys
import time
from collections.abc import Callable, Mapping
from typing import Final

from stack.paths import ROOT
from stack.process import Command, Processes
from stack.workers import SIMULATOR

FIRST_PAUSE_S: Final = 2.0
LONGEST_PAUSE_S: Final = 60.0
LIVED_S: Final = 60.0  # one that lived that long has not died young


class Simulator:
    """Starts the process and keeps it running. `clock_s` never goes back."""

    def __init__(self, processes: Processes, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._processes = processes
        self._clock_s = clock_s
        self._variables: Mapping[str, str] = {}
        self._started_s = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._again_s: float | None = None

    def start(self, variables: Mapping[str, str]) -> None:
        """Start it with these settings; it finds its users and its market by itself."""
        self._variables = dict(variables)
        self._again_s = None
        self._started_s = self._clock_s()
        command = (sys.executable, "-m", SIMULATOR.module)
        environment = {**self._variables, "PYTHONPATH": str(ROOT)}
        self._processes.start(SIMULATOR.name, Command(command, environment))

    def keep(self) -> bool:
        """Start it again when it has died and its pause is over; True when that was done.

        Nothing to do where it was never started, or has been stopped.
        """
        child = self._processes.children.get(SIMULATOR.name)
        if child is None or child.status is None:
            return False
        now_s = self._clock_s()
        if self._again_s is None:
            if now_s - self._started_s >= LIVED_S:
                self._pause_s = FIRST_PAUSE_S
            self._again_s = now_s + self._pause_s
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        if now_s < self._again_s:
            return False
        self.start(self._variables)
        return True
