"""A cancel that is there before the saga's first task: whatever the saga has sent, it takes back.

So it is when a worker died or stands still with the first task, and another takes it over.
"""

import asyncio

import pytest
from temporalio.testing import WorkflowEnvironment

from contracts.amounts import Amount
from contracts.orders import CancelAnswer, OrderOutcome, OrderStatus, PlaceOrder
from tests.support.orders import cancel_request, place_order, state
from tests.support.temporal import Sagas
from workflows.place_order import PlaceOrderWorkflow


async def _cancel_first(sagas: Sagas, order: PlaceOrder) -> tuple[CancelAnswer, OrderOutcome]:
    """The cancel waits beside the start when the first worker comes."""
    handle = await sagas.start(order)
    cancelling = asyncio.create_task(
        handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))
    )
    await asyncio.sleep(0.5)
    assert not cancelling.done()
    async with sagas.worker(), asyncio.timeout(30):
        return await cancelling, await handle.result()


@pytest.mark.parametrize("saga_version", [1, 2])
async def test_submit_is_left_out_and_the_order_buried(
    environment: WorkflowEnvironment, saga_version: int
) -> None:
    sagas = Sagas(environment)
    order = place_order(saga_version=saga_version)

    answer, outcome = await _cancel_first(sagas, order)

    assert (answer.status, answer.refusal) == (OrderStatus.CANCELLED, None)
    assert outcome.status is OrderStatus.CANCELLED
    assert sagas.matching.submitted == []
    assert [c.order_id for c in sagas.matching.cancelled] == [order.order_id]
    assert sagas.wallet.released_lots == [0]


async def test_order_that_another_worker_had_submitted_is_cancelled_with_its_fills(
    environment: WorkflowEnvironment,
) -> None:
    """The first worker died after its submit, which nobody recorded: the engine knows."""
    sagas = Sagas(environment)
    order = place_order()
    sagas.matching.cancel_answers.append(state(order, 3, OrderStatus.CANCELLED, "0.25"))

    answer, outcome = await _cancel_first(sagas, order)

    assert (answer.status, answer.refusal) == (OrderStatus.CANCELLED, None)
    assert outcome.filled_quantity == Amount("0.25")
    assert sagas.wallet.released_lots == [25_000]
