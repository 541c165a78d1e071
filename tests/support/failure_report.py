"""What the platform logged while a test failed: warnings and errors, for the test's report.

Its data directory is gone once the tests have ended, and a client sees no reasons."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

GRAVE: Final = frozenset({"warning", "error", "critical"})
READ_MAX_BYTES: Final = 1_000_000
LINES_MAX: Final = 40
LINE_MAX: Final = 600


def grave_lines(log_dir: Path, since_s: float) -> str:
    """The newest warnings and errors of every process since then (seconds since 1970)."""
    since = datetime.fromtimestamp(since_s, UTC)
    found = sorted(line for log in log_dir.glob("*.log") for line in _lines(log, since))
    return "\n".join(found[-LINES_MAX:])


def _lines(log: Path, since: datetime) -> Iterator[str]:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - READ_MAX_BYTES))
        tail = file.read()
    for line in tail.decode(errors="replace").splitlines():
        try:
            entry = json.loads(line)
            at, level = datetime.fromisoformat(entry["timestamp"]), entry["level"]
        except (ValueError, KeyError, TypeError):
            continue  # a server's own format
        if at >= since and level in GRAVE:
            yield f"{entry['timestamp']} {log.stem}: {line}"[:LINE_MAX]
