"""What the history of an order's workflow tells, as entries of its timeline. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from cli.order_timeline import Entry
from contracts.orders import SagaView

LOCAL_ACTIVITY: Final = "core_local_activity"
_PREFIX: Final = "EVENT_TYPE_"
_TOLD_BY_THE_REST: Final = {
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
}


@dataclass(frozen=True)
class Run:
    """One run of the order's workflow. `saga` is None where no worker answered the query."""

    workflow_id: str
    run_id: str
    status: str
    events: tuple[HistoryEvent, ...]
    saga: SagaView | None = None


def from_run(run: Run) -> list[Entry]:
    """The run's events, its local activities when they completed, and the saga's own steps."""
    found = [
        _from_event(event) for event in run.events if event.event_type not in _TOLD_BY_THE_REST
    ]
    if found:
        found[0] = _from_start(run, found[0])
    return [*found, *_steps(run.saga)]


def _from_start(run: Run, first: Entry) -> Entry:
    return Entry(
        at_ms=first.at_ms,
        seen="workflow",
        kind=first.kind,
        what=f"workflow {run.workflow_id} started: run {run.run_id}, now {run.status},"
        f" {len(run.events)} events",
        facts={
            **first.facts,
            "workflow_id": run.workflow_id,
            "run_id": run.run_id,
            "status": run.status,
            "history_length": len(run.events),
            "saga_state": None if run.saga is None else run.saga.state.value,
        },
    )


def _steps(saga: SagaView | None) -> Iterable[Entry]:
    for step in () if saga is None else saga.steps:
        yield Entry(
            at_ms=step.at_ms,
            seen="workflow",
            kind="STEP",
            what=f"saga: {step.name}" + (f" ({step.detail})" if step.detail else ""),
            facts={"name": step.name, "detail": step.detail},
        )


def _from_event(event: HistoryEvent) -> Entry:
    kind = EventType.Name(event.event_type).removeprefix(_PREFIX)
    at_ms = event.event_time.ToMilliseconds()
    facts: dict[str, Any] = {"event_id": event.event_id}
    what = kind.lower().replace("_", " ")
    marker = event.marker_recorded_event_attributes
    if marker.marker_name == LOCAL_ACTIVITY:
        return _from_marker(event)
    detail = _detail(event)
    if detail:
        what += f": {detail}"
    return Entry(at_ms=at_ms, seen="workflow", kind=kind, what=what, facts=facts)


def _from_marker(event: HistoryEvent) -> Entry:
    """A local activity. Its clock runs on from its task's start, so it may lag; never before
    the activity was scheduled."""
    marker = event.marker_recorded_event_attributes
    data = json.loads(marker.details["data"].payloads[0].data)
    name, attempt = data["activity_type"], data["attempt"]
    failure = marker.failure.message
    what = f"local activity {name} " + (f"failed: {failure}" if failure else "completed")
    scheduled_ms = _ms(data.get("original_schedule_time"))
    return Entry(
        at_ms=max(_ms(data.get("complete_time")), scheduled_ms)
        or event.event_time.ToMilliseconds(),
        seen="workflow",
        kind="LOCAL_ACTIVITY",
        what=what + (f" at attempt {attempt}" if attempt > 1 else ""),
        facts={
            "event_id": event.event_id,
            "activity": name,
            "attempt": attempt,
            "scheduled_at_ms": scheduled_ms,
            "recorded_at_ms": event.event_time.ToMilliseconds(),
        },
    )


def _ms(at: dict[str, int] | None) -> int:
    return 0 if at is None else at["seconds"] * 1000 + at["nanos"] // 1_000_000


def _detail(event: HistoryEvent) -> str:
    """The one word that tells an event from others of its kind."""
    match event.WhichOneof("attributes"):
        case "workflow_execution_signaled_event_attributes":
            told = event.workflow_execution_signaled_event_attributes.signal_name
        case "workflow_execution_update_accepted_event_attributes":
            accepted = event.workflow_execution_update_accepted_event_attributes
            told = accepted.accepted_request.input.name
        case "workflow_execution_update_completed_event_attributes":
            told = event.workflow_execution_update_completed_event_attributes.meta.update_id
        case "upsert_workflow_search_attributes_event_attributes":
            upserted = event.upsert_workflow_search_attributes_event_attributes
            fields = upserted.search_attributes.indexed_fields
            told = ", ".join(f"{name} = {fields[name].data.decode()}" for name in sorted(fields))
        case "workflow_task_failed_event_attributes":
            told = event.workflow_task_failed_event_attributes.failure.message
        case "workflow_execution_failed_event_attributes":
            told = event.workflow_execution_failed_event_attributes.failure.message
        case _:
            told = ""
    return told
