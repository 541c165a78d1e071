"""Kills a process in the middle of a step, and proves that it was: stop, look, then kill."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiomysql

from contracts.orders import OrderStatus
from contracts.topology import ORDERS_INCOMING, WALLET_DATABASE
from contracts.wallet import HOUSE_USER_ID
from reconciliation.facts import Facts
from reconciliation.sources import Sources
from stack.platform import Platform

TRY_FOR_S = 20.0
LET_GO_S = 0.02
LONGEST_LET_GO_S = 0.5
LOOKS = 3

MidStep = Callable[[], Awaitable[bool]]


async def kill_mid_step(platform: Platform, name: str, is_mid_step: MidStep) -> None:
    """SIGSTOP the process until it is found with work half done; then SIGKILL."""
    deadline = time.monotonic() + TRY_FOR_S
    let_go_s = LET_GO_S
    while True:
        platform.pause(name)
        # Its partners go on for a moment: what they answer now, it will not take in any more.
        for _ in range(LOOKS):
            if await is_mid_step():
                await platform.kill(name)
                return
            await asyncio.sleep(LET_GO_S)
        platform.resume(name)
        assert time.monotonic() < deadline, f"{name} was never found in the middle of a step"
        # Longer each time: a process that is looked at too often comes to no step at all.
        await asyncio.sleep(let_go_s)
        let_go_s = min(let_go_s * 2, LONGEST_LET_GO_S)


@asynccontextmanager
async def house_rows_held(platform: Platform) -> AsyncIterator[None]:
    """Hold the house's balances, which a settlement writes last: it stands with all else written.

    Without this a transaction is open for a few milliseconds only, and finding one is luck.
    """
    settings = platform.settings().mysql
    assert settings.root is not None
    connection = await aiomysql.connect(
        host=settings.host,
        port=settings.port,
        user=settings.root.user,
        password=settings.root.password.get_secret_value(),
        db=WALLET_DATABASE,
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(
                "SELECT b.amount FROM wallet_balance b JOIN wallet w ON w.wallet_id = b.wallet_id"
                " WHERE w.user_id = %s FOR UPDATE",
                (HOUSE_USER_ID,),
            )
            yield
    finally:
        connection.close()


async def has_open_transaction(platform: Platform, user: str) -> bool:
    """Whether that login has a transaction on the database that is neither done nor undone."""
    settings = platform.settings().mysql
    assert settings.root is not None
    connection = await aiomysql.connect(
        host=settings.host,
        port=settings.port,
        user=settings.root.user,
        password=settings.root.password.get_secret_value(),
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(
                "SELECT COUNT(*) FROM information_schema.innodb_trx t"
                " JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id"
                " WHERE p.user = %s AND t.trx_rows_modified > 0",
                (user,),
            )
            (count,) = await cursor.fetchone()
            return int(count) > 0
    finally:
        connection.close()


async def has_reserved_and_not_answered(sources: Sources) -> bool:
    """Whether an order's money is set aside while nobody has been told of the order."""
    return bool(undecided_with_money(await sources.look()))


async def has_unpublished_output(sources: Sources) -> bool:
    """Whether commands are in the log whose outcome the engine has not published."""
    log = await sources.logs.read()
    return any(
        end > log.decided.get(partition, 0) for partition, end in log.ends[ORDERS_INCOMING].items()
    )


def undecided_with_money(facts: Facts) -> set[int]:
    """Orders between reserve and answer."""
    held = {r.order_id for r in facts.ledger.reservations}
    return {
        order.order_id
        for order in facts.orders.orders.values()
        if order.status is OrderStatus.PENDING_VALIDATION and order.order_id in held
    }
