"""The way from HTTP into the workflows: start them, ask them, and never claim to know more."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import msgspec
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowHandle,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.answers import Answers
from api.asking import AT_WORK, WAITING, Asking
from api.errors import OutcomeUnknown
from contracts import topology
from contracts.funding import Deposit, DepositOutcome, FundingStatus
from contracts.orders import (
    AmendAnswer,
    AmendRequest,
    CancelAllAnswer,
    CancelAllRequest,
    CancelAnswer,
    CancelRequest,
    ListAnswer,
    OrderOutcome,
    PlacementAnswer,
    PlaceOrder,
    PlaceOrderList,
    SagaView,
)
from workflows import attributes, order_messages
from workflows.cancel_all import CancelAllWorkflow
from workflows.deposit import DepositWorkflow
from workflows.options import TASK_TIMEOUT
from workflows.place_order import PlaceOrderWorkflow
from workflows.place_order_list import PlaceOrderListWorkflow

QUERY_TIMEOUT: Final = timedelta(seconds=3)
SHORT_WAY_S: Final = 5.0  # longer than any queue here; asking by update would only add to it

EAGERLY_STARTED: Final = "__temporal_eagerly_started"  # the SDK's mark on a handle


class TemporalSagas:
    """Places, cancels, amends and deposits by starting and asking workflows.

    With `answers`, a saga worker runs in this process on the same client: an order is then
    started eagerly, which hands its first task straight back to this process, and its answer
    comes the short way. It is a shortcut and never a need: whatever is amiss with it, the
    answer is asked for as an update.
    """

    def __init__(
        self,
        client: Client,
        answer_timeout_s: float,
        answers: Answers | None = None,
        *,
        at_work: int = AT_WORK,
        waiting: int = WAITING,
    ) -> None:
        self._client = client
        self._timeout_s = answer_timeout_s
        self._answers = answers
        self._asking = Asking(answer_timeout_s, at_work=at_work, waiting=waiting)

    async def place(self, order: PlaceOrder) -> PlacementAnswer:
        """Start the order's saga, or meet the one that runs under the same client order id.

        Raises:
            Overloaded: too many orders wait already; nothing was started.
        """
        answers = self._answers
        async with self._asking.room():
            if answers is None:
                return await self._asking.answer(lambda: self._place_by_update(order))
            return await self._asking.answer(lambda: self._place_eagerly(order, answers))

    async def _place_eagerly(self, order: PlaceOrder, answers: Answers) -> PlacementAnswer:
        with answers.expected(order) as answer:
            try:
                handle = await self._client.start_workflow(
                    PlaceOrderWorkflow.run,
                    order,
                    id=topology.order_workflow_id(order.user_id, order.client_order_id),
                    task_queue=topology.ORDERS_TASK_QUEUE,
                    task_timeout=TASK_TIMEOUT,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                    search_attributes=attributes.at_start(order),
                    request_eager_start=True,
                )
            except WorkflowAlreadyStartedError:
                return await self._place_by_update(order)
            if getattr(handle, EAGERLY_STARTED, False):
                await asyncio.wait([answer], timeout=SHORT_WAY_S)
            if answer.done():
                return answer.result()
        return await self._place_by_update(order)

    async def _place_by_update(self, order: PlaceOrder) -> PlacementAnswer:
        start = WithStartWorkflowOperation(
            PlaceOrderWorkflow.run,
            order,
            id=topology.order_workflow_id(order.user_id, order.client_order_id),
            task_queue=topology.ORDERS_TASK_QUEUE,
            task_timeout=TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=attributes.at_start(order),
        )
        return await self._client.execute_update_with_start_workflow(
            PlaceOrderWorkflow.placed,
            order,
            start_workflow_operation=start,
            id=f"placed:{order.order_id}",
            rpc_timeout=timedelta(seconds=self._timeout_s),
        )

    async def place_list(self, order_list: PlaceOrderList) -> ListAnswer:
        """`place`, for a one-cancels-the-other list."""

        def start() -> WithStartWorkflowOperation[PlaceOrderListWorkflow, tuple[OrderOutcome, ...]]:
            return WithStartWorkflowOperation(
                PlaceOrderListWorkflow.run,
                order_list,
                id=topology.order_list_workflow_id(
                    order_list.user_id, order_list.list_client_order_id
                ),
                task_queue=topology.ORDERS_TASK_QUEUE,
                task_timeout=TASK_TIMEOUT,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                search_attributes=attributes.at_start(order_list.legs[0]),
            )

        async with self._asking.room():
            return await self._asking.answer(
                lambda: self._client.execute_update_with_start_workflow(
                    PlaceOrderListWorkflow.placed,
                    order_list,
                    start_workflow_operation=start(),
                    id=f"placed:{order_list.list_id}",
                    rpc_timeout=timedelta(seconds=self._timeout_s),
                )
            )

    async def cancel(
        self,
        user_id: int,
        client_order_id: str,
        request: CancelRequest,
        *,
        list_client_order_id: str = "",
    ) -> CancelAnswer:
        """Ask a running saga to cancel; one that has ended has no open order.

        A leg of an order list is its list's to cancel, and the list goes with it.
        """
        handle = self._saga_of(user_id, client_order_id, list_client_order_id)
        try:
            return await self._asking.answer(
                lambda: handle.execute_update(
                    PlaceOrderWorkflow.cancel,  # the list's has the same name and shape
                    request,
                    id=f"cancel:{request.cancel_id}",
                    rpc_timeout=timedelta(seconds=self._timeout_s),
                )
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return order_messages.cancel_refused(request)
            raise OutcomeUnknown from error

    async def amend(self, user_id: int, client_order_id: str, request: AmendRequest) -> AmendAnswer:
        """Ask a running saga to reduce its order; one that has ended has no open order."""
        handle = self._client.get_workflow_handle_for(
            PlaceOrderWorkflow.run, topology.order_workflow_id(user_id, client_order_id)
        )
        try:
            return await self._asking.answer(
                lambda: handle.execute_update(
                    PlaceOrderWorkflow.amend,
                    request,
                    id=f"amend:{request.amend_id}",
                    rpc_timeout=timedelta(seconds=self._timeout_s),
                )
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return order_messages.amend_refused(request)
            raise OutcomeUnknown from error

    async def cancel_all(self, request: CancelAllRequest) -> CancelAllAnswer:
        """Take all of a user's orders off one market's book."""
        return await self._asking.answer(
            lambda: self._client.execute_workflow(
                CancelAllWorkflow.run,
                request,
                id=topology.cancel_all_workflow_id(request.command_id),
                task_queue=topology.ORDERS_TASK_QUEUE,
                task_timeout=TASK_TIMEOUT,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                request_eager_start=self._answers is not None,
            )
        )

    async def deposit(self, deposit: Deposit) -> DepositOutcome:
        """Run the deposit's saga, once per idempotency key for as long as Temporal remembers.

        After that the wallet's inbox knows the key, and answers the same.
        """
        outcome = await self._asking.answer(lambda: self._deposit(deposit))
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

    async def saga_view(
        self, user_id: int, client_order_id: str, *, list_client_order_id: str = ""
    ) -> SagaView | None:
        """How far an order's saga has come; None where Temporal has forgotten it."""
        handle = self._saga_of(user_id, client_order_id, list_client_order_id)
        try:
            return await handle.query(PlaceOrderWorkflow.saga, rpc_timeout=QUERY_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise OutcomeUnknown from error

    def _saga_of(
        self, user_id: int, client_order_id: str, list_client_order_id: str
    ) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(
            topology.saga_workflow_id(user_id, client_order_id, list_client_order_id)
        )
