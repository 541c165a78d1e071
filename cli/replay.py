"""`tradeflow replay ID`: would the working tree's workflows carry on with this history?"""

import asyncio
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import DataDir, console, fail, reports_errors
from cli.running import running_settings
from stack.errors import StackError
from stack.paths import DEFAULT_DATA_DIR

if TYPE_CHECKING:
    from temporalio.client import WorkflowHistory

    from config.settings import Settings

_MESSAGE = re.compile(r'message: "((?:[^"\\]|\\.)*)"')


class NoHistory(StackError):
    """There is nothing to replay."""


@reports_errors
def replay(
    workflow: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="An orderId, or a workflow id such as order:2:my-id."),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="A saved history; nothing has to run.", dir_okay=False),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", help="Keep the history here.", dir_okay=False),
    ] = None,
) -> None:
    """Replay a workflow's history on the workflows of this working tree, in the sandbox.

    Exit status 1 when they would not do again what the history says.
    """
    if (workflow is None) == (file is None):
        raise fail("give either an ID or --file FILE", 2)
    if file is not None:
        history = _read(file)
    else:
        history = asyncio.run(_export(running_settings(data_dir), workflow or ""))
    if save is not None:
        save.write_text(history.to_json())
        console.print(f"saved in {save}", soft_wrap=True, markup=False)
    failure = asyncio.run(_replay(history))
    console.print(f"{history.workflow_id}: {len(history.events)} events", markup=False)
    if failure is not None:
        raise fail(_readable(failure))
    console.print("OK: the workflows of this working tree do again what the history says")


def _read(file: Path) -> "WorkflowHistory":
    from temporalio.client import WorkflowHistory  # noqa: PLC0415 - takes its time to load

    try:
        return WorkflowHistory.from_json(file.stem, file.read_text())
    except (OSError, ValueError) as error:
        raise NoHistory(f"{file} holds no history: {error}") from error


async def _export(settings: "Settings", name: str) -> "WorkflowHistory":
    """The newest run of that workflow, or of that order's."""
    from temporalio.service import RPCError  # noqa: PLC0415 - takes its time

    from adapters import temporal  # noqa: PLC0415 - takes its time
    from cli.order_workflow import by_order_id, executions  # noqa: PLC0415 - takes its time

    try:
        client = await temporal.connect(settings.temporal)
    except RuntimeError as error:
        raise NoHistory(f"Temporal cannot be reached: {error}") from error
    run_id: str | None = None
    if ":" not in name:
        if not name.isdecimal():
            raise NoHistory(f"{name} is neither an orderId nor a workflow id")
        found = await executions(client, by_order_id(int(name)))
        if not found:
            raise NoHistory(f"Temporal keeps no workflow with OrderId {name}")
        name, run_id = found[-1].id, found[-1].run_id
    try:
        return await client.get_workflow_handle(name, run_id=run_id).fetch_history()
    except RPCError as error:
        raise NoHistory(f"Temporal gives no history of {name}: {error.message}") from error


async def _replay(history: "WorkflowHistory") -> Exception | None:
    from temporalio.runtime import Runtime, TelemetryConfig  # noqa: PLC0415 - takes its time
    from temporalio.worker import Replayer  # noqa: PLC0415 - takes its time

    from adapters.temporal import DATA_CONVERTER  # noqa: PLC0415 - takes its time
    from workflows.registry import SAGAS  # noqa: PLC0415 - takes its time

    # What went wrong is told once, by us.
    logging.getLogger("temporalio").addHandler(logging.NullHandler())
    replayer = Replayer(
        workflows=SAGAS,
        data_converter=DATA_CONVERTER,
        runtime=Runtime(telemetry=TelemetryConfig(logging=None)),
    )
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return result.replay_failure


def _readable(failure: Exception) -> str:
    """The sentence within the SDK's nested structure."""
    told = _MESSAGE.search(str(failure))
    reason = " ".join((told.group(1) if told else str(failure)).split())
    readable = f"{type(failure).__name__}: {reason}."
    if type(failure).__name__ == "NondeterminismError":
        readable += (
            " A saga with this history, under way while this code is deployed, would be stuck:"
            " guard the change with workflow.patched()."
        )
    return readable
