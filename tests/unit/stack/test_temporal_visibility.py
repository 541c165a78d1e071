"""Which of Temporal's indexes go, and that a file of another shape is left alone."""

import sqlite3
from pathlib import Path

import pytest

from stack.temporal_visibility import drop_unused_indexes, kept

ALL = ("default_idx", "by_workflow_id", "by_workflow_type", "by_status", "by_keyword_01",
       "by_keyword_02", "by_keyword_10", "by_int_01", "by_history_length")  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return _made(tmp_path, ALL)


def _made(directory: Path, indexes: tuple[str, ...]) -> Path:
    path = directory / "temporal.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE executions_visibility (run_id TEXT PRIMARY KEY, a, b)")
        connection.execute("CREATE TABLE tasks (a)")
        connection.execute("CREATE INDEX by_task ON tasks (a)")
        for name in indexes:
            connection.execute(f"CREATE INDEX {name} ON executions_visibility (a, b)")
    return path


def _indexes(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        return {row[0] for row in rows if not row[0].startswith("sqlite_")}


def test_indexes_of_our_attributes_and_of_the_lists_stay(database: Path) -> None:
    dropped = drop_unused_indexes(database, ["Keyword01", "Keyword10"])
    assert dropped == ["by_history_length", "by_int_01", "by_keyword_02"]
    assert _indexes(database) == kept(["Keyword01", "Keyword10"]) | {"by_task"}


def test_second_time_there_is_nothing_left_to_drop(database: Path) -> None:
    drop_unused_indexes(database, ["Keyword01"])
    assert drop_unused_indexes(database, ["Keyword01"]) == []


@pytest.mark.parametrize(
    "indexes", [(), ("by_int_01",), tuple(name for name in ALL if name != "default_idx")]
)
def test_file_of_another_shape_is_left_alone(tmp_path: Path, indexes: tuple[str, ...]) -> None:
    database = _made(tmp_path, indexes)
    before = _indexes(database)
    assert drop_unused_indexes(database, ["Keyword01"]) == []
    assert _indexes(database) == before


def test_database_that_somebody_writes_to_is_waited_for(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stack.temporal_visibility.LOCK_PATIENCE_S", 0.05)
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    before = _indexes(database)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        drop_unused_indexes(database, ["Keyword01"])
    writer.execute("ROLLBACK")
    assert _indexes(database) == before
    assert drop_unused_indexes(database, ["Keyword01"])
