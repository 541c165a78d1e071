"""The MySQL adapter against the real server: isolation, retries, exact amounts."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters import mysql
from config.settings import Settings
from contracts.amounts import Amount
from contracts.topology import ORDERS_DATABASE

pytestmark = pytest.mark.mysql


@pytest.fixture
async def engine(databases: Settings) -> AsyncIterator[AsyncEngine]:
    """A table of two rows, made as root; used as root, since services may not create."""
    assert databases.mysql.root is not None
    made = mysql.create_engine(databases.mysql, databases.mysql.root, ORDERS_DATABASE)
    async with made.begin() as connection:
        await connection.execute(
            text("CREATE TABLE probe (id INT PRIMARY KEY, amount DECIMAL(20,8))")
        )
        await connection.execute(text("INSERT INTO probe VALUES (1, 0), (2, 0)"))
    yield made
    await made.dispose()


async def test_isolation_is_read_committed(engine: AsyncEngine) -> None:
    async with engine.connect() as reader, engine.connect() as writer:
        before = await reader.scalar(text("SELECT amount FROM probe WHERE id = 1"))
        await writer.execute(text("UPDATE probe SET amount = 5 WHERE id = 1"))
        unseen = await reader.scalar(text("SELECT amount FROM probe WHERE id = 1"))
        await writer.commit()
        seen = await reader.scalar(text("SELECT amount FROM probe WHERE id = 1"))

    assert (before, unseen, seen) == (0, 0, 5)


async def test_deadlocked_transaction_runs_again_and_both_take_effect(
    engine: AsyncEngine,
) -> None:
    both_hold = asyncio.Barrier(2)
    runs: list[int] = []

    async def add_to_both(first: int, second: int) -> None:
        async def work(connection: AsyncConnection) -> None:
            runs.append(first)
            add = text("UPDATE probe SET amount = amount + 1 WHERE id = :id")
            await connection.execute(add, {"id": first})
            if len(runs) <= 2:
                await both_hold.wait()
            await connection.execute(add, {"id": second})

        await mysql.in_transaction(engine, work)

    await asyncio.gather(add_to_both(1, 2), add_to_both(2, 1))

    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT amount FROM probe ORDER BY id"))).scalars()
        assert list(rows) == [2, 2]
    assert len(runs) == 3


async def test_failed_transaction_leaves_nothing_and_is_not_repeated(
    engine: AsyncEngine,
) -> None:
    runs = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal runs
        runs += 1
        await connection.execute(text("UPDATE probe SET amount = 9 WHERE id = 1"))
        await connection.execute(text("INSERT INTO probe VALUES (1, 0)"))

    with pytest.raises(DBAPIError):
        await mysql.in_transaction(engine, work)

    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT amount FROM probe WHERE id = 1")) == 0
    assert runs == 1


async def test_arithmetic_on_amounts_is_exact(engine: AsyncEngine) -> None:
    great, small = Amount("123456789012.12345678"), Amount("0.00000001")
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE probe SET amount = :great WHERE id = 1"), {"great": great}
        )
        await connection.execute(
            text("UPDATE probe SET amount = amount + :small WHERE id = 1"), {"small": small}
        )
        found = await connection.scalar(text("SELECT amount FROM probe WHERE id = 1"))

    assert found == Decimal("123456789012.12345679")


async def _kill(engine: AsyncEngine, connection: AsyncConnection) -> None:
    """End a connection on the server, as a restart of it would."""
    number = await connection.scalar(text("SELECT CONNECTION_ID()"))
    async with engine.connect() as other:
        await other.execute(text(f"KILL {int(number or 0)}"))


async def test_connection_lost_before_the_commit_is_replaced_once(engine: AsyncEngine) -> None:
    runs = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal runs
        runs += 1
        await connection.execute(text("UPDATE probe SET amount = amount + 1 WHERE id = 1"))
        if runs == 1:
            await _kill(engine, connection)
        await connection.execute(text("UPDATE probe SET amount = amount + 1 WHERE id = 2"))

    await mysql.in_transaction(engine, work)

    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT amount FROM probe ORDER BY id"))).scalars()
        assert list(rows) == [1, 1]
    assert runs == 2


async def test_server_that_goes_on_losing_connections_is_an_error(engine: AsyncEngine) -> None:
    runs = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal runs
        runs += 1
        await _kill(engine, connection)
        await connection.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError):
        await mysql.in_transaction(engine, work)
    assert runs == 2


async def test_connection_lost_in_the_commit_is_not_tried_again(engine: AsyncEngine) -> None:
    """Nobody can tell whether the server has committed: the caller must know, and look."""
    runs = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal runs
        runs += 1
        await connection.execute(text("UPDATE probe SET amount = amount + 1 WHERE id = 1"))
        await _kill(engine, connection)

    with pytest.raises(DBAPIError) as lost:
        await mysql.in_transaction(engine, work)
    assert lost.value.connection_invalidated
    assert runs == 1


async def test_idle_connection_that_died_is_replaced_before_it_is_used(
    engine: AsyncEngine, databases: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mysql, "PING_AFTER_S", -1.0)
    async with engine.connect() as one, engine.connect() as two:
        numbers = [await c.scalar(text("SELECT CONNECTION_ID()")) for c in (one, two)]
    assert databases.mysql.root is not None
    other = mysql.create_engine(databases.mysql, databases.mysql.root, ORDERS_DATABASE)
    async with other.connect() as connection:
        for number in numbers:
            await connection.execute(text(f"KILL {int(number or 0)}"))
    await other.dispose()
    async with engine.connect() as one, engine.connect() as two:
        after = [await c.scalar(text("SELECT CONNECTION_ID()")) for c in (one, two)]
    assert not set(after) & set(numbers)
