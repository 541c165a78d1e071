"""What the gateway makes of Temporal's answers, with a handle that plays them."""

import asyncio
from types import SimpleNamespace

import pytest
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.answers import Answers
from api.errors import OutcomeUnknown, Overloaded
from api.sagas import EAGERLY_STARTED, TemporalSagas
from contracts.orders import CancelAnswer, OrderStatus, PlacementAnswer, PlaceOrder, Refusal
from contracts.registration import Registration
from tests.support.orders import cancel_request, place_order, state
from workflows.order_messages import cancel_refused, placement_answer

ORDER = place_order()
REQUEST = cancel_request(ORDER)


def _error(status: RPCStatusCode) -> RPCError:
    return RPCError(status.name, status, b"")


class Workflows:
    """A Temporal client whose only workflow answers updates from a script."""

    def __init__(self, *answers: CancelAnswer | RPCError) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def get_workflow_handle(self, _: str) -> "Workflows":
        return self

    async def execute_update(self, *_: object, id: str, **__: object) -> CancelAnswer:
        self.asked.append(id)
        answer = self._answers.pop(0)
        if isinstance(answer, RPCError):
            raise answer
        return answer


async def _cancel(*answers: CancelAnswer | RPCError) -> tuple[CancelAnswer, list[str]]:
    client = Workflows(*answers)
    sagas = TemporalSagas(client, answer_timeout_s=1.0)  # type: ignore[arg-type]
    return await sagas.cancel(ORDER.user_id, ORDER.client_order_id, REQUEST), client.asked


async def test_update_whose_task_was_dropped_is_asked_again_under_its_id() -> None:
    answer = cancel_refused(REQUEST)
    got, asked = await _cancel(_error(RPCStatusCode.FAILED_PRECONDITION), answer)
    assert got is answer
    assert asked == [f"cancel:{REQUEST.cancel_id}"] * 2


async def test_saga_that_has_ended_has_no_open_order() -> None:
    got, _ = await _cancel(_error(RPCStatusCode.NOT_FOUND))
    assert (got.status, got.refusal) == (OrderStatus.REJECTED, Refusal.UNKNOWN_ORDER)


async def test_saga_that_has_ended_meanwhile_may_have_been_cancelled_by_this_request() -> None:
    with pytest.raises(OutcomeUnknown):
        await _cancel(_error(RPCStatusCode.FAILED_PRECONDITION), _error(RPCStatusCode.NOT_FOUND))


@pytest.mark.parametrize("status", [RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED])
async def test_broken_connection_leaves_the_outcome_unknown(status: RPCStatusCode) -> None:
    with pytest.raises(OutcomeUnknown):
        await _cancel(_error(status))


class Starts:
    """A Temporal client that starts workflows, eagerly or not, and answers updates."""

    def __init__(self, *, eager: bool, known: bool = False) -> None:
        self._eager, self._known = eager, known
        self.updates = self.started = 0

    async def start_workflow(self, *_: object, id: str, **options: object) -> object:
        assert options["request_eager_start"] is True
        self.started += 1
        if self._known:
            raise WorkflowAlreadyStartedError(id, "PlaceOrderWorkflow")
        return SimpleNamespace(**{EAGERLY_STARTED: self._eager})

    async def execute_update_with_start_workflow(self, *_: object, **__: object) -> PlacementAnswer:
        self.updates += 1
        return ANSWER


ANSWER = placement_answer(ORDER, state(ORDER, 1, OrderStatus.OPEN), ())
EARLY = placement_answer(ORDER, state(ORDER, 2, OrderStatus.FILLED, "1"), ())


async def _place(client: Starts, *, answered_here: bool) -> PlacementAnswer:
    answers = Answers()
    sagas = TemporalSagas(client, 1.0, answers)  # type: ignore[arg-type]
    placing = asyncio.ensure_future(sagas.place(ORDER))
    await asyncio.sleep(0)
    if answered_here:
        answers.registered(ORDER, Registration(order_id=ORDER.order_id, answer=EARLY))
    return await placing


async def test_eager_start_is_answered_in_this_process() -> None:
    client = Starts(eager=True)
    assert await _place(client, answered_here=True) == EARLY
    assert client.updates == 0


async def test_start_that_went_to_another_worker_is_asked_by_update() -> None:
    client = Starts(eager=False)
    assert await _place(client, answered_here=False) == ANSWER


async def test_eager_start_that_stays_silent_is_asked_by_update(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.sagas.SHORT_WAY_S", 0.01)
    client = Starts(eager=True)
    assert await _place(client, answered_here=False) == ANSWER


async def test_order_whose_saga_runs_already_is_asked_by_update() -> None:
    client = Starts(eager=True, known=True)
    assert await _place(client, answered_here=False) == ANSWER
    assert client.updates == 1


async def _under_way(sagas: TemporalSagas, order: PlaceOrder) -> asyncio.Task[PlacementAnswer]:
    placing = asyncio.create_task(sagas.place(order))
    await asyncio.sleep(0.01)
    return placing


async def test_orders_past_those_at_work_wait_and_are_then_started() -> None:
    answers, client = Answers(), Starts(eager=True)
    sagas = TemporalSagas(client, 1.0, answers, at_work=1, waiting=1)  # type: ignore[arg-type]
    later = place_order()
    first, second = await _under_way(sagas, ORDER), await _under_way(sagas, later)
    with pytest.raises(Overloaded):
        await sagas.place(place_order())

    assert client.started == 1
    answers.registered(ORDER, Registration(order_id=ORDER.order_id, answer=EARLY))
    assert await first == EARLY
    await asyncio.sleep(0.01)
    answers.registered(later, Registration(order_id=later.order_id, answer=EARLY))
    assert await second == EARLY
    assert client.started == 2


async def test_order_that_waits_too_long_for_its_place_was_never_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.asking.WAIT_S", 0.01)
    answers, client = Answers(), Starts(eager=True)
    sagas = TemporalSagas(client, 1.0, answers, at_work=1)  # type: ignore[arg-type]
    first = await _under_way(sagas, ORDER)
    with pytest.raises(Overloaded):
        await sagas.place(place_order())
    assert client.started == 1
    answers.registered(ORDER, Registration(order_id=ORDER.order_id, answer=EARLY))
    assert await first == EARLY


async def test_order_that_a_partner_keeps_gives_its_place_on_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.asking.HOLD_S", 0.01)
    answers, client = Answers(), Starts(eager=True)
    sagas = TemporalSagas(client, 5.0, answers, at_work=1)  # type: ignore[arg-type]
    orders = [place_order() for _ in range(3)]
    placing = []
    for order in orders:
        placing.append(await _under_way(sagas, order))
        await asyncio.sleep(0.02)
    assert client.started == 3
    for order in orders:
        answers.registered(order, Registration(order_id=order.order_id, answer=EARLY))
    assert await asyncio.gather(*placing) == [EARLY] * 3
    monkeypatch.setattr("api.asking.HOLD_S", 60)
    held = await _under_way(sagas, ORDER)
    waits = await _under_way(sagas, place_order())
    assert client.started == 4, "each place is given back once"
    for task in (held, waits):
        task.cancel()
    await asyncio.gather(held, waits, return_exceptions=True)
