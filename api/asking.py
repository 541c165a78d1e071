"""Waiting for a saga's answer: for a bounded time, by a bounded number, and never claiming more.

A request is answered by its saga or not at all: a deadline that passes, a worker that is away
or a connection that breaks all mean that the outcome is unknown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import structlog
from temporalio.client import (
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.errors import OutcomeUnknown, Overloaded

ORDERS_AT_ONCE: Final = 128
TASK_DROPPED: Final = RPCStatusCode.FAILED_PRECONDITION
ASK_AGAIN_PAUSE_S: Final = 0.05

log = structlog.get_logger()
T = TypeVar("T")


class Asking:
    """How long one waits, and how many may."""

    def __init__(self, timeout_s: float, at_once: int) -> None:
        self._timeout_s = timeout_s
        self._at_once = at_once
        self._under_way = 0

    @contextmanager
    def room(self) -> Iterator[None]:
        """A place among the orders that are under way: a queue that grows past what is answered
        in time answers nobody in time.

        Raises:
            Overloaded: as many are under way as may be; nothing was started.
        """
        if self._under_way >= self._at_once:
            raise Overloaded
        self._under_way += 1
        try:
            yield
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
