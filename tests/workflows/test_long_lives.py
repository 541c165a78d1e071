"""An order may rest for weeks: its saga's history stays short, and nothing is lost on the way."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowHandle

from contracts.carried import CarriedOrder
from contracts.orders import OrderOutcome, OrderState, OrderStatus, PlaceOrder, SagaState
from tests.support.orders import cancel_request, place_order, state
from tests.support.temporal import Sagas
from tests.support.waits import until
from workflows.options import SIGNALS_PER_RUN
from workflows.place_order import PlaceOrderWorkflow

Handle = WorkflowHandle[PlaceOrderWorkflow, OrderOutcome]
AT_ONCE = 100


async def opened(sagas: Sagas, lots: int) -> tuple[PlaceOrder, Handle]:
    order = place_order(quantity_lots=lots)
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    _, handle = await sagas.place(order)
    return order, sagas.client.get_workflow_handle_for(PlaceOrderWorkflow.run, handle.id)


def fills(order: PlaceOrder, first: int, last: int, total: int) -> list[OrderState]:
    """The order after its fills number `first` to `last` of `total` equal ones."""
    return [
        state(
            order,
            1 + n,
            OrderStatus.FILLED if n == total else OrderStatus.PARTIALLY_FILLED,
            f"{n / total:.5f}",
            own=False,
        )
        for n in range(first, last + 1)
    ]


async def tell(handle: Handle, states: list[OrderState]) -> None:
    """Signal as the relay does: side by side, in no particular order."""
    for start in range(0, len(states), AT_ONCE):
        await asyncio.gather(
            *(
                handle.signal(PlaceOrderWorkflow.engine_reported, s)
                for s in states[start : start + AT_ONCE]
            )
        )


async def test_order_of_thirty_days_and_five_thousand_fills(sagas: Sagas) -> None:
    days, total = 30, 5_000
    order, handle = await opened(sagas, total)
    started = await sagas.environment.get_current_time()
    first_run = (await handle.describe()).run_id
    done = 0
    for day in range(1, days + 1):
        await sagas.environment.sleep(timedelta(days=1))
        until = total * day // days
        await tell(handle, fills(order, done + 1, until, total))
        done = until

    outcome = await handle.result()

    assert (outcome.status, str(outcome.filled_quantity)) == (OrderStatus.FILLED, "1.00000000")
    assert await sagas.environment.get_current_time() - started >= timedelta(days=days)
    assert sagas.wallet.released_lots == []
    assert len(sagas.orders.finalized) == 1
    last_run = await handle.describe()
    assert last_run.run_id != first_run
    history = await handle.fetch_history()
    assert len(history.events) < 2 * SIGNALS_PER_RUN + 100


async def test_next_run_knows_what_the_last_one_knew(sagas: Sagas) -> None:
    order, handle = await opened(sagas, 100_000)
    first_run = (await handle.describe()).run_id
    total = SIGNALS_PER_RUN + 50
    await tell(handle, fills(order, 1, total - 1, total))

    async def next_run() -> bool:
        return (await handle.describe()).run_id != first_run

    await until(next_run, "the saga goes on in a new run")
    answer = await handle.execute_update(PlaceOrderWorkflow.placed, order)
    assert answer.status is OrderStatus.OPEN

    newest = fills(order, total - 1, total - 1, total)[0]
    sagas.matching.cancel_answers.append(
        state(order, newest.sequence + 1, OrderStatus.CANCELLED, str(newest.filled_quantity))
    )
    cancelled = await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))
    assert cancelled.refusal is None
    assert (await handle.result()).filled_quantity == newest.filled_quantity
    assert sagas.wallet.released_lots == [newest.filled_lots]
    view = await handle.query(PlaceOrderWorkflow.saga)
    assert [step.name for step in view.steps][:3] == ["registered", "funds_reserved", "submitted"]
    assert view.state is SagaState.COMPLETED


@pytest.mark.parametrize("late", [1, 2])
async def test_carried_order_ignores_what_it_knew_already(sagas: Sagas, late: int) -> None:
    order = place_order()
    known = state(order, 3, OrderStatus.PARTIALLY_FILLED, "0.6", own=False)
    carried = CarriedOrder(
        order=order,
        saga_state=SagaState.MATCHING_SUBMITTED,
        steps=(),
        state=known,
        answer=None,
        held_lots=order.quantity_lots,
    )
    handle = await sagas.client.start_workflow(
        PlaceOrderWorkflow.run, carried, id=f"carried-{late}", task_queue=sagas.task_queue
    )
    await handle.signal(
        PlaceOrderWorkflow.engine_reported,
        state(order, late, OrderStatus.PARTIALLY_FILLED, "0.1", own=False),
    )
    sagas.matching.cancel_answers.append(state(order, 4, OrderStatus.CANCELLED, "0.6"))
    await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))
    await handle.result()

    assert sagas.wallet.released_lots == [60_000]
    assert sagas.orders.registered == []
