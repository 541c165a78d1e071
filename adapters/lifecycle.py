"""How a worker lives: run its tasks together, stop on SIGTERM, fail when one of them fails."""

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Coroutine
from typing import Any, Final

import structlog
import uvloop

COLLECT_AFTER: Final = (20_000, 20, 20)  # new objects; young, middle collections
CANCEL_AGAIN_S: Final = 7.0  # more than what a task may take to finish its work

STOP_LIMIT_S: Final = 30.0  # a client that waits for its dead server must not keep a worker alive

log = structlog.get_logger()


class TaskEnded(RuntimeError):
    """A task that should run as long as its worker has returned."""


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run a worker's main coroutine on uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


def stop_event() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def run_until_stopped(
    stop: asyncio.Event, tasks: dict[str, Coroutine[Any, Any, None]]
) -> None:
    """Run all tasks until `stop` is set, then cancel them, last one first.

    Raises:
        TaskEnded: a task returned by itself.
        Exception: whatever a task raised; the worker must not go on without it.
    """
    _settle_memory()
    running = {name: asyncio.create_task(task, name=name) for name, task in tasks.items()}
    waiter = asyncio.create_task(stop.wait(), name="stop")
    try:
        done, _ = await asyncio.wait(
            [waiter, *running.values()], return_when=asyncio.FIRST_COMPLETED
        )
        for task in done - {waiter}:
            log.critical("worker.task_ended", task=task.get_name(), error=repr(task.exception()))
            if error := task.exception():
                raise error
            raise TaskEnded(task.get_name())
    finally:
        _end_within(STOP_LIMIT_S)
        waiter.cancel()
        await _cancel(list(reversed(running.values())))


def _settle_memory() -> None:
    """What start-up has built lives as long as the process: the collector need not walk through
    it again and again, nor look as often as its defaults say for what asyncio leaves behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _end_within(limit_s: float) -> None:
    """What is not closed by then is left to the kernel: the process ends."""

    def end() -> None:
        log.critical("worker.stop_took_too_long", limit_s=limit_s)
        os._exit(os.EX_SOFTWARE)

    timer = threading.Timer(limit_s, end)
    timer.daemon = True  # it does not keep alive what has ended by itself
    timer.start()


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: a cancel that meets an answer can get lost on its way."""
    while waiting := [task for task in tasks if not task.done()]:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=CANCEL_AGAIN_S)
