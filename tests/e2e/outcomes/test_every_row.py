"""Every row of the table in the document has a test, and no test names a row that is not there."""

import ast
import re
from collections import Counter
from pathlib import Path

from stack.paths import ROOT

DOCUMENT = ROOT / "docs" / "reference" / "order-types.md"
ROW = re.compile(r"^\| *(\d+) *\|", re.MULTILINE)
TEST = re.compile(r"test_row_(\d+)_")


def _rows() -> list[int]:
    """The numbers of the table of outcomes, in its order."""
    return [int(number) for number in ROW.findall(DOCUMENT.read_text())]


def _tests() -> Counter[int]:
    """Row → tests that are named after it, in all files beside this one."""
    found: Counter[int] = Counter()
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.AsyncFunctionDef) and (named := TEST.match(node.name)):
                found[int(named[1])] += 1
    return found


def test_the_rows_are_numbered_without_a_gap() -> None:
    rows = _rows()
    assert rows == list(range(1, len(rows) + 1))
    assert len(rows) >= 50


def test_every_row_has_a_test_and_every_test_a_row() -> None:
    assert set(_tests()) == set(_rows())
