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


async def test_saga_of_several_steps_leaves_the_submit_out_and_buries_the_order(
    environment: WorkflowEnvironment,
) -> None:
    sagas = Sagas(environment)
    order = place_order(saga_version=1)

    answer, outcome = await _cancel_first(sagas, order)

    assert (answer.status, answer.refusal) == (OrderStatus.CANCELLED, None)
    assert outcome.status is OrderStatus.CANCELLED
    assert sagas.matching.submitted == []
    assert [c.order_id for c in sagas.matching.cancelled] == [order.order_id]
    assert sagas.wallet.released_lots == [0]


@pytest.mark.parametrize("filled", ["0", "0.25"])
async def test_saga_of_one_step_cancels_what_it_has_submitted(
    environment: WorkflowEnvironment, filled: str
) -> None:
    sagas = Sagas(environment)
    order = place_order(saga_version=2)
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    sagas.matching.cancel_answers.append(state(order, 2, OrderStatus.CANCELLED, filled))

    answer, outcome = await _cancel_first(sagas, order)

    assert (answer.status, answer.refusal) == (OrderStatus.CANCELLED, None)
    assert outcome.filled_quantity == Amount(filled)
    assert [c.order_id for c in sagas.matching.submitted] == [order.order_id]
    assert [c.order_id for c in sagas.matching.cancelled] == [order.order_id]
    assert sagas.wallet.released_lots == [int(Amount(filled) * 100_000)]


async def test_silent_submit_and_a_cancel_end_in_a_tombstone_before_any_release(
    environment: WorkflowEnvironment,
) -> None:
    """The log took nothing, so nobody knows: the release rests on what the engine says."""
    sagas = Sagas(environment)
    order = place_order(saga_version=2)
    sagas.matching.log_is_away = True

    answer, outcome = await _cancel_first(sagas, order)

    assert (answer.status, outcome.status) == (OrderStatus.CANCELLED, OrderStatus.CANCELLED)
    assert [c.order_id for c in sagas.matching.cancelled] == [order.order_id]
    assert sagas.wallet.released_lots == [0]
