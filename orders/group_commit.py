"""Group commit: what is asked for while a transaction runs waits, and shares the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from adapters.mysql import is_duplicate_key, is_refused_by_data

MAX_GROUP: Final = 64

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupCommit(Generic[Item, Result]):
    """Calls that meet are done together; each gets its own result, or its own error.

    `together` does a whole group in one transaction, in order, and returns a result for each.
    Where the database refuses a row of it, every item is done by `alone`, so that one bad
    item does not spoil its neighbours. Any other error is everybody's.
    """

    def __init__(
        self,
        together: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        alone: Callable[[Item], Awaitable[Result]],
    ) -> None:
        self._together = together
        self._alone = alone
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """The item's result, once its transaction has committed.

        A caller that is cancelled leaves its item in: it may have been done.
        """
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        group: list[tuple[Item, asyncio.Future[Result]]] = []
        try:
            while self._waiting:
                size = min(len(self._waiting), MAX_GROUP)
                group = [self._waiting.popleft() for _ in range(size)]
                await self._do(group)
        finally:  # where this is cancelled, nobody waits for ever
            for _, answer in [*group, *self._waiting]:
                answer.cancel()
            self._waiting.clear()

    async def _do(self, group: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._together([item for item, _ in group])
        except Exception as error:
            if is_duplicate_key(error) or is_refused_by_data(error):
                await self._one_by_one(group)
            else:
                _fail(group, error)
        else:
            for (_, answer), result in zip(group, results, strict=True):
                if not answer.done():
                    answer.set_result(result)

    async def _one_by_one(self, group: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        for item, answer in group:
            try:
                result = await self._alone(item)
            except Exception as error:
                _fail([(item, answer)], error)
            else:
                if not answer.done():
                    answer.set_result(result)


def _fail(group: list[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)
