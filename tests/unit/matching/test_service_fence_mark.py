"""An engine that starts where one was just fenced off waits; any other does not."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from matching import fence_mark as module
from matching.fence_mark import NAME, FenceMark
from tests.support.fake_command_log import NO_DISK


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each pause was meant to be."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    return found


async def test_who_was_not_fenced_does_not_wait(tmp_path: Path, slept: list[float]) -> None:
    await FenceMark(tmp_path / "matching", 10).pause()

    assert slept == []


async def test_who_was_fenced_just_now_waits(tmp_path: Path, slept: list[float]) -> None:
    mark = FenceMark(tmp_path / "matching", 1_000)
    mark.leave("engine 2 claimed partition 3")

    await mark.pause()

    (seconds,) = slept
    assert 0 < seconds <= 1_000
    assert "engine 2" in (tmp_path / "matching" / NAME).read_text()


@pytest.mark.parametrize(("age_s", "waits"), [(900, True), (1_001, False), (-10_000, True)])
async def test_the_marks_age_counts_and_a_clock_that_was_set_back_does_no_harm(
    tmp_path: Path, slept: list[float], age_s: int, waits: bool
) -> None:
    mark = FenceMark(tmp_path, 1_000)
    mark.leave("somebody")
    written = time.time() - age_s
    os.utime(tmp_path / NAME, (written, written))

    await mark.pause()

    assert bool(slept) is waits
    assert all(seconds <= 1_000 for seconds in slept)


async def test_a_disk_that_cannot_be_written_keeps_nobody_from_stepping_down(
    slept: list[float],
) -> None:
    mark = FenceMark(NO_DISK, 1_000)

    mark.leave("somebody")
    await mark.pause()

    assert slept == []


async def test_a_pause_ends_with_the_process(tmp_path: Path) -> None:
    mark = FenceMark(tmp_path, 1_000)
    mark.leave("somebody")
    waiting = asyncio.create_task(mark.pause())
    await asyncio.sleep(0)

    waiting.cancel()

    assert await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
