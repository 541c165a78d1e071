"""What scripts read: .tradeflow/status.json, written when all is ready, gone when it is not."""

from pathlib import Path
from typing import Any

import msgspec

from stack.credentials import write_private
from stack.seed import DemoUser


class Status(msgspec.Struct, frozen=True):
    """Addresses, demo logins and process ids of a platform that is up."""

    api: str
    ws: str
    temporal: str
    temporal_ui: str
    users: list[DemoUser]
    processes: dict[str, int]
    ccxt: dict[str, Any] | None = None  # what ccxt.binance takes, in the first user's name


def status_path(data_dir: Path) -> Path:
    return data_dir / "status.json"


def write_status(data_dir: Path, status: Status) -> None:
    """Replace the file at once; readable by its owner alone, since it holds the demo secrets."""
    write_private(status_path(data_dir), msgspec.json.encode(status).decode())


def read_status(data_dir: Path) -> Status | None:
    """The status, or None when nothing is up."""
    path = status_path(data_dir)
    if not path.exists():
        return None
    return msgspec.json.decode(path.read_bytes(), type=Status)


def clear_status(data_dir: Path) -> None:
    """Nothing is up any more."""
    status_path(data_dir).unlink(missing_ok=True)
