"""Recorded sagas replay on today's workflows; a change that they would not survive is caught."""

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from adapters.temporal import DATA_CONVERTER
from contracts.carried import CarriedOrder
from contracts.orders import OrderOutcome, PlaceOrder
from workflows.place_order import PlaceOrderWorkflow
from workflows.registry import SAGAS

HISTORIES = sorted(Path(__file__).with_name("histories").glob("*.json"))
ACCEPTED_EITHER_WAY = {
    "filled_at_once",
    "resting_then_filled",
    "partially_filled_then_cancelled",
    "no_funds",
    "halted_market_compensated",
    "duplicate_first",
    "duplicate_answered_by_row",
    "wallet_down_then_back",
    "engine_silent_then_cancelled",
}
ACCEPTED_IN_ONE_STEP = {
    "would_take_compensated",
    "ioc_partly_filled",
    "market_by_value",
    "amended_then_filled",
    "stop_triggered",
    "maker_expired_in_match",
    "cancelled_with_all",
    "carried_then_cancelled",
}
PATHS = {
    "deposit__completed",
    "cancel_all",
    "place_order_list__filled",
    "place_order_list__cancelled",
    *(f"place_order__{path}" for path in ACCEPTED_EITHER_WAY),
    *(f"place_order_2__{path}" for path in ACCEPTED_EITHER_WAY | ACCEPTED_IN_ONE_STEP),
}


def history(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text())


def test_every_path_has_a_history() -> None:
    assert {path.stem for path in HISTORIES} >= PATHS


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_history_replays(path: Path) -> None:
    replayer = Replayer(workflows=SAGAS, data_converter=DATA_CONVERTER)
    await replayer.replay_workflow(history(path))


@workflow.defn(name="PlaceOrderWorkflow", sandboxed=False)
class WaitsBeforeRegistering(PlaceOrderWorkflow):
    """What somebody might do some day: a pause in front of a saga whose runs are under way."""

    @workflow.run
    async def run(self, begin: PlaceOrder | CarriedOrder) -> OrderOutcome:
        await workflow.sleep(1)
        return await PlaceOrderWorkflow.run(self, begin)


async def test_incompatible_change_is_caught() -> None:
    replayer = Replayer(workflows=[WaitsBeforeRegistering], data_converter=DATA_CONVERTER)
    filled = next(p for p in HISTORIES if p.stem == "place_order__filled_at_once")

    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history(filled))
