"""What the command line's own tools may use of a platform that is up: reads, never secrets of root.

Servers take free ports, so whoever wants to look at the ledger, the engine or a workflow beside
the platform finds their addresses here: `run/tools.json`, readable by its owner alone, gone when
the platform is down.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from config.settings import Settings
from stack.credentials import write_private

ALLOWED: Final = (
    "TRADEFLOW_MYSQL__HOST",
    "TRADEFLOW_MYSQL__PORT",
    "TRADEFLOW_MYSQL__READER__",
    "TRADEFLOW_KAFKA__",
    "TRADEFLOW_MONGO__",  # the audit trail has one login
    "TRADEFLOW_TEMPORAL__",
    "TRADEFLOW_MATCHING_HEALTH_URL",
    "TRADEFLOW_WORKER_HEALTH",
)


def write_tools(data_dir: Path, environment: Mapping[str, str]) -> None:
    """Keep the variables that reading tools need."""
    allowed = {name: value for name, value in environment.items() if name.startswith(ALLOWED)}
    write_private(_path(data_dir), json.dumps(allowed, indent=2))


def read_tools(data_dir: Path) -> Settings | None:
    """Settings for reading tools, or None where no platform is up on this directory."""
    path = _path(data_dir)
    if not path.exists():
        return None
    return Settings.from_environment(json.loads(path.read_text()))


def clear_tools(data_dir: Path) -> None:
    """Nothing is up any more."""
    _path(data_dir).unlink(missing_ok=True)


def _path(data_dir: Path) -> Path:
    return data_dir / "run" / "tools.json"
