"""The paths of an order's saga, on the time-skipping server with fake partners."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateStage
from temporalio.service import RPCError

from contracts.orders import OrderStatus, Refusal, SagaState
from contracts.registration import Registration
from tests.support.orders import cancel_request, fill, place_order, state
from tests.support.temporal import Sagas
from tests.support.waits import until
from workflows.order_messages import placement_answer
from workflows.place_order import PlaceOrderWorkflow


async def test_order_filled_at_once_ends_without_a_release(sagas: Sagas) -> None:
    order = place_order()
    filled = state(order, 3, OrderStatus.FILLED, "1")
    sagas.matching.submit_answers.append((filled, (fill(1, "0.4"), fill(2, "0.6"))))

    answer, handle = await sagas.place(order)
    outcome = await handle.result()

    assert (answer.status, len(answer.fills)) == (OrderStatus.FILLED, 2)
    assert outcome.status is OrderStatus.FILLED
    assert sagas.wallet.released_lots == []
    assert [r.state for r in sagas.orders.reports] == [filled]
    assert [c.saga_state for c in sagas.orders.finalized] == [SagaState.COMPLETED]


async def test_resting_order_fills_by_its_counterparties(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))

    answer, handle = await sagas.place(order)
    await handle.signal(
        PlaceOrderWorkflow.engine_reported,
        state(order, 2, OrderStatus.PARTIALLY_FILLED, "0.4", own=False),
    )
    await handle.signal(
        PlaceOrderWorkflow.engine_reported, state(order, 3, OrderStatus.FILLED, "1", own=False)
    )
    outcome = await handle.result()

    assert answer.status is OrderStatus.OPEN
    assert (outcome.status, str(outcome.filled_quantity)) == (OrderStatus.FILLED, "1.00000000")


async def test_older_event_that_arrives_late_changes_nothing(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    _, handle = await sagas.place(order)

    newer = state(order, 3, OrderStatus.PARTIALLY_FILLED, "0.6", own=False)
    older = state(order, 2, OrderStatus.PARTIALLY_FILLED, "0.4", own=False)
    await handle.signal(PlaceOrderWorkflow.engine_reported, newer)
    await handle.signal(PlaceOrderWorkflow.engine_reported, older)
    await handle.signal(PlaceOrderWorkflow.engine_reported, newer)
    sagas.matching.cancel_answers.append(state(order, 4, OrderStatus.CANCELLED, "0.6"))
    await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))

    assert sagas.wallet.released_lots == [60_000]


async def test_partially_filled_then_cancelled_releases_what_is_left(sagas: Sagas) -> None:
    order = place_order()
    opened = state(order, 2, OrderStatus.PARTIALLY_FILLED, "0.25")
    sagas.matching.submit_answers.append((opened, (fill(1, "0.25"),)))
    answer, handle = await sagas.place(order)
    sagas.matching.cancel_answers.append(state(order, 3, OrderStatus.CANCELLED, "0.25"))

    cancelled = await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))
    outcome = await handle.result()

    assert answer.status is OrderStatus.PARTIALLY_FILLED
    assert cancelled.refusal is None
    assert str(cancelled.filled_quantity) == "0.25000000"
    assert outcome.status is OrderStatus.CANCELLED
    assert sagas.wallet.released_lots == [25_000]


async def test_cancel_that_loses_to_the_last_fill_is_refused(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    _, handle = await sagas.place(order)
    sagas.matching.cancel_answers.append(state(order, 2, OrderStatus.FILLED, "1"))

    cancelled = await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))

    assert cancelled.refusal is Refusal.UNKNOWN_ORDER
    assert (await handle.result()).status is OrderStatus.FILLED


async def test_cancel_of_an_ended_saga_is_answered_by_temporal(sagas: Sagas) -> None:
    order = place_order()
    sagas.wallet.refuses = True
    _, handle = await sagas.place(order)
    await handle.result()

    with pytest.raises((RPCError, WorkflowUpdateFailedError)):
        await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))


async def test_order_without_funds_is_rejected_and_never_submitted(sagas: Sagas) -> None:
    order = place_order()
    sagas.wallet.refuses = True

    answer, handle = await sagas.place(order)
    outcome = await handle.result()

    assert answer.refusal is Refusal.INSUFFICIENT_FUNDS
    assert outcome.status is OrderStatus.REJECTED
    assert sagas.matching.submitted == []
    assert sagas.wallet.released_lots == []
    assert sagas.orders.finalized[0].state.status is OrderStatus.REJECTED


async def test_halted_market_is_compensated_before_the_client_hears(sagas: Sagas) -> None:
    order = place_order()
    refused = state(order, 1, OrderStatus.REJECTED, refusal=Refusal.MARKET_CLOSED)
    sagas.matching.submit_answers.append((refused, ()))

    answer, handle = await sagas.place(order)
    outcome = await handle.result()

    assert answer.refusal is Refusal.MARKET_CLOSED
    assert outcome.status is OrderStatus.CANCELLED
    assert sagas.wallet.released_lots == [0]
    assert sagas.orders.finalized[0].saga_state is SagaState.FAILED
    assert sagas.orders.reports == []


async def test_silent_engine_is_asked_to_cancel_after_thirty_seconds(sagas: Sagas) -> None:
    order = place_order()
    started = await sagas.environment.get_current_time()

    answer, handle = await sagas.place_and_skip(order)
    outcome = await handle.result()

    waited = await sagas.environment.get_current_time() - started
    assert waited >= timedelta(seconds=30)
    assert answer.refusal is Refusal.NO_ANSWER
    assert outcome.status is OrderStatus.CANCELLED
    assert len(sagas.matching.cancelled) == 1
    assert sagas.wallet.released_lots == [0]


async def test_silence_ends_well_when_the_engine_had_filled_the_order(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.cancel_answers.extend([None, None, state(order, 3, OrderStatus.FILLED, "1")])

    answer, handle = await sagas.place_and_skip(order)

    assert answer.status is OrderStatus.FILLED
    assert (await handle.result()).status is OrderStatus.FILLED
    assert sagas.wallet.released_lots == []


async def test_engine_that_never_answers_a_cancel_never_gets_money_released(
    sagas: Sagas,
) -> None:
    order = place_order()
    sagas.matching.cancel_answers.extend([None] * 500)
    handle = await sagas.start(order)

    await sagas.environment.sleep(timedelta(minutes=10))

    assert len(sagas.matching.cancelled) > 5
    assert sagas.wallet.released_lots == []
    sagas.matching.cancel_answers.clear()
    assert (await handle.result()).status is OrderStatus.CANCELLED
    assert sagas.wallet.released_lots == [0]


async def test_log_that_does_not_acknowledge_is_silence_and_ends_in_a_cancel(
    sagas: Sagas,
) -> None:
    order = place_order()
    sagas.matching.log_is_away = True

    answer, handle = await sagas.place_and_skip(order)
    outcome = await handle.result()

    assert (answer.refusal, outcome.status) == (Refusal.NO_ANSWER, OrderStatus.CANCELLED)
    assert len(sagas.matching.cancelled) == 1
    assert sagas.wallet.released_lots == [0]


async def test_answer_that_went_astray_comes_as_a_signal(sagas: Sagas) -> None:
    order = place_order()
    handle = await sagas.start(order)
    with sagas.environment.auto_time_skipping_disabled():
        await handle.signal(PlaceOrderWorkflow.engine_reported, state(order, 1, OrderStatus.OPEN))
        answer = await handle.execute_update(PlaceOrderWorkflow.placed, order)
        assert answer.status is OrderStatus.OPEN
    sagas.matching.cancel_answers.append(state(order, 2, OrderStatus.CANCELLED))
    await handle.execute_update(PlaceOrderWorkflow.cancel, cancel_request(order))
    assert (await handle.result()).refusal is None


async def test_wallet_that_is_down_for_minutes_delays_but_loses_nothing(sagas: Sagas) -> None:
    order = place_order()
    sagas.wallet.down_for = 20
    sagas.matching.submit_answers.append((state(order, 2, OrderStatus.FILLED, "1"), ()))

    answer, handle = await sagas.place_and_skip(order)

    assert answer.status is OrderStatus.FILLED
    assert len({c.command_id for c in sagas.wallet.reserves}) == 1
    assert (await handle.result()).status is OrderStatus.FILLED


def _registered(sagas: Sagas) -> Callable[[], Awaitable[bool]]:
    async def registered() -> bool:
        return bool(sagas.orders.registered)

    return registered


@pytest.mark.parametrize(("saga_version", "submits"), [(1, 0), (2, 1)])
async def test_cancel_while_the_order_is_accepted_still_asks_the_engine(
    sagas: Sagas, saga_version: int, submits: int
) -> None:
    """A saga that accepts in steps skips the submit; one that accepts in one cancels after it."""
    order = place_order(saga_version=saga_version)
    sagas.wallet.gate.clear()
    sagas.matching.submit_answers.append((state(order, 1, OrderStatus.OPEN), ()))
    sagas.matching.cancel_answers.append(state(order, 2, OrderStatus.CANCELLED))
    with sagas.environment.auto_time_skipping_disabled():
        handle = await sagas.start(order)
        await until(_registered(sagas), "the order is being accepted")
        await handle.start_update(
            PlaceOrderWorkflow.cancel,
            cancel_request(order),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )
        sagas.wallet.gate.set()
        outcome = await handle.result()

    assert len(sagas.matching.submitted) == submits
    assert len(sagas.matching.cancelled) == 1
    assert outcome.status is OrderStatus.CANCELLED
    assert sagas.wallet.released_lots == [0]


async def test_same_request_while_open_gets_the_first_answer(sagas: Sagas) -> None:
    first = place_order(client_order_id="twice")
    second = place_order(client_order_id="twice")
    sagas.matching.submit_answers.append((state(first, 1, OrderStatus.OPEN), ()))

    answer, handle = await sagas.place(first)
    again, _ = await sagas.place(second)

    assert (again.order_id, again.repeated) == (answer.order_id, True)
    assert len(sagas.matching.submitted) == 1
    await handle.terminate()


async def test_other_request_under_an_open_client_id_is_a_duplicate(sagas: Sagas) -> None:
    first = place_order(client_order_id="taken")
    second = place_order(client_order_id="taken", body_hash="other")
    sagas.matching.submit_answers.append((state(first, 1, OrderStatus.OPEN), ()))

    _, handle = await sagas.place(first)
    answer, _ = await sagas.place(second)

    assert answer.refusal is Refusal.DUPLICATE_ORDER
    assert len(sagas.matching.submitted) == 1
    await handle.terminate()


async def test_request_that_was_answered_long_ago_is_answered_by_its_row(
    sagas: Sagas,
) -> None:
    first, second = place_order(), place_order()
    told = placement_answer(first, state(first, 3, OrderStatus.FILLED, "1"), ())
    sagas.orders.registration = Registration(order_id=first.order_id, answer=told)

    answer, handle = await sagas.place(second)

    assert (answer.order_id, answer.repeated) == (first.order_id, True)
    assert sagas.wallet.asked == []
    assert (await handle.result()).status is OrderStatus.FILLED


async def test_view_tells_the_steps_in_order(sagas: Sagas) -> None:
    order = place_order()
    sagas.matching.submit_answers.append((state(order, 2, OrderStatus.FILLED, "1"), ()))
    _, handle = await sagas.place(order)
    await handle.result()

    view = await handle.query(PlaceOrderWorkflow.saga)

    assert view.state is SagaState.COMPLETED
    assert [s.name for s in view.steps] == [
        "registered",
        "funds_reserved",
        "submitted",
        "order_filled",
        "finalized",
    ]
