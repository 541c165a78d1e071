"""kill -9 of each process with 200 orders in flight: nothing lost, nothing twice, nothing stuck."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

import pytest

from reconciliation.sources import Sources
from stack.platform import Platform
from tests.chaos.aftermath import require_nothing_lost
from tests.chaos.flow import Flow, Told
from tests.chaos.mid_step import (
    MidStep,
    has_open_transaction,
    has_reserved_and_not_answered,
    has_unpublished_output,
    house_rows_held,
    kill_mid_step,
)
from tests.support.trader import Trader

ORDERS = 200
KILL_AFTER = 60  # answers: enough that books, ledger and sagas have something to lose

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def _kill_in_mid_flow(
    platform: Platform,
    sources: Sources,
    flow: Flow,
    name: str,
    is_mid_step: MidStep,
    *,
    held: AbstractAsyncContextManager[None] | None = None,
) -> None:
    """Run the flow; kill the process on the way, start it again, and see what is there.

    `held` is what the process is made to wait for, until it is dead.
    """
    at_the_kill: list[int] = []

    async def seen() -> bool:
        # Noted while the process stands: once a gateway is dead its clients know within no time.
        outstanding = flow.outstanding
        found = await is_mid_step()
        if found:
            at_the_kill.append(outstanding)
        return found

    running = asyncio.create_task(flow.run())
    await flow.until(lambda: flow.count(Told.DONE) >= KILL_AFTER)
    async with held or nullcontext():
        await kill_mid_step(platform, name, seen)
    answered = flow.count(Told.DONE)
    await platform.restart(name)
    await running
    assert at_the_kill[0] > 0
    assert 0 < answered < ORDERS
    platform.servers.processes.check_alive()  # a worker that gave up says why in its log
    found = await require_nothing_lost(flow, sources)
    assert found.orders >= flow.count(Told.DONE)
    assert flow.count(Told.DONE) > ORDERS // 2
    assert flow.count(Told.REFUSED) == 0, flow.of(Told.REFUSED)[0]


async def test_wallet_killed_inside_a_transaction_loses_no_money(
    platform: Platform, sources: Sources, traders: list[Trader]
) -> None:
    login = platform.settings().mysql.wallet
    assert login is not None

    async def in_transaction() -> bool:
        return await has_open_transaction(platform, login.user)

    flow = Flow(traders, ORDERS, 1)
    held = house_rows_held(platform)
    await _kill_in_mid_flow(platform, sources, flow, "wallet", in_transaction, held=held)


@pytest.mark.usefixtures("sagas_in_workers_alone")
async def test_orders_worker_killed_between_reserve_and_answer_forgets_no_order(
    platform: Platform, sources: Sources, traders: list[Trader]
) -> None:
    async def reserved() -> bool:
        return await has_reserved_and_not_answered(sources)

    await _kill_in_mid_flow(platform, sources, Flow(traders, ORDERS, 2), "orders", reserved)


async def test_engine_killed_with_commands_unanswered_repeats_no_trade(
    platform: Platform, sources: Sources, traders: list[Trader]
) -> None:
    async def unpublished() -> bool:
        return await has_unpublished_output(sources)

    await _kill_in_mid_flow(platform, sources, Flow(traders, ORDERS, 3), "matching", unpublished)


async def test_gateway_killed_with_requests_open_leaves_each_order_once_or_never(
    platform: Platform, sources: Sources, traders: list[Trader]
) -> None:
    flow = Flow(traders, ORDERS, 4)

    async def outstanding() -> bool:
        return flow.outstanding >= 8

    await _kill_in_mid_flow(platform, sources, flow, "gateway", outstanding)


async def test_relay_killed_and_restarted_tells_every_saga(
    platform: Platform, sources: Sources, traders: list[Trader]
) -> None:
    flow = Flow(traders, ORDERS, 5)

    async def behind() -> bool:
        facts = await sources.look()
        ends = facts.log.ends["orders.events"]
        return any(end > facts.orders.positions.get(p, 0) for p, end in ends.items())

    await _kill_in_mid_flow(platform, sources, flow, "relay", behind)
