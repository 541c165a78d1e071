"""Finds an order's workflow in Temporal as ops would: by its search attribute."""

import asyncio
import time
from datetime import timedelta
from typing import Final

from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError

from cli.order_history import Run
from contracts.orders import SagaView
from workflows.place_order import PlaceOrderWorkflow

INDEXED_WITHIN_S: Final = 3.0  # a workflow is found a moment after it has started
QUERY_TIMEOUT: Final = timedelta(seconds=5)


async def executions(client: Client, order_id: int) -> list[WorkflowExecution]:
    """The runs that carry this OrderId, oldest first; none where Temporal no longer keeps any."""
    deadline = time.monotonic() + INDEXED_WITHIN_S
    while True:
        found = [one async for one in client.list_workflows(f'OrderId = "{order_id}"')]
        if found or time.monotonic() > deadline:
            return sorted(found, key=lambda one: one.start_time)
        await asyncio.sleep(0.2)


async def read_run(client: Client, one: WorkflowExecution) -> Run:
    """The run's history, and its steps if a worker answers."""
    handle = client.get_workflow_handle(one.id, run_id=one.run_id)
    history = await handle.fetch_history()
    try:
        saga: SagaView | None = await handle.query(
            PlaceOrderWorkflow.saga, rpc_timeout=QUERY_TIMEOUT
        )
    except RPCError:
        saga = None
    return Run(
        workflow_id=one.id,
        run_id=one.run_id,
        status=one.status.name if one.status else "UNKNOWN",
        events=tuple(history.events),
        saga=saga,
    )
