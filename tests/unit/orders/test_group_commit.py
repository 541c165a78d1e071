"""Group commit: who meets is done together, and nobody pays for another's mistake."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from orders.group_commit import MAX_GROUP, GroupCommit

DUPLICATE = IntegrityError("INSERT", {}, Exception(1062, "duplicate"))
AWAY = OperationalError("INSERT", {}, Exception(2003, "no server"))


class Database:
    """Doubles numbers; a group runs until it is let through."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.alone_with: list[int] = []
        self.open = asyncio.Event()
        self.open.set()
        self.error: Exception | None = None

    async def together(self, items: Sequence[int]) -> list[int]:
        self.groups.append(list(items))
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return [item * 2 for item in items]

    async def alone(self, item: int) -> int:
        self.alone_with.append(item)
        if item == 13:
            raise DUPLICATE
        return item * 2


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def group(database: Database) -> GroupCommit[int, int]:
    return GroupCommit(database.together, database.alone)


async def test_calls_that_meet_share_the_next_transaction(
    database: Database, group: GroupCommit[int, int]
) -> None:
    database.open.clear()
    first = asyncio.create_task(group(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(group(n)) for n in (2, 3)]
    await asyncio.sleep(0)
    database.open.set()
    assert [await task for task in (first, *others)] == [2, 4, 6]
    assert database.groups == [[1], [2, 3]]
    assert await group(4) == 8, "the worker that has ended is followed by another"


async def test_group_is_bounded(database: Database, group: GroupCommit[int, int]) -> None:
    await asyncio.gather(*(group(n) for n in range(MAX_GROUP + 1)))
    assert [len(items) for items in database.groups] == [MAX_GROUP, 1]


async def test_row_that_is_refused_spoils_only_itself(
    database: Database, group: GroupCommit[int, int]
) -> None:
    database.error = DUPLICATE
    answers = await asyncio.gather(*(group(n) for n in (12, 13, 14)), return_exceptions=True)
    assert answers == [24, DUPLICATE, 28]
    assert database.alone_with == [12, 13, 14]


@pytest.mark.parametrize("error", [AWAY, ConnectionError("lost"), TimeoutError("pool")])
async def test_database_that_is_away_is_everybodys_error(
    database: Database, group: GroupCommit[int, int], error: Exception
) -> None:
    database.error = error
    answers = await asyncio.gather(group(1), group(2), return_exceptions=True)
    assert answers == [error, error]
    assert database.alone_with == []
    database.error = None
    assert await group(3) == 6


async def test_caller_that_gives_up_leaves_the_others_their_results(
    database: Database, group: GroupCommit[int, int]
) -> None:
    database.open.clear()
    leaving, staying = asyncio.create_task(group(1)), asyncio.create_task(group(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    database.open.set()
    assert await staying == 4
    assert leaving.cancelled()
    assert database.groups == [[1, 2]]


async def test_worker_that_is_cancelled_leaves_nobody_waiting(
    database: Database, group: GroupCommit[int, int]
) -> None:
    database.open.clear()
    others = asyncio.all_tasks()  # this one, and what the session runs beside it
    calls = [asyncio.create_task(group(1))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    calls.append(asyncio.create_task(group(2)))
    await asyncio.sleep(0)
    (worker,) = asyncio.all_tasks() - others - {*calls}
    worker.cancel()
    await asyncio.wait(calls)
    assert [call.cancelled() for call in calls] == [True, True]
    database.open.set()
    assert await group(3) == 6
