"""A failed test's report: the warnings of its own time, of every process."""

from pathlib import Path

from tests.support.failure_report import LINES_MAX, grave_lines

BEGAN_S = 1_800_000_000.0  # 2027-01-15 08:00 UTC


def line(second: int, level: str, event: str = "it.happened") -> str:
    return f'{{"event":"{event}","level":"{level}","timestamp":"2027-01-15T08:00:{second:02}Z"}}\n'


def test_only_what_is_grave_and_of_this_test_is_shown(tmp_path: Path) -> None:
    (tmp_path / "gateway.log").write_text(
        "2027-01-15T07:59:59Z a server's own line\n[1]\n"
        + line(1, "info")
        + line(3, "warning", "read.failed")
    )
    (tmp_path / "audit.log").write_text(
        line(2, "error", "write.failed").replace("08:00:02", "07:59:59")
        + line(2, "error", "write.failed")
    )
    shown = grave_lines(tmp_path, BEGAN_S).splitlines()
    assert [found.split(": ")[0] for found in shown] == [
        "2027-01-15T08:00:02Z audit",
        "2027-01-15T08:00:03Z gateway",
    ]
    assert "read.failed" in shown[1]


def test_of_many_the_newest_are_shown(tmp_path: Path) -> None:
    (tmp_path / "gateway.log").write_text("".join(line(n, "error") for n in range(60)))
    shown = grave_lines(tmp_path, BEGAN_S).splitlines()
    assert len(shown) == LINES_MAX
    assert shown[-1].startswith("2027-01-15T08:00:59Z")


def test_no_log_is_nothing(tmp_path: Path) -> None:
    assert grave_lines(tmp_path / "none", BEGAN_S) == ""
