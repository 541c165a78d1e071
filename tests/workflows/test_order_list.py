"""The paths of a one-cancels-the-other list's saga."""

import asyncio

import pytest
from temporalio.client import WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from contracts.answers import duplicate_list
from contracts.matching import CancelOrder, CancelRejected
from contracts.orders import (
    CancelAnswer,
    ExpiryReason,
    ListAnswer,
    OrderOutcome,
    OrderState,
    OrderStatus,
    PlaceOrderList,
    Refusal,
    SagaState,
)
from contracts.registration import ListRegistration
from contracts.topology import order_list_workflow_id
from tests.support.orders import cancel_request, place_list, state
from tests.support.temporal import Sagas
from tests.support.waits import until
from workflows import attributes, list_messages
from workflows.options import TASK_TIMEOUT
from workflows.order_messages import placement_answer
from workflows.place_order_list import PlaceOrderListWorkflow

Handle = WorkflowHandle[PlaceOrderListWorkflow, tuple[OrderOutcome, ...]]


async def place(sagas: Sagas, mine: PlaceOrderList) -> tuple[ListAnswer, Handle]:
    start = WithStartWorkflowOperation(
        PlaceOrderListWorkflow.run,
        mine,
        id=order_list_workflow_id(mine.user_id, mine.list_client_order_id),
        task_queue=sagas.task_queue,
        task_timeout=TASK_TIMEOUT,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        search_attributes=attributes.at_start(mine.legs[0]),
    )
    answer = await sagas.client.execute_update_with_start_workflow(
        PlaceOrderListWorkflow.placed, mine, start_workflow_operation=start
    )
    return answer, await start.workflow_handle()


def both(mine: PlaceOrderList, sequence: int, status: OrderStatus) -> tuple[OrderState, OrderState]:
    first, second = (state(leg, sequence, status) for leg in mine.legs)
    return first, second


async def opened(sagas: Sagas) -> tuple[PlaceOrderList, Handle]:
    mine = place_list()
    sagas.matching.list_answers.append(tuple((s, ()) for s in both(mine, 1, OrderStatus.OPEN)))
    answer, handle = await place(sagas, mine)
    assert [leg.status for leg in answer.legs] == [OrderStatus.OPEN, OrderStatus.OPEN]
    return mine, handle


async def test_leg_that_fills_ends_the_other_and_releases_once(sagas: Sagas) -> None:
    mine, handle = await opened(sagas)
    filled = state(mine.legs[0], 2, OrderStatus.FILLED, "1", own=False)
    expired = state(
        mine.legs[1], 2, OrderStatus.EXPIRED, own=False, expiry=ExpiryReason.OCO_TRIGGER
    )
    await handle.signal(PlaceOrderListWorkflow.engine_reported, expired)
    await handle.signal(PlaceOrderListWorkflow.engine_reported, filled)

    outcomes = await handle.result()

    assert [o.status for o in outcomes] == [OrderStatus.FILLED, OrderStatus.EXPIRED]
    assert [r.order_id for r in sagas.wallet.reserves] == [mine.legs[0].order_id]
    assert sagas.wallet.reserves[0].amount == mine.reserve_amount
    assert sagas.wallet.released_lots == [filled.filled_lots]
    assert [c.order_id for c in sagas.orders.finalized] == [leg.order_id for leg in mine.legs]
    submitted = sagas.matching.lists[0].legs
    assert [leg.reservation_id for leg in submitted] == [0, mine.legs[0].order_id]


async def test_cancel_of_one_leg_cancels_both(sagas: Sagas) -> None:
    mine, handle = await opened(sagas)
    sagas.matching.cancel_answers.extend(both(mine, 2, OrderStatus.CANCELLED))

    answer = await handle.execute_update(
        PlaceOrderListWorkflow.cancel, cancel_request(mine.legs[1])
    )

    assert (answer.status, answer.refusal) == (OrderStatus.CANCELLED, None)
    assert [o.status for o in await handle.result()] == [OrderStatus.CANCELLED] * 2
    assert sagas.wallet.released_lots == [0]


async def test_refused_list_is_compensated_as_a_whole(sagas: Sagas) -> None:
    mine = place_list()
    refused = tuple(
        (state(leg, 1, OrderStatus.REJECTED, refusal=Refusal.WOULD_TAKE), ()) for leg in mine.legs
    )
    sagas.matching.list_answers.append(refused)

    answer, handle = await place(sagas, mine)
    outcomes = await handle.result()

    assert (answer.refusal, answer.legs) == (Refusal.WOULD_TAKE, ())
    assert [o.status for o in outcomes] == [OrderStatus.CANCELLED] * 2
    assert sagas.wallet.released_lots == [0]
    assert {c.saga_state for c in sagas.orders.finalized} == {SagaState.FAILED}


async def test_list_without_funds_is_never_submitted(sagas: Sagas) -> None:
    sagas.wallet.refuses = True
    mine = place_list()

    answer, handle = await place(sagas, mine)
    outcomes = await handle.result()

    assert answer.refusal is Refusal.INSUFFICIENT_FUNDS
    assert [o.status for o in outcomes] == [OrderStatus.REJECTED] * 2
    assert sagas.matching.lists == []
    assert sagas.wallet.released_lots == []


async def test_silent_engine_is_asked_to_cancel_both_legs(sagas: Sagas) -> None:
    mine = place_list()
    handle = await sagas.client.start_workflow(
        PlaceOrderListWorkflow.run,
        mine,
        id=order_list_workflow_id(mine.user_id, mine.list_client_order_id),
        task_queue=sagas.task_queue,
        task_timeout=TASK_TIMEOUT,
        search_attributes=attributes.at_start(mine.legs[0]),
    )

    outcomes = await handle.result()

    assert [c.order_id for c in sagas.matching.cancelled] == [leg.order_id for leg in mine.legs]
    assert [(o.status, o.refusal) for o in outcomes] == [
        (OrderStatus.CANCELLED, Refusal.NO_ANSWER)
    ] * 2
    assert sagas.wallet.released_lots == [0]


async def test_same_list_again_gets_the_first_answer_and_another_body_none(sagas: Sagas) -> None:
    mine, handle = await opened(sagas)
    again = place_list(list_client_order_id=mine.list_client_order_id)
    other = place_list(list_client_order_id=mine.list_client_order_id, body_hash="another")

    repeated, _ = await place(sagas, again)
    conflict, _ = await place(sagas, other)

    assert (repeated.list_id, repeated.repeated) == (mine.list_id, True)
    assert conflict.refusal is Refusal.DUPLICATE_ORDER
    assert len(sagas.matching.lists) == 1
    await handle.terminate()


async def cancelled_at_its_start(sagas: Sagas, mine: PlaceOrderList) -> tuple[CancelAnswer, Handle]:
    """A list whose first task hears of a cancel together with the start."""
    start = WithStartWorkflowOperation(
        PlaceOrderListWorkflow.run,
        mine,
        id=order_list_workflow_id(mine.user_id, mine.list_client_order_id),
        task_queue=sagas.task_queue,
        task_timeout=TASK_TIMEOUT,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        search_attributes=attributes.at_start(mine.legs[0]),
    )
    async with asyncio.timeout(30):
        answer = await sagas.client.execute_update_with_start_workflow(
            PlaceOrderListWorkflow.cancel,
            cancel_request(mine.legs[1]),
            start_workflow_operation=start,
        )
        return answer, await start.workflow_handle()


async def test_cancel_of_a_list_that_is_a_duplicate_is_refused_and_the_saga_ends(
    sagas: Sagas,
) -> None:
    mine = place_list()
    sagas.orders.list_registration = ListRegistration(
        list_id=mine.list_id, answer=duplicate_list(mine)
    )

    answer, handle = await cancelled_at_its_start(sagas, mine)

    assert answer.refusal is Refusal.UNKNOWN_ORDER
    assert await handle.result() == ()
    assert sagas.matching.cancelled == []


async def test_cancel_of_a_list_that_was_here_before_does_not_cancel_the_first(
    sagas: Sagas,
) -> None:
    first, mine = place_list(), place_list()
    states = both(first, 1, OrderStatus.OPEN)
    legs = tuple(placement_answer(leg, s, ()) for leg, s in zip(first.legs, states, strict=True))
    told = list_messages.answer(first, legs)
    sagas.orders.list_registration = ListRegistration(list_id=first.list_id, answer=told)

    answer, handle = await cancelled_at_its_start(sagas, mine)

    assert answer.refusal is Refusal.UNKNOWN_ORDER
    assert [o.order_id for o in await handle.result()] == [leg.order_id for leg in first.legs]
    assert sagas.matching.cancelled == []


async def test_engine_that_has_forgotten_an_open_leg_stops_the_saga_until_it_knows(
    sagas: Sagas, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, handle = await opened(sagas)
    engine_knows = asyncio.Event()
    ended = {leg.order_id: state(leg, 2, OrderStatus.CANCELLED) for leg in mine.legs}

    async def cancel(command: CancelOrder, _: float) -> OrderState | CancelRejected:
        if engine_knows.is_set() or command.order_id == mine.legs[0].order_id:
            return ended[command.order_id]
        return CancelRejected(
            symbol=command.symbol, order_id=command.order_id, refusal=Refusal.UNKNOWN_ORDER
        )

    async def task_failed() -> bool:
        events = (await handle.fetch_history()).events
        return any(
            "has forgotten" in e.workflow_task_failed_event_attributes.failure.message
            for e in events
        )

    monkeypatch.setattr(sagas.matching, "cancel", cancel)
    cancelling = asyncio.create_task(
        handle.execute_update(PlaceOrderListWorkflow.cancel, cancel_request(mine.legs[1]))
    )
    await until(task_failed, "the saga fails its task")
    assert sagas.wallet.released_lots == []
    engine_knows.set()

    assert [o.status for o in await handle.result()] == [OrderStatus.CANCELLED] * 2
    assert (await cancelling).status is OrderStatus.CANCELLED
    assert sagas.wallet.released_lots == [0]
