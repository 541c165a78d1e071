"""Sagas as ops look for them: by Temporal's search attributes, newest first."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec
from temporalio.client import Client, WorkflowExecution
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError

from api.errors import Overloaded
from contracts.orders import SagaState

STUCK_AFTER: Final = timedelta(seconds=30)
QUERY_TIMEOUT: Final = timedelta(seconds=3)
_SAGAS: Final = "WorkflowType IN ('PlaceOrderWorkflow', 'PlaceOrderListWorkflow')"
_UNDECIDED: Final = f"SagaState IN ('{SagaState.STARTED}', '{SagaState.COMPENSATING}')"
_ORDER_ID: Final = SearchAttributeKey.for_keyword("OrderId")
_USER_ID: Final = SearchAttributeKey.for_keyword("UserId")
_SYMBOL: Final = SearchAttributeKey.for_keyword("Symbol")
_STATE: Final = SearchAttributeKey.for_keyword("SagaState")


class Show(StrEnum):
    """Which sagas: those under way, those that should have decided by now, those that people
    must look at, those that ended with nothing."""

    RUNNING = "running"
    STUCK = "stuck"
    INCIDENTS = "incidents"
    FAILED = "failed"


class SagaRow(msgspec.Struct, frozen=True, kw_only=True):
    """One saga. `status` is the workflow's, `state` the saga's; 0 for what has not ended."""

    workflow_id: str
    run_id: str
    order_id: str
    user_id: str
    symbol: str
    state: str
    status: str
    started_at_ms: int
    closed_at_ms: int


class SagaSearch:
    """Asks Temporal's visibility store, which lags the sagas by moments."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def find(self, show: Show, *, limit: int, symbol: str | None = None) -> list[SagaRow]:
        """At most `limit` sagas, the newest first.

        Raises:
            Overloaded: Temporal does not answer.
        """
        query = _query(show, datetime.now(UTC), symbol)
        try:
            found = self._client.list_workflows(
                query, limit=limit, page_size=limit, rpc_timeout=QUERY_TIMEOUT
            )
            return [_row(execution) async for execution in found]
        except RPCError as error:
            raise Overloaded from error


def _query(show: Show, now: datetime, symbol: str | None) -> str:
    conditions = [_SAGAS]
    if symbol is not None:
        conditions.append(f"Symbol = '{symbol}'")
    if show in {Show.RUNNING, Show.STUCK}:
        conditions.append("ExecutionStatus = 'Running'")
    if show is Show.STUCK:
        before = (now - STUCK_AFTER).isoformat(timespec="milliseconds")
        conditions += [_UNDECIDED, f"StartTime < '{before}'"]
    if show is Show.INCIDENTS:
        conditions.append(f"SagaState = '{SagaState.INCIDENT}'")
    if show is Show.FAILED:
        conditions.append(f"SagaState = '{SagaState.FAILED}'")
    return " AND ".join(conditions)


def _row(execution: WorkflowExecution) -> SagaRow:
    attributes = execution.typed_search_attributes

    def text(key: SearchAttributeKey[Any]) -> str:
        return str(attributes.get(key, ""))

    return SagaRow(
        workflow_id=execution.id,
        run_id=execution.run_id,
        order_id=text(_ORDER_ID),
        user_id=text(_USER_ID),
        symbol=text(_SYMBOL),
        state=text(_STATE),
        status=execution.status.name if execution.status else "",
        started_at_ms=_ms(execution.start_time),
        closed_at_ms=_ms(execution.close_time) if execution.close_time else 0,
    )


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
