"""Rule 1 on Temporal's own server: a signal that lands in a running task costs the whole task.

The engine's news come while the saga still waits for its answer, as they do when the relay is
faster than the activity: the order is placed with a relay that reads the record before the
submit returns. With the rule every step of every saga is taken once. The planted relay signals
an own event at once; Temporal then drops the task that would have ended the saga, and each of
its steps is taken again.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from adapters import temporal
from config.markets import load_markets
from config.settings import Settings
from contracts.matching import CancelOrder, EngineEvent, SubmitOrder
from contracts.orders import Fill, OrderOutcome, OrderState, OrderStatus, PlaceOrder
from contracts.topology import order_workflow_id
from orders.relay import OWN_EVENT_PATIENCE_S, Relay
from orders.service import OrderService
from tests.support.engine_events import PARTITION, accepted, batch, cancelled, filled
from tests.support.orders import cancel_request, fill, place_order, state
from tests.support.relays import TellsAtOnce, no_halt, tell_nobody
from tests.support.temporal import Sagas
from workers.relay import SagaSignals
from workflows import attributes
from workflows.place_order import PlaceOrderWorkflow

pytestmark = [pytest.mark.mysql, pytest.mark.temporal]

MARKETS = load_markets()
ORDERS = 4
WHOLE_LOTS = 100_000
# A task that runs out of time is run again too, and a busy machine takes its time.
UNHURRIED = timedelta(seconds=60)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Counted:
    """Passes every call on to a port, and counts them by what they were about."""

    def __init__(self, port: object, calls: Counter[str]) -> None:
        self._port = port
        self._calls = calls

    def __getattr__(self, name: str) -> object:
        method = getattr(self._port, name)

        async def counted(message: object, *more: object) -> object:
            self._calls[f"{name} {type(message).__name__}"] += 1
            return await method(message, *more)

        return counted


class EngineWithAFastRelay:
    """Fills or rests what is submitted; the relay has each record before the answer is given.

    A command that comes again is told the present state, and writes no further event.
    """

    def __init__(self, relay: Relay, orders: dict[int, PlaceOrder], *, fills: bool) -> None:
        self._relay = relay
        self._orders = orders
        self._fills = fills
        self._offsets = count()
        self._told: set[object] = set()

    async def submit(
        self, command: SubmitOrder, timeout_s: float
    ) -> tuple[OrderState, tuple[Fill, ...]]:
        order = self._orders[command.order_id]
        if not self._fills:
            await self._write(command.command_id, accepted(order))
            return state(order, 1, OrderStatus.OPEN), ()
        trade = filled(order, 2, order.order_id, WHOLE_LOTS, WHOLE_LOTS)
        await self._write(command.command_id, accepted(order), trade)
        return state(order, 2, OrderStatus.FILLED, "1"), (fill(order.order_id, "1"),)

    async def cancel(self, command: CancelOrder, timeout_s: float) -> OrderState:
        order = self._orders[command.order_id]
        await self._write(command.command_id, cancelled(order, 2))
        return state(order, 2, OrderStatus.CANCELLED)

    async def _write(self, command_id: object, *events: EngineEvent) -> None:
        if command_id not in self._told:
            self._told.add(command_id)
            offset = next(self._offsets)
            written = batch(events, first_offset=offset)
            await self._relay.take(PARTITION, offset, offset + 1, [written])


@dataclass
class Found:
    """What became of the sagas."""

    calls: Counter[str] = field(default_factory=Counter)
    signals: list[str] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)  # why Temporal dropped a task, each time
    unanswered: int = 0  # cancels that Temporal answered with the loss of their task
    ended: list[OrderStatus] = field(default_factory=list)


@pytest.fixture
async def client(temporal_settings: Settings) -> AsyncIterator[Client]:
    return await temporal.connect(temporal_settings.temporal)


@pytest.fixture
def sagas(client: Client) -> Sagas:
    return Sagas(WorkflowEnvironment.from_client(client))


@dataclass
class House:
    """The parts that stay the same from test to test."""

    sagas: Sagas
    service: OrderService
    engine: AsyncEngine

    async def place(self, kind: type[Relay], *, cancels: bool) -> Found:
        """Run the sagas of some orders to their end, beside this kind of relay."""
        found = Found()
        signals = SagaSignals(self.sagas.client)

        async def signal(workflow_id: str, told: OrderState) -> None:
            found.signals.append(workflow_id)
            await signals(workflow_id, told)

        clock = Clock()
        relay = kind(self.engine, MARKETS, signal, no_halt, tell_nobody, clock_s=clock)
        orders = {o.order_id: o for o in (place_order() for _ in range(ORDERS))}
        partner = EngineWithAFastRelay(relay, orders, fills=not cancels)
        self.sagas.orders = Counted(self.service, found.calls)
        self.sagas.wallet = Counted(self.sagas.wallet, found.calls)
        self.sagas.matching = Counted(partner, found.calls)
        async with self.sagas.worker(), asyncio.timeout(90):
            handles = [await self._start(order) for order in orders.values()]
            if cancels:
                for order, handle in zip(orders.values(), handles, strict=True):
                    await handle.execute_update(PlaceOrderWorkflow.placed, order)
                    await self._cancel(order, handle, found)
            found.ended = [(await handle.result()).status for handle in handles]
            clock.now += OWN_EVENT_PATIENCE_S
            await relay.tell_unanswered()
        for handle in handles:
            found.dropped += await _dropped_tasks(handle)
        return found

    async def _cancel(
        self,
        order: PlaceOrder,
        handle: WorkflowHandle[PlaceOrderWorkflow, OrderOutcome],
        found: Found,
    ) -> None:
        try:
            await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            found.unanswered += 1

    async def _start(self, order: PlaceOrder) -> WorkflowHandle[PlaceOrderWorkflow, OrderOutcome]:
        return await self.sagas.client.start_workflow(
            PlaceOrderWorkflow.run,
            order,
            id=order_workflow_id(order.user_id, order.client_order_id),
            task_queue=self.sagas.task_queue,
            task_timeout=UNHURRIED,
            search_attributes=attributes.at_start(order),
        )


@pytest.fixture
def house(sagas: Sagas, service: OrderService, orders_engine: AsyncEngine) -> House:
    return House(sagas, service, orders_engine)


async def _dropped_tasks(handle: WorkflowHandle[PlaceOrderWorkflow, OrderOutcome]) -> list[int]:
    history = await handle.fetch_history()
    return [
        event.workflow_task_failed_event_attributes.cause
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]


UNHANDLED = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND


async def test_order_that_fills_at_once_takes_each_step_once_and_hears_no_signal(
    house: House,
) -> None:
    found = await house.place(Relay, cancels=False)
    assert found.ended == [OrderStatus.FILLED] * ORDERS
    assert found.calls["submit SubmitOrder"] == ORDERS
    assert set(found.calls.values()) == {ORDERS}, found.calls
    assert found.dropped == []
    assert found.signals == []


async def test_cancelled_order_takes_each_step_once(house: House) -> None:
    found = await house.place(Relay, cancels=True)
    assert found.ended == [OrderStatus.CANCELLED] * ORDERS
    assert found.calls["cancel CancelOrder"] == ORDERS
    assert found.calls["submit SubmitOrder"] == ORDERS
    assert (found.dropped, found.unanswered) == ([], 0)
    # A second after the cancel each is told of its end, in case the saga's memory was dropped.
    assert len(found.signals) == ORDERS


async def test_signal_of_an_own_fill_makes_temporal_take_every_step_again(house: House) -> None:
    found = await house.place(TellsAtOnce, cancels=False)
    assert found.ended == [OrderStatus.FILLED] * ORDERS
    assert set(found.dropped) == {UNHANDLED}
    assert len(found.dropped) >= ORDERS
    for step in ("register PlaceOrder", "ask ReserveFunds", "submit SubmitOrder"):
        assert found.calls[step] >= 2 * ORDERS, found.calls


async def test_signal_of_an_own_cancel_costs_whoever_cancels_the_answer(
    house: House,
) -> None:
    found = await house.place(TellsAtOnce, cancels=True)
    assert found.ended == [OrderStatus.CANCELLED] * ORDERS
    assert set(found.dropped) == {UNHANDLED}
    assert found.unanswered == ORDERS
