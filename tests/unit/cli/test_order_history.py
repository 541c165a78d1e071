"""What recorded histories tell in a timeline."""

import json
from pathlib import Path

from temporalio.client import WorkflowHistory

from cli.order_history import Run, from_run
from cli.order_timeline import merge
from contracts.message import encode
from contracts.orders import OrderStatus, SagaState, SagaStep, SagaView
from stack.paths import ROOT

T = 1_795_382_522_708
ORDER = 244502211407360
HISTORIES = Path(ROOT, "tests/replay/histories")


def test_history_tells_activities_updates_and_end_and_the_saga_its_steps() -> None:
    text = (HISTORIES / "place_order__partially_filled_then_cancelled.json").read_text()
    history = WorkflowHistory.from_json("order:2:mine", text)
    saga = SagaView(
        order_id=ORDER,
        state=SagaState.COMPLETED,
        status=OrderStatus.CANCELLED,
        steps=(SagaStep(name="funds_reserved", at_ms=T + 80, detail="50 USDT"),),
    )
    run = Run("order:2:mine", history.run_id, "COMPLETED", tuple(history.events), saga)
    found = from_run(run)
    assert found[0].what.startswith("workflow order:2:mine started: run ")
    assert found[0].facts["history_length"] == len(history.events) == 22
    activities = [one.facts["activity"] for one in found if one.kind == "LOCAL_ACTIVITY"]
    assert activities[:3] == ["register_order", "reserve_funds", "submit_order"]
    assert [one.what for one in found if one.kind.endswith("UPDATE_ACCEPTED")] == [
        "workflow execution update accepted: placed",
        "workflow execution update accepted: cancel",
    ]
    assert found[-2].kind == "WORKFLOW_EXECUTION_COMPLETED"
    assert found[-1].what == "saga: funds_reserved (50 USDT)"
    assert not any("TASK" in one.kind for one in found)


def test_a_step_that_was_tried_again_says_so() -> None:
    text = (HISTORIES / "place_order__wallet_down_then_back.json").read_text()
    run = Run("w", "r", "COMPLETED", tuple(WorkflowHistory.from_json("w", text).events))
    told = [one for one in from_run(run) if one.kind == "LOCAL_ACTIVITY"]
    assert told[1].what == "local activity reserve_funds completed at attempt 3"
    assert all(one.at_ms >= one.facts["scheduled_at_ms"] for one in told)
    assert json.loads(encode(merge([told])))[0]["seen"] == "workflow"
