"""The reference pages name every setting, place and process; links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from config.settings import MySQLLogin, Settings
from contracts import topology
from stack.workers import SIMULATOR, WORKERS, Worker

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def variables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The environment variable of every setting; logins are written once for all."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if kind == MySQLLogin | None:
            continue
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from variables(kind, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


@pytest.mark.parametrize("variable", list(variables(Settings, "TRADEFLOW_")))
def test_setting_is_described(variable: str) -> None:
    assert f"`{variable}`" in (REFERENCE / "settings.md").read_text()


@pytest.mark.parametrize(
    "name",
    [
        *topology.TOPICS,
        *topology.COMMAND_QUEUES,
        *(key for keys in topology.COMMAND_QUEUES.values() for key in keys),
        *topology.DATABASES,
        *topology.SEARCH_ATTRIBUTES,
        topology.COMMANDS_EXCHANGE,
        topology.DEAD_LETTER_EXCHANGE,
        topology.AUDIT_TAP_EXCHANGE,
        topology.AUDIT_TAP_QUEUE,
        topology.ORDERS_TASK_QUEUE,
    ],
)
def test_place_is_described(name: str) -> None:
    assert f"`{name}`" in (REFERENCE / "topology.md").read_text()


@pytest.mark.parametrize("worker", [*WORKERS, SIMULATOR], ids=lambda worker: worker.name)
def test_process_is_described(worker: Worker) -> None:
    page = (REFERENCE / "processes.md").read_text()

    assert f"| `{worker.name}` | `{worker.module}` |" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text())

    assert [t for t in targets if not (page.parent / t).exists()] == []
