"""`tradeflow replay --file`: today's history passes, one that the code cannot follow fails."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from stack.paths import ROOT

FILLED = Path(ROOT, "tests/replay/histories/place_order__filled_at_once.json")


def replay(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["replay", *arguments])
    return result.exit_code, result.output


def planted(path: Path, change: str) -> Path:
    """The golden history of another code: one without an attribute, or of another workflow."""
    history: dict[str, Any] = json.loads(FILLED.read_text())
    if change == "no attribute":
        history["events"] = [e for e in history["events"] if "UPSERT" not in e["eventType"]]
        for number, event in enumerate(history["events"], 1):
            event["eventId"] = str(number)
    else:
        started = history["events"][0]["workflowExecutionStartedEventAttributes"]
        started["workflowType"]["name"] = change
    path.write_text(json.dumps(history))
    return path


def test_golden_history_is_ok() -> None:
    status, output = replay("--file", str(FILLED))
    assert status == 0, output
    assert "13 events" in output
    assert "OK" in output


def test_incompatible_history_exits_with_1_and_one_sentence(tmp_path: Path) -> None:
    status, output = replay("--file", str(planted(tmp_path / "h.json", "no attribute")))
    assert status == 1
    assert "NondeterminismError: [TMPRL1100]" in output
    assert "workflow.patched()" in output
    assert "Traceback" not in output
    assert len(output.strip().splitlines()) == 2


def test_unknown_workflow_is_named(tmp_path: Path) -> None:
    status, output = replay("--file", str(planted(tmp_path / "h.json", "OtherWorkflow")))
    assert status == 1
    assert "Workflow class OtherWorkflow is not registered" in output
    assert "patched" not in output


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense"])
def test_file_without_a_history_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "h.json"
    file.write_text(text)
    status, output = replay("--file", str(file))
    assert status == 1
    assert "holds no history" in output


def test_history_can_be_saved_and_replayed_again(tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    assert replay("--file", str(FILLED), "--save", str(saved))[0] == 0
    assert replay("--file", str(saved))[0] == 0


def test_id_or_file_but_not_both_nor_none() -> None:
    assert replay()[0] == 2
    assert replay("1", "--file", str(FILLED))[0] == 2


@pytest.mark.parametrize("command", ["order", "replay"])
def test_nothing_up_is_a_plain_error(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRADEFLOW_MYSQL__READER__USER", raising=False)
    result = CliRunner().invoke(app, [command, "1", "--data-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert "is not up" in result.output
