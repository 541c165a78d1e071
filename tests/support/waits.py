"""Waiting for a condition, with a deadline and a word about what was waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

POLL_S = 0.05


async def until(condition: Callable[[], Awaitable[bool]], what: str, limit_s: float = 20.0) -> None:
    """Ask again and again until it holds."""
    deadline = time.monotonic() + limit_s
    while not await condition():
        assert time.monotonic() < deadline, f"not within {limit_s} s: {what}"
        await asyncio.sleep(POLL_S)


async def until_empty(remaining: Callable[[], Awaitable[Sequence[str]]], limit_s: float) -> None:
    """Ask again and again until nothing remains; fails with what does."""
    deadline = time.monotonic() + limit_s
    while left := await remaining():
        assert time.monotonic() < deadline, f"after {limit_s} s: {left}"
        await asyncio.sleep(POLL_S)


async def ended(*tasks: "asyncio.Task[object]") -> None:
    """Cancel tasks until they have ended: a cancel that meets an answer can get lost."""
    while waiting := [task for task in tasks if not task.done()]:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=2)
    await asyncio.gather(*tasks, return_exceptions=True)
