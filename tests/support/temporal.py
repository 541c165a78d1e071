"""The time-skipping Temporal server, and sagas on it with fake partners."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.registry import saga_activities
from adapters.temporal import DATA_CONVERTER
from contracts.orders import OrderOutcome, PlacementAnswer, PlaceOrder
from contracts.topology import SEARCH_ATTRIBUTES, order_workflow_id
from tests.support.partners import FakeMatching, FakeOrders, FakeWallet
from workflows import attributes
from workflows.options import TASK_TIMEOUT
from workflows.place_order import PlaceOrderWorkflow
from workflows.registry import SAGAS


def test_server_path() -> str:
    """The time-skipping server's binary, installed beside this Python."""
    beside = Path(sys.executable).with_name("temporal-test-server")
    found = str(beside) if beside.exists() else shutil.which("temporal-test-server")
    if not found:
        raise RuntimeError("temporal-test-server is missing: run `make set-up`")
    return found


test_server_path.__test__ = False  # type: ignore[attr-defined]


@asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server with our search attributes."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=test_server_path(), data_converter=DATA_CONVERTER
    ) as environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=environment.client.namespace,
                search_attributes=dict.fromkeys(
                    SEARCH_ATTRIBUTES, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
                ),
            )
        )
        yield environment


class Sagas:
    """Runs order sagas, sandboxed, against fake partners on a queue of its own."""

    def __init__(self, environment: WorkflowEnvironment) -> None:
        self.environment = environment
        self.client: Client = environment.client
        self.orders = FakeOrders()
        self.wallet = FakeWallet()
        self.matching = FakeMatching()
        self.task_queue = f"test-{uuid4()}"

    def worker(self) -> Worker:
        return Worker(
            self.client,
            task_queue=self.task_queue,
            workflows=SAGAS,
            activities=saga_activities(self.orders, self.wallet, self.matching),
        )

    async def start(self, order: PlaceOrder) -> WorkflowHandle[PlaceOrderWorkflow, OrderOutcome]:
        """Start the order's saga without waiting for its answer."""
        return await self.client.start_workflow(
            PlaceOrderWorkflow.run,
            order,
            id=order_workflow_id(order.user_id, order.client_order_id),
            task_queue=self.task_queue,
            task_timeout=TASK_TIMEOUT,
            search_attributes=attributes.at_start(order),
        )

    async def place_and_skip(
        self, order: PlaceOrder
    ) -> tuple[PlacementAnswer, WorkflowHandle[PlaceOrderWorkflow, OrderOutcome]]:
        """Place an order whose answer takes long: awaiting an update alone skips no time."""
        placing = asyncio.create_task(self.place(order))
        while not placing.done():
            await self.environment.sleep(timedelta(seconds=1))
            await asyncio.wait([placing], timeout=0.02)
        return placing.result()

    async def place(
        self, order: PlaceOrder
    ) -> tuple[PlacementAnswer, WorkflowHandle[PlaceOrderWorkflow, OrderOutcome]]:
        """Place as the gateway does: start, and await the answer by an update."""
        start = WithStartWorkflowOperation(
            PlaceOrderWorkflow.run,
            order,
            id=order_workflow_id(order.user_id, order.client_order_id),
            task_queue=self.task_queue,
            task_timeout=TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=attributes.at_start(order),
        )
        answer = await self.client.execute_update_with_start_workflow(
            PlaceOrderWorkflow.placed, order, start_workflow_operation=start
        )
        return answer, await start.workflow_handle()
