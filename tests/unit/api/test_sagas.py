"""What the gateway makes of Temporal's answers, with a handle that plays them."""

import pytest
from temporalio.service import RPCError, RPCStatusCode

from api.errors import OutcomeUnknown
from api.sagas import TemporalSagas
from contracts.orders import CancelAnswer, OrderStatus, Refusal
from tests.support.orders import cancel_request, place_order
from workflows.order_messages import cancel_refused

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
