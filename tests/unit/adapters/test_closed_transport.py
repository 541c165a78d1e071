"""A write to a connection that is gone is a RuntimeError under uvloop: no process may die of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters import mysql

GONE = RuntimeError(
    "unable to perform operation on <TCPTransport closed=True reading=False 0x1>;"
    " the handler is closed"
)


class FakeEngine:
    """Hands out connections, the first `lost` of which are gone when they are used."""

    def __init__(self, lost: int, *, in_commit: bool = False) -> None:
        self._lost = lost
        self._in_commit = in_commit
        self.runs = 0

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Any]:
        self.runs += 1
        yield self

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        if self.runs <= self._lost and not self._in_commit:
            raise GONE
        yield self

    async def commit(self) -> None:
        if self.runs <= self._lost and self._in_commit:
            raise GONE


async def work(_: object) -> str:
    return "done"


async def test_a_lost_connection_is_replaced_once() -> None:
    engine = FakeEngine(lost=1)
    assert await mysql.in_transaction(engine, work) == "done"  # type: ignore[arg-type]
    assert engine.runs == 2


async def test_one_that_is_lost_again_is_an_error_that_callers_wait_out() -> None:
    engine = FakeEngine(lost=9)
    with pytest.raises(OSError, match="handler is closed"):
        await mysql.in_transaction(engine, work)  # type: ignore[arg-type]
    assert engine.runs == 2


async def test_one_that_is_lost_in_the_commit_is_not_tried_again() -> None:
    engine = FakeEngine(lost=1, in_commit=True)
    with pytest.raises(ConnectionResetError):
        await mysql.in_transaction(engine, work)  # type: ignore[arg-type]
    assert engine.runs == 1


async def test_a_cancel_stays_a_cancel_whatever_the_roll_back_raises() -> None:
    class Cancelled(FakeEngine):
        @asynccontextmanager
        async def begin(self) -> AsyncIterator[Any]:
            try:
                yield self
            except asyncio.CancelledError:
                raise GONE from None  # the driver has closed what was interrupted

    waits = asyncio.Event()

    async def waiting(_: object) -> None:
        waits.set()
        await asyncio.Event().wait()

    engine = Cancelled(lost=0)
    task = asyncio.create_task(mysql.in_transaction(engine, waiting))  # type: ignore[arg-type]
    await waits.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_other_errors_are_not_taken_for_it() -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError, match="a defect"):
        await mysql.in_transaction(FakeEngine(lost=0), broken)  # type: ignore[arg-type]
