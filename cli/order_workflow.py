"""Finds an order's workflow in Temporal as ops would: by its search attribute."""

import asyncio
import time
from datetime import timedelta
from typing import Final

from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError

from cli.order_history import Run
from contracts.orders import SagaView
from contracts.topology import order_list_workflow_id
from orders.tables import OrderRow
from workflows.place_order import PlaceOrderWorkflow

INDEXED_WITHIN_S: Final = 3.0  # a workflow is found a moment after it has started
QUERY_TIMEOUT: Final = timedelta(seconds=5)


def by_order_id(order_id: int) -> str:
    """The query that ops would type. It finds a list by its first leg only."""
    return f'OrderId = "{order_id}"'


def by_row(row: OrderRow) -> str:
    """The query for an order whose row is known: a leg is driven by its list's workflow."""
    if not row.list_client_order_id:
        return by_order_id(row.order_id)
    return f'WorkflowId = "{order_list_workflow_id(row.user_id, row.list_client_order_id)}"'


async def executions(client: Client, query: str) -> list[WorkflowExecution]:
    """The runs that are found, oldest first; none where Temporal no longer keeps any."""
    deadline = time.monotonic() + INDEXED_WITHIN_S
    while True:
        found = [one async for one in client.list_workflows(query)]
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
