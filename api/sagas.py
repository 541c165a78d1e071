"""The way from HTTP into the workflows: start with an update, and never claim to know more.

A request is answered by its saga or not at all: a deadline that passes, a worker that is away
or a connection that breaks all mean that the outcome is unknown.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

import msgspec
import structlog
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.errors import OutcomeUnknown
from contracts import topology
from contracts.funding import Deposit, DepositOutcome, FundingStatus
from contracts.orders import (
    CancelAnswer,
    CancelRequest,
    OrderOutcome,
    PlacementAnswer,
    PlaceOrder,
    SagaView,
)
from workflows import attributes, order_messages
from workflows.deposit import DepositWorkflow
from workflows.options import TASK_TIMEOUT
from workflows.place_order import PlaceOrderWorkflow

QUERY_TIMEOUT: Final = timedelta(seconds=3)
TASK_DROPPED: Final = RPCStatusCode.FAILED_PRECONDITION
ASK_AGAIN_PAUSE_S: Final = 0.05

log = structlog.get_logger()
T = TypeVar("T")


class TemporalSagas:
    """Places, cancels and deposits by starting and asking workflows."""

    def __init__(self, client: Client, answer_timeout_s: float) -> None:
        self._client = client
        self._timeout_s = answer_timeout_s

    async def place(self, order: PlaceOrder) -> PlacementAnswer:
        """Start the order's saga, or meet the one that runs under the same client order id."""

        def start() -> WithStartWorkflowOperation[PlaceOrderWorkflow, OrderOutcome]:
            return WithStartWorkflowOperation(
                PlaceOrderWorkflow.run,
                order,
                id=topology.order_workflow_id(order.user_id, order.client_order_id),
                task_queue=topology.ORDERS_TASK_QUEUE,
                task_timeout=TASK_TIMEOUT,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                search_attributes=attributes.at_start(order),
            )

        return await self._answer(
            lambda: self._client.execute_update_with_start_workflow(
                PlaceOrderWorkflow.placed,
                order,
                start_workflow_operation=start(),
                id=f"placed:{order.order_id}",
                rpc_timeout=timedelta(seconds=self._timeout_s),
            )
        )

    async def cancel(
        self, user_id: int, client_order_id: str, request: CancelRequest
    ) -> CancelAnswer:
        """Ask a running saga to cancel; one that has ended has no open order."""
        handle = self._client.get_workflow_handle_for(
            PlaceOrderWorkflow.run, topology.order_workflow_id(user_id, client_order_id)
        )
        try:
            return await self._answer(
                lambda: handle.execute_update(
                    PlaceOrderWorkflow.cancel,
                    request,
                    id=f"cancel:{request.cancel_id}",
                    rpc_timeout=timedelta(seconds=self._timeout_s),
                )
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return order_messages.cancel_refused(request)
            raise OutcomeUnknown from error

    async def deposit(self, deposit: Deposit) -> DepositOutcome:
        """Run the deposit's saga, once per idempotency key for as long as Temporal remembers.

        After that the wallet's inbox knows the key, and answers the same.
        """
        outcome = await self._answer(lambda: self._deposit(deposit))
        if (outcome.currency, outcome.amount) != (deposit.currency, deposit.amount):
            # The key met a deposit that still runs, and that one is for something else.
            return msgspec.structs.replace(
                outcome,
                status=FundingStatus.CONFLICT,
                transfer_id=None,
                available=None,
                detail="the idempotency key belongs to another deposit",
            )
        return outcome

    async def _deposit(self, deposit: Deposit) -> DepositOutcome:
        handle = await self._client.start_workflow(
            DepositWorkflow.run,
            deposit,
            id=topology.deposit_workflow_id(deposit.user_id, deposit.idempotency_key),
            task_queue=topology.ORDERS_TASK_QUEUE,
            task_timeout=TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
        return await handle.result()

    async def saga_view(self, user_id: int, client_order_id: str) -> SagaView | None:
        """How far an order's saga has come; None where Temporal has forgotten it."""
        handle = self._client.get_workflow_handle_for(
            PlaceOrderWorkflow.run, topology.order_workflow_id(user_id, client_order_id)
        )
        try:
            return await handle.query(PlaceOrderWorkflow.saga, rpc_timeout=QUERY_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise OutcomeUnknown from error

    async def _answer(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer, or OutcomeUnknown.

        A signal that lands while a workflow task closes makes Temporal drop the task and the
        update that it carried: the update is asked for again, under the same id. Where the
        workflow is gone by then, nobody can tell whether this update ended it.

        Raises:
            OutcomeUnknown: nobody can say now whether the request had its effect.
        """
        again = False
        try:
            async with asyncio.timeout(self._timeout_s):
                while True:
                    try:
                        return await ask()
                    except RPCError as error:
                        if error.status is not TASK_DROPPED:
                            raise
                        again = True
                        log.info("saga.asked_again", error=str(error))
                        await asyncio.sleep(ASK_AGAIN_PAUSE_S)
        except (
            TimeoutError,
            WorkflowUpdateRPCTimeoutOrCancelledError,
            WorkflowUpdateFailedError,
            WorkflowAlreadyStartedError,
        ) as error:
            log.warning("saga.unknown", error=repr(error))
            raise OutcomeUnknown from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND and not again:
                raise
            log.warning("saga.unknown", error=repr(error))
            raise OutcomeUnknown from error
