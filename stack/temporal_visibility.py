"""Temporal's development server keeps 58 indexes on its list of workflows; we ask by a few.

Every workflow that starts, ends or changes a search attribute writes them all: measured, that was
half of the server's processor time. The indexes that nobody's query here needs are dropped from
the SQLite file, once, while the server runs: SQLite's clients prepare their statements anew when
the schema has changed. Every query still works, by one of those that stay or by a scan.
"""

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TABLE: Final = "executions_visibility"
LOCK_PATIENCE_S: Final = 20.0
_COLUMN: Final = re.compile(r"^([A-Za-z]+)([0-9]+)$")


def kept(columns: Iterable[str]) -> frozenset[str]:
    """The indexes that stay: those for lists, single workflows, types and statuses, and those
    of the columns that hold our search attributes, such as `Keyword07`."""
    ours = {_COLUMN.sub(r"by_\1_\2", column).lower() for column in columns}
    return frozenset({"default_idx", "by_workflow_id", "by_workflow_type", "by_status"} | ours)


def drop_unused_indexes(database: Path, columns: Iterable[str]) -> list[str]:
    """Drop what is not kept; returns the names, none when that was done before.

    A file that looks otherwise (another version's) is left as it is.
    """
    keep = kept(columns)
    connection = sqlite3.connect(database, timeout=LOCK_PATIENCE_S, isolation_level=None)
    try:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
            " AND sql IS NOT NULL",
            (TABLE,),
        )
        names = {str(row[0]) for row in found}
        unused = sorted(names - keep)
        if not keep <= names or not unused:
            return []
        connection.execute("BEGIN IMMEDIATE")
        for name in unused:
            connection.execute(f'DROP INDEX "{name}"')
        connection.execute("COMMIT")
    finally:
        connection.close()
    return unused
