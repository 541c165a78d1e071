"""Waiting for a saga's answer: for a bounded time, by a bounded number, and never claiming more.

A request is answered by its saga or not at all: a deadline that passes, a worker that is away
or a connection that breaks all mean that the outcome is unknown.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import structlog
from temporalio.client import (
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.errors import OutcomeUnknown, Overloaded

AT_WORK: Final = 16
WAITING: Final = 128
WAIT_S: Final = 3.0
HOLD_S: Final = 2.0
TASK_DROPPED: Final = RPCStatusCode.FAILED_PRECONDITION
ASK_AGAIN_PAUSE_S: Final = 0.05

log = structlog.get_logger()
T = TypeVar("T")


class _Place:
    """A place at work, given on once, by whoever comes first: its order's end or the timer."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._mine = True

    def give_on(self) -> None:
        if self._mine:
            self._mine = False
            self._places.release()


class Asking:
    """How long one waits, and how many may.

    More than `at_work` sagas at once would not be faster together, only slower each, until
    their workflow tasks time out and are done again: the rest wait here, where waiting costs
    nothing, and nothing has happened yet.
    """

    def __init__(self, timeout_s: float, *, at_work: int, waiting: int) -> None:
        self._timeout_s = timeout_s
        self._at_work = asyncio.Semaphore(at_work)
        self._most = at_work + waiting
        self._under_way = 0

    @asynccontextmanager
    async def room(self) -> AsyncIterator[None]:
        """A place at work. It is given on after `HOLD_S`, whatever its order still waits for:
        one that a silent partner keeps must not keep the others.

        Raises:
            Overloaded: too many wait already, or this one waited too long; nothing was started.
        """
        if self._under_way >= self._most:
            raise Overloaded
        self._under_way += 1
        try:
            try:
                async with asyncio.timeout(WAIT_S):
                    await self._at_work.acquire()
            except TimeoutError:
                raise Overloaded from None
            place = _Place(self._at_work)
            timer = asyncio.get_running_loop().call_later(HOLD_S, place.give_on)
            try:
                yield
            finally:
                timer.cancel()
                place.give_on()
        finally:
            self._under_way -= 1

    async def answer(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer, or OutcomeUnknown.

        A signal that lands while a workflow task closes makes Temporal drop the task and the
        update that it carried: the update is asked for again, under the same id. Where the
        workflow is gone by then, nobody can tell whether this update ended it.

        Raises:
            OutcomeUnknown: nobody can say now whether the request had its effect.
        """
        again = False
        try:
            async with asyncio.timeout(self._timeout_s):
                while True:
                    try:
                        return await ask()
                    except RPCError as error:
                        if error.status is not TASK_DROPPED:
                            raise
                        again = True
                        log.info("saga.asked_again", error=str(error))
                        await asyncio.sleep(ASK_AGAIN_PAUSE_S)
        except (
            TimeoutError,
            WorkflowUpdateRPCTimeoutOrCancelledError,
            WorkflowUpdateFailedError,
            WorkflowAlreadyStartedError,
        ) as error:
            log.warning("saga.unknown", error=repr(error))
            raise OutcomeUnknown from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND and not again:
                raise
            log.warning("saga.unknown", error=repr(error))
            raise OutcomeUnknown from error
