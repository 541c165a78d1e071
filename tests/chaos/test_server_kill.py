"""kill -9 of each server under load: what stands behind the exchange may die as well."""

import asyncio
import random

import pytest

from reconciliation.sources import Sources
from stack.platform import Platform
from tests.chaos.aftermath import require_nothing_lost
from tests.chaos.flow import Flow, Told
from tests.support.trader import Trader

ORDERS = 120
SERVERS = ("mysql", "rabbitmq", "kafka", "redis", "mongo", "temporal")
WORKERS = ("wallet", "orders", "matching", "relay", "gateway", "market_data", "audit")
CYCLES = 20
WITHIN_S = 3.0
ATTEMPTS = 3

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def _kill_at_some_moment(
    platform: Platform, sources: Sources, flow: Flow, names: tuple[str, ...], after_s: float
) -> None:
    """All of them at once, at a moment that nobody chose; then back in the order given."""
    running = asyncio.create_task(flow.run())
    try:
        await flow.until(lambda: flow.count(Told.DONE) >= ORDERS // 6)
        await asyncio.sleep(after_s)
        await asyncio.gather(*(platform.kill(name) for name in names))
        assert 0 < flow.count(Told.DONE) < ORDERS
        for name in names:
            await platform.restart(name)
    finally:
        await running
    platform.servers.processes.check_alive()  # a worker that gave up says why in its log
    await require_nothing_lost(flow, sources)
    await _require_open(flow, sources)


async def _require_open(flow: Flow, sources: Sources) -> None:
    """The exchange takes orders. A disk that is slow for seconds may leave some of them unknown,
    which loses nothing either: then others must go through."""
    for attempt in range(ATTEMPTS):
        again = Flow(flow.traders, 8, 1, prefix=f"{flow.name}-after-{attempt}-")
        await again.run()
        answers = [r.answer for r in again.requests]
        all_taken = again.count(Told.DONE) == len(answers)
        assert again.count(Told.REFUSED) == 0, answers
        await require_nothing_lost(again, sources)
        if all_taken:
            return
    pytest.fail(f"not all were taken, {ATTEMPTS} times over; the last time: {answers}")


@pytest.mark.parametrize("name", SERVERS)
async def test_server_killed_under_load_loses_nothing_and_comes_back(
    platform: Platform, sources: Sources, traders: list[Trader], name: str
) -> None:
    flow = Flow(traders, ORDERS, 31, prefix=f"{name}-", insisting=0.5)
    await _kill_at_some_moment(platform, sources, flow, (name,), 0.2)


@pytest.mark.long
@pytest.mark.parametrize("cycle", range(CYCLES))
async def test_two_processes_killed_at_once_lose_nothing(
    platform: Platform, sources: Sources, traders: list[Trader], cycle: int
) -> None:
    chance = random.Random(cycle)  # noqa: S311 - which processes die, and when
    names = tuple(sorted(chance.sample((*SERVERS, *WORKERS), 2), key=(*SERVERS, *WORKERS).index))
    flow = Flow(traders, ORDERS, 1_000 + cycle, insisting=0.5)
    await _kill_at_some_moment(platform, sources, flow, names, chance.uniform(0, WITHIN_S / 3))
