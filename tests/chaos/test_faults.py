"""Servers that stop or forget, a market that halts, a worker that comes back from the dead."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest

from adapters.redis import create_redis
from config.markets import load_markets
from contracts.topology import ORDERS_INCOMING
from reconciliation.in_flight import in_flight
from reconciliation.sources import Sources
from stack.paths import ROOT
from stack.platform import Platform
from stack.ports import free_port
from stack.process import Command
from tests.chaos.aftermath import require_nothing_lost
from tests.chaos.flow import SYMBOL, Flow, Told
from tests.chaos.mid_step import has_reserved_and_not_answered
from tests.support.trader import Trader, log_in
from tests.support.waits import until, until_empty

ORDERS = 120
MYSQL_STOPPED_S = 10
ZOMBIE = "orders"
SECOND = "orders_second"

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def test_stopped_database_does_not_stop_the_engine(
    platform: Platform, sources: Sources, traders: list[Trader]
) -> None:
    """Orders whose money is reserved and which lie in the log match while MySQL stands still.

    The engine is held until a dozen crossing orders are in its log, then MySQL is stopped and
    the engine let go: whatever it says from then on, it says without the database.
    """
    flow = Flow(traders, ORDERS, 11)
    before = await sources.logs.read()
    decided, trades = sum(before.decided.values()), len(before.trades)
    platform.pause("matching")
    running = asyncio.create_task(flow.run())

    async def enough_in_the_log() -> bool:
        log = await sources.logs.read()
        return sum(log.ends[ORDERS_INCOMING].values()) >= decided + 12

    async def all_matched() -> bool:
        log = await sources.logs.read()
        return sum(log.decided.values()) >= decided + 12 and len(log.trades) > trades

    try:
        await until(enough_in_the_log, "a dozen orders in the log")
        platform.pause("mysql")
        still = asyncio.create_task(asyncio.sleep(MYSQL_STOPPED_S))
        platform.resume("matching")
        await until(all_matched, "trades while MySQL stands still", limit_s=MYSQL_STOPPED_S - 2)
        assert not still.done()
        await still
    finally:
        platform.resume("matching")
        platform.resume("mysql")
        await running
    assert flow.count(Told.DONE) > 0
    await require_nothing_lost(flow, sources)


async def test_redis_emptied_again_and_again_changes_no_answer(
    platform: Platform, sources: Sources, traders: list[Trader], http: httpx.AsyncClient
) -> None:
    flow = Flow(traders, ORDERS, 12)
    redis = create_redis(platform.settings().redis)

    enough = asyncio.Event()

    async def empty() -> None:
        # Told to stop rather than cancelled: a cancel that meets an answer can get lost.
        while not enough.is_set():
            await redis.flushall()
            await asyncio.sleep(0.2)

    emptying = asyncio.create_task(empty())
    try:
        await flow.run()
    finally:
        enough.set()
        await asyncio.gather(emptying, return_exceptions=True)
        await redis.aclose()
    assert flow.count(Told.DONE) == ORDERS
    await require_nothing_lost(flow, sources)

    async def depth_is_the_book() -> bool:
        answer = await http.get("/api/v3/depth", params={"symbol": SYMBOL, "limit": 100})
        return answer.is_success and _levels(answer.json()) == await _book(sources)

    await until(depth_is_the_book, "the displayed book is the engine's again", limit_s=30)


async def test_halt_in_mid_flow_refuses_and_gives_the_money_back(
    platform: Platform, sources: Sources, traders: list[Trader], http: httpx.AsyncClient
) -> None:
    (ops,) = [user for user in platform.users if user.role == "ops"]
    authority = {"Authorization": f"Bearer {await log_in(http, ops.name, ops.password)}"}
    flow = Flow(traders, ORDERS, 13)
    running = asyncio.create_task(flow.run())
    await flow.until(lambda: flow.count(Told.DONE) >= ORDERS // 4)
    halted = await http.post(
        f"/v1/markets/{SYMBOL}/halt", json={"reason": "Drill."}, headers=authority
    )
    try:
        assert halted.status_code == httpx.codes.NO_CONTENT, halted.text
        await running
    finally:
        resumed = await http.post(f"/v1/markets/{SYMBOL}/resume", headers=authority)
    assert resumed.status_code == httpx.codes.NO_CONTENT
    refused = flow.of(Told.REFUSED)
    assert refused
    assert {r.answer["msg"] for r in refused} == {"Market is closed."}
    await require_nothing_lost(flow, sources)
    again = Flow(traders, 4, 14)
    await again.run()
    assert again.count(Told.DONE) == 4
    await require_nothing_lost(again, sources)


@pytest.fixture
async def second_orders_worker(platform: Platform) -> AsyncIterator[None]:
    """Another process that runs sagas."""
    worker = platform.workers[ZOMBIE]
    port = free_port()
    variables = worker.environment(platform.environment())
    variables |= {"TRADEFLOW_HEALTH_PORT": str(port), "PYTHONPATH": str(ROOT)}
    command = Command((sys.executable, "-m", worker.module), variables, cwd=platform.data_dir)
    platform.servers.processes.start(SECOND, command)

    async def answers() -> bool:
        async with httpx.AsyncClient() as client:
            with contextlib.suppress(httpx.HTTPError):
                return (await client.get(f"http://127.0.0.1:{port}/healthz")).is_success
        return False

    await until(answers, "the second orders worker", limit_s=40)
    yield
    await platform.servers.processes.stop(SECOND)


@pytest.mark.usefixtures("sagas_in_workers_alone", "second_orders_worker")
async def test_worker_that_comes_back_after_others_did_its_work_has_no_effect(
    platform: Platform, sources: Sources, traders: list[Trader]
) -> None:
    flow = Flow(traders, ORDERS, 15)
    running = asyncio.create_task(flow.run())
    await flow.until(lambda: flow.count(Told.DONE) >= ORDERS // 4)

    async def holds_an_order() -> bool:
        platform.pause(ZOMBIE)
        if await has_reserved_and_not_answered(sources):
            return True
        platform.resume(ZOMBIE)
        return False

    await until(holds_an_order, "the worker is stopped in the middle of an order")
    try:
        # Everybody else goes on; what the stopped worker had begun, the other finishes. Only
        # what the stopped one holds waits for it: commands to finalize, rows of the outbox.
        await running

        async def undone() -> list[str]:
            moving = in_flight(await sources.look(), load_markets(bench=True))
            return [line for line in moving if "finalized" not in line and "outbox" not in line]

        await until_empty(undone, limit_s=40)
        before = await sources.look()
    finally:
        platform.resume(ZOMBIE)
    await require_nothing_lost(flow, sources)
    after = await sources.look()
    assert set(after.log.trades) == set(before.log.trades)
    assert {i: o.status for i, o in after.orders.orders.items()} == {
        i: o.status for i, o in before.orders.orders.items()
    }


async def _book(sources: Sources) -> dict[str, dict[Decimal, Decimal]]:
    """Side → price → quantity, from the engine."""
    levels: dict[str, dict[Decimal, Decimal]] = {"BUY": {}, "SELL": {}}
    for order in (await sources.look()).book.orders[SYMBOL]:
        price, quantity = Decimal(order.price_ticks) / 100, Decimal(order.remaining_lots) / 100_000
        side = levels[order.side]
        side[price] = side.get(price, Decimal(0)) + quantity
    return levels


def _levels(depth: dict[str, list[list[str]]]) -> dict[str, dict[Decimal, Decimal]]:
    return {
        side: {Decimal(price): Decimal(quantity) for price, quantity in depth[name]}
        for side, name in (("BUY", "bids"), ("SELL", "asks"))
    }
