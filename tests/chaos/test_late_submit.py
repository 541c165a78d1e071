"""Rule 2: what a worker does that comes back from the dead, after others have ended its order.

A worker stands still between reserve and submit. Its order is cancelled meanwhile by another:
the engine, which has never seen the order, keeps a tombstone, and the money is released. Then
the first worker goes on and submits. Without the tombstone that submit would rest in the book
with no money behind it; the same log, read by an engine that forgets, shows it.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import psutil
import pytest

from config.markets import load_markets
from contracts.matching import (
    CancelRejected,
    EngineCommand,
    OrderRejected,
    SubmitOrder,
)
from contracts.message import decode
from contracts.orders import OrderStatus, Refusal
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING, ORDERS_TASK_QUEUE, order_workflow_id
from matching.engine import Engine
from matching.open_orders import open_orders
from matching.outcome import Outcome
from reconciliation.facts import BookFacts, Facts
from reconciliation.reconcile import check
from reconciliation.sources import Sources
from stack.paths import ROOT
from stack.platform import Platform
from stack.ports import free_port
from stack.process import Command
from tests.chaos.flow import SYMBOL
from tests.chaos.mid_step import undecided_with_money
from tests.support.ledger_checks import require_own_money, require_reconciled
from tests.support.matching_process import read_entries, read_partition
from tests.support.orders import place_order
from tests.support.trader import Trader
from tests.support.waits import until
from workflows import attributes
from workflows.options import TASK_TIMEOUT
from workflows.place_order import PlaceOrderWorkflow

ZOMBIE = "orders_zombie"
MARKET = load_markets()[SYMBOL]

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


class Zombie:
    """An orders worker, alone with all sagas, that stops before its first submit."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def start(self) -> None:
        """Start it; do not wait. An order that nobody takes waits for it."""
        worker = self._platform.workers["orders"]
        variables = worker.environment(self._platform.environment())
        variables |= {"TRADEFLOW_HEALTH_PORT": str(free_port()), "PYTHONPATH": str(ROOT)}
        module = "tests.support.worker_that_stops"
        command = Command((sys.executable, "-m", module), variables, cwd=self._platform.data_dir)
        self._platform.servers.processes.start(ZOMBIE, command)

    async def stands(self) -> bool:
        """Whether it has stopped itself."""
        child = self._platform.servers.processes.children[ZOMBIE]
        child.check_alive()
        return psutil.Process(child.pid).status() == psutil.STATUS_STOPPED

    def go_on(self) -> None:
        self._platform.resume(ZOMBIE)


@pytest.fixture
async def trader(traders: list[Trader]) -> Trader:
    return traders[0]


@pytest.fixture
async def zombie(
    platform: Platform, trader: Trader, sagas_in_workers_alone: None
) -> AsyncIterator[Zombie]:
    """The only process that runs sagas: the orders worker is stopped."""
    await platform.servers.processes.stop("orders")
    made = Zombie(platform)
    made.start()
    yield made
    await platform.kill(ZOMBIE)
    await platform.restart("orders")


class Forgetful(Engine):
    """The planted fault: an engine that keeps no tombstones."""

    def apply(self, command: EngineCommand, offset: int, at_ms: int) -> Outcome:
        outcome = super().apply(command, offset, at_ms)
        self.tombstones.clear()
        return outcome


@pytest.mark.parametrize("saga_version", [1, 2])
async def test_submit_after_the_order_was_buried_by_another_is_refused(
    platform: Platform, sources: Sources, trader: Trader, zombie: Zombie, saga_version: int
) -> None:
    order_id = await _ended_by_another(platform, sources, trader, zombie, saga_version=saga_version)
    assert [type(e) for e in await _heard(platform, order_id)] == [CancelRejected]
    assert await _submits(platform, order_id) == 0

    rejected = await _late_answer(platform, zombie, order_id)

    assert isinstance(rejected, OrderRejected)
    assert rejected.refusal is Refusal.TOMBSTONED
    facts = await _require_no_effect(sources, trader, order_id)
    await _require_that_a_forgetful_engine_is_caught(platform, facts, order_id)


async def _ended_by_another(
    platform: Platform, sources: Sources, trader: Trader, zombie: Zombie, *, saga_version: int
) -> int:
    """An order whose worker stands before its submit, and which another has cancelled; its id."""
    order = place_order(
        user_id=trader.user_id,
        client_order_id=f"late-{saga_version}",
        saga_version=saga_version,
        accepted_at_ms=time.time_ns() // 1_000_000,
    )
    await sources.temporal.start_workflow(
        PlaceOrderWorkflow.run,
        order,
        id=order_workflow_id(order.user_id, order.client_order_id),
        task_queue=ORDERS_TASK_QUEUE,
        task_timeout=TASK_TIMEOUT,
        search_attributes=attributes.at_start(order),
    )
    await until(zombie.stands, "the worker stands before its submit", limit_s=40)
    assert undecided_with_money(await sources.look()) == {order.order_id}
    assert await _submits(platform, order.order_id) == 0

    cancelling = asyncio.create_task(trader.cancel(SYMBOL, order.client_order_id))
    await asyncio.sleep(1)  # so that the wish is there when the other worker takes the order
    await platform.restart("orders")

    async def ended() -> bool:
        # Not that its row is final: the stopped worker may hold the command to make it so.
        facts = await sources.look()
        return order.order_id not in facts.running_sagas and not _held(facts)

    await until(ended, "another has ended the order", limit_s=90)
    await cancelling
    return order.order_id


async def _late_answer(platform: Platform, zombie: Zombie, order_id: int) -> object:
    """What the engine says to the submit of the worker that comes back."""
    before = len(await _heard(platform, order_id))
    zombie.go_on()

    async def decided() -> bool:
        return len(await _heard(platform, order_id)) > before

    await until(decided, "the engine has decided the late submit", limit_s=40)
    return (await _heard(platform, order_id))[before]


async def _require_no_effect(sources: Sources, trader: Trader, order_id: int) -> Facts:
    """No order in the book, no money held, and all parts of the exchange agree."""
    await require_reconciled(sources)
    facts = await sources.look()
    assert facts.orders.orders[order_id].status is OrderStatus.CANCELLED
    assert not _held(facts)
    assert order_id not in _in_book(facts)
    await require_own_money(trader, SYMBOL)
    return facts


async def _require_that_a_forgetful_engine_is_caught(
    platform: Platform, facts: Facts, order_id: int
) -> None:
    """The very log that was refused above: without tombstones its submit is in the book.

    Read up to that submit: what the worker sends after it would take the order back.
    """
    markets = load_markets()
    remembering = replace(facts, book=await _book_of(platform, facts, Engine(), order_id))
    assert check(remembering, markets) == []
    forgetting = replace(facts, book=await _book_of(platform, facts, Forgetful(), order_id))
    assert order_id in _in_book(forgetting)
    found = check(forgetting, markets)
    assert any(str(order_id) in f"{one.subject} {one.detail}" for one in found), found


def _held(facts: Facts) -> list[object]:
    return list(facts.ledger.reservations)


def _in_book(facts: Facts) -> set[int]:
    return {order.order_id for orders in facts.book.orders.values() for order in orders}


async def _commands(platform: Platform) -> list[tuple[int, int, EngineCommand]]:
    """(offset, log time, command) of the market's partition."""
    records = await read_partition(platform.settings(), ORDERS_INCOMING, MARKET.partition)
    return [(r.offset, r.timestamp, decode(r.value, EngineCommand)) for r in records]


async def _submits(platform: Platform, order_id: int) -> int:
    return sum(
        isinstance(command, SubmitOrder) and command.order_id == order_id
        for _, _, command in await _commands(platform)
    )


async def _heard(platform: Platform, order_id: int) -> list[object]:
    """What the engine has said of the order, in order."""
    entries = await read_entries(platform.settings(), ORDERS_EVENTS, MARKET.partition)
    return [e for entry in entries for e in entry.events if getattr(e, "order_id", 0) == order_id]


async def _book_of(platform: Platform, facts: Facts, engine: Engine, order_id: int) -> BookFacts:
    """What an engine makes of the market's log up to the submit of that order."""
    for offset, at_ms, command in await _commands(platform):
        engine.apply(command, offset, at_ms)
        if isinstance(command, SubmitOrder) and command.order_id == order_id:
            break
    found = open_orders({MARKET.partition: engine})
    return BookFacts(
        orders=facts.book.orders | found.orders,
        next_offsets=facts.book.next_offsets | found.next_offsets,
    )
