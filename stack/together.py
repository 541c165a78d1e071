"""Several things at once, of which the first failure is the one to report."""

import asyncio
from collections.abc import Coroutine, Iterable


async def all_of(work: Iterable[Coroutine[object, object, None]]) -> None:
    """Run all; when one fails cancel the others and raise its error, not a group of errors."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
