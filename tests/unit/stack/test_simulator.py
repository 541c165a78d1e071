"""The simulator's process is started again when it dies, and takes nothing down with it."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stack.process import Processes
from stack.simulator import FIRST_PAUSE_S, LIVED_S, LONGEST_PAUSE_S, Simulator
from stack.workers import SIMULATOR
from tests.support.waits import until


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """Whose simulator ends at once: there is no such module."""
    dead = replace(SIMULATOR, module="tests.support.no_such_module")
    monkeypatch.setattr("stack.simulator.SIMULATOR", dead)
    made = Processes(tmp_path)
    yield made
    made.close()


async def ended(processes: Processes) -> None:
    child = processes.children[SIMULATOR.name]

    async def gone() -> bool:
        return child.status is not None

    await until(gone, "the simulator's end")


async def test_it_is_started_again_after_pauses_that_grow(processes: Processes) -> None:
    clock = Clock()
    simulator = Simulator(processes, clock)
    simulator.start({})
    for pause_s in (FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S):
        await ended(processes)
        first = processes.children[SIMULATOR.name].pid
        assert not simulator.keep()
        clock.now_s += pause_s - 0.1
        assert not simulator.keep()
        clock.now_s += 0.2
        assert simulator.keep()
        assert processes.children[SIMULATOR.name].pid != first
    await ended(processes)
    await processes.stop(SIMULATOR.name)


async def test_one_that_lived_long_is_started_again_soon(processes: Processes) -> None:
    clock = Clock()
    simulator = Simulator(processes, clock)
    simulator.start({})
    for _ in range(2):
        await ended(processes)
        simulator.keep()
        clock.now_s += LONGEST_PAUSE_S
        assert simulator.keep()
    await ended(processes)
    clock.now_s += LIVED_S
    assert not simulator.keep()
    clock.now_s += FIRST_PAUSE_S
    assert simulator.keep()
    await ended(processes)
    await processes.stop(SIMULATOR.name)


async def test_its_death_is_no_death_of_the_platforms(processes: Processes) -> None:
    Simulator(processes).start({"PATH": sys.prefix})
    await ended(processes)
    processes.check_alive(but=(SIMULATOR.name,))
    await processes.stop(SIMULATOR.name)


async def test_one_that_was_stopped_or_never_started_stays_so(processes: Processes) -> None:
    simulator = Simulator(processes)
    assert not simulator.keep()
    simulator.start({})
    await processes.stop(SIMULATOR.name)
    assert not simulator.keep()
