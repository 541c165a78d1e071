"""What the other order types ask of an order's saga: amendments, expiries, a rest to give back."""

from contextlib import suppress
from uuid import uuid4

import pytest
from temporalio.client import WorkflowUpdateStage
from temporalio.service import RPCError

from contracts.amounts import ZERO, Amount
from contracts.matching import AmendRejected, SubmitIndeterminate
from contracts.orders import (
    AmendRequest,
    CancelAllRequest,
    ExpiryReason,
    OrderStatus,
    OrderType,
    PlaceOrder,
    Refusal,
    SagaState,
    TimeInForce,
)
from tests.support.orders import cancel_request, fill, place_order, state
from tests.support.partners import Amended
from tests.support.temporal import Sagas
from tests.support.waits import until
from workflows.cancel_all import CancelAllWorkflow
from workflows.place_order import PlaceOrderWorkflow


def amend_request(order: PlaceOrder, quantity: str) -> AmendRequest:
    return AmendRequest(
        order_id=order.order_id,
        amend_id=uuid4(),
        new_quantity=Amount(quantity),
        new_quantity_lots=int(Amount(quantity) * 100_000),
        requested_at_ms=order.accepted_at_ms,
    )


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (OrderStatus.EXPIRED, ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED),
        (OrderStatus.EXPIRED_IN_MATCH, ExpiryReason.SELF_TRADE_PREVENTION),
    ],
)
async def test_order_that_expires_at_once_gives_its_rest_back(
    sagas: Sagas, status: OrderStatus, reason: ExpiryReason
) -> None:
    order = place_order(time_in_force=TimeInForce.IOC)
    expired = state(order, 3, status, "0.4", expiry=reason)
    sagas.matching.submit_answers.append((expired, (fill(1, "0.4"),)))

    answer, handle = await sagas.place(order)
    outcome = await handle.result()

    assert (answer.status, answer.expiry, len(answer.fills)) == (status, reason, 1)
    assert (outcome.status, str(outcome.filled_quantity)) == (status, "0.40000000")
    assert sagas.wallet.released_lots == [40_000]
    assert sagas.orders.finalized[0].saga_state is SagaState.COMPLETED


async def test_filled_order_by_value_gives_back_what_bought_no_whole_lot(sagas: Sagas) -> None:
    order = place_order(
        order_type=OrderType.MARKET,
        quantity=ZERO,
        quantity_lots=0,
        quote_quantity=Amount("100"),
    )
    filled = state(order, 2, OrderStatus.FILLED, "0.99", quantity="0.99")
    sagas.matching.submit_answers.append((filled, (fill(1, "0.99"),)))

    answer, handle = await sagas.place(order)
    await handle.result()

    assert (answer.status, str(answer.quantity)) == (OrderStatus.FILLED, "0.99000000")
    assert sagas.matching.submitted[0].quote_e8 == 10_000_000_000
    assert sagas.wallet.released_lots == [99_000]


async def test_amendment_keeps_the_order_and_gives_the_difference_back(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    _, handle = await sagas.place(order)
    reduced = state(order, 2, OrderStatus.OPEN, quantity="0.6")
    sagas.matching.amend_answers.append(Amended(reduced))

    answer = await handle.execute_update(PlaceOrderWorkflow.amend, amend_request(order, "0.6"))
    again = state(order, 3, OrderStatus.OPEN, quantity="0.5")
    sagas.matching.amend_answers.append(Amended(again))
    await handle.execute_update(PlaceOrderWorkflow.amend, amend_request(order, "0.5"))
    filled = state(order, 4, OrderStatus.FILLED, "0.5", own=False, quantity="0.5")
    await handle.signal(PlaceOrderWorkflow.engine_reported, filled)
    outcome = await handle.result()

    assert answer.refusal is None
    assert answer.state == reduced
    assert sagas.wallet.reduced == ["40.00000000", "10.00000000"]
    assert sagas.wallet.kept == ["60.00000000", "50.00000000"]
    assert [command.new_quantity_lots for command in sagas.matching.amended] == [60_000, 50_000]
    assert [report.state for report in sagas.orders.reports][1:] == [reduced, again]
    assert outcome.status is OrderStatus.FILLED
    assert sagas.wallet.released_lots == []


async def test_order_whose_saga_has_forgotten_an_amendment_gives_the_rest_back(
    sagas: Sagas,
) -> None:
    """Temporal may drop a task with the update that it carried; the engine has amended."""
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    _, handle = await sagas.place(order)
    filled = state(order, 3, OrderStatus.FILLED, "0.6", own=False, quantity="0.6")
    await handle.signal(PlaceOrderWorkflow.engine_reported, filled)

    assert (await handle.result()).status is OrderStatus.FILLED
    assert sagas.wallet.released_lots == [60_000]


async def test_refused_amendment_changes_nothing(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    _, handle = await sagas.place(order)
    sagas.matching.amend_answers.append(
        AmendRejected(
            symbol=order.symbol, order_id=order.order_id, refusal=Refusal.INVALID_AMENDMENT
        )
    )

    answer = await handle.execute_update(PlaceOrderWorkflow.amend, amend_request(order, "0.4"))
    unasked = await handle.execute_update(PlaceOrderWorkflow.amend, amend_request(order, "1"))

    assert (answer.state, answer.refusal) == (None, Refusal.INVALID_AMENDMENT)
    assert (unasked.state, unasked.refusal) == (None, Refusal.INVALID_AMENDMENT)
    assert [command.new_quantity_lots for command in sagas.matching.amended] == [40_000]
    assert sagas.wallet.reduced == []
    sagas.matching.cancel_answers.append(state(order, 2, OrderStatus.CANCELLED))
    await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))


async def test_cancel_overtakes_an_amendment_that_waits(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    _, handle = await sagas.place(order)
    sagas.wallet.gate.clear()
    sagas.matching.amend_answers.append(Amended(state(order, 2, OrderStatus.OPEN, quantity="0.6")))
    sagas.matching.cancel_answers.append(state(order, 3, OrderStatus.CANCELLED, quantity="0.6"))
    with sagas.environment.auto_time_skipping_disabled():
        updates = [
            await handle.start_update(
                PlaceOrderWorkflow.amend,
                amend_request(order, quantity),
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            )
            for quantity in ("0.6", "0.5")
        ]
        cancelling = await handle.start_update(
            PlaceOrderWorkflow.cancel,
            cancel_request(order),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )
        sagas.wallet.gate.set()
        first, second = [await update.result() for update in updates]
        cancelled = await cancelling.result()

    assert first.refusal is None
    assert second.refusal is Refusal.UNKNOWN_ORDER
    assert cancelled.refusal is None
    assert sagas.wallet.reduced == ["40.00000000"]


async def test_order_older_than_the_engines_memory_is_what_its_row_says(sagas: Sagas) -> None:
    order = place_order()
    known = state(order, 2, OrderStatus.FILLED, "1")
    sagas.orders.row_states[order.order_id] = known
    sagas.matching.submit_answers.append(
        SubmitIndeterminate(symbol=order.symbol, order_id=order.order_id)
    )

    answer, handle = await sagas.place(order)

    assert answer.status is OrderStatus.FILLED
    assert (await handle.result()).status is OrderStatus.FILLED
    assert sagas.matching.cancelled == []


async def test_order_that_nobody_knows_is_an_incident_that_holds_its_money(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append(
        SubmitIndeterminate(symbol=order.symbol, order_id=order.order_id)
    )
    with sagas.environment.auto_time_skipping_disabled():
        handle = await sagas.start(order)

        async def stands() -> bool:
            with suppress(RPCError):  # a query that meets a task which closes is asked again
                return (await handle.query(PlaceOrderWorkflow.saga)).state is SagaState.INCIDENT
            return False

        await until(stands, "nobody can tell how the order stands")
        cancelling = await handle.start_update(
            PlaceOrderWorkflow.cancel,
            cancel_request(order),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )
        assert sagas.matching.cancelled == []
        assert sagas.wallet.released_lots == []

        told = state(order, 4, OrderStatus.CANCELLED, "0.3", own=False)
        await handle.signal(PlaceOrderWorkflow.engine_reported, told)
        outcome = await handle.result()

    assert outcome.status is OrderStatus.CANCELLED
    assert sagas.wallet.released_lots == [30_000]
    assert (await cancelling.result()).refusal is Refusal.UNKNOWN_ORDER


async def test_cancel_of_all_orders_asks_until_the_engine_answers(sagas: Sagas) -> None:
    order = place_order()
    ended = state(order, 2, OrderStatus.CANCELLED, own=False)
    sagas.matching.cancel_all_answers.extend([None, None, (ended,)])
    request = CancelAllRequest(
        command_id=uuid4(), user_id=7, symbol="BTCUSDT", requested_at_ms=order.accepted_at_ms
    )

    answer = await sagas.client.execute_workflow(
        CancelAllWorkflow.run, request, id=f"cancel-all:{uuid4()}", task_queue=sagas.task_queue
    )

    assert answer.states == (ended,)
    assert {command.command_id for command in sagas.matching.cancelled_all} == {request.command_id}


async def test_amendment_of_another_order_is_refused(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    _, handle = await sagas.place(order)

    answer = await handle.execute_update(
        PlaceOrderWorkflow.amend, amend_request(place_order(), "0.5")
    )

    assert answer.refusal is Refusal.UNKNOWN_ORDER
    assert sagas.matching.amended == []
    await handle.terminate()
