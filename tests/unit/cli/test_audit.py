"""What `tradeflow audit verify` makes of the pages that it reads."""

import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from audit.chain import Break, Head
from audit.verification import Page
from cli.audit import Verification, broken_text, chains_table
from cli.main import app

ORDERS = Head("orders.events:3", 5, "a" * 64)
LOGINS = Head("identity.events:0", 2, "b" * 64)
BREAK = Break("orders.events:3", 6, "orders.events:3:9:0", "hash", "c" * 64, "d" * 64)


def found(*pages: Page, without_hash: int | None = None) -> Verification:
    made = Verification()
    for page in pages:
        made.add(page)
    made.without_hash = without_hash
    return made


def shown(verification: Verification) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(chains_table(verification))
    return captured.get()


INTACT = found(
    Page(0, None, None, Head.before("identity.events:0")),
    Page(2, LOGINS, None, Head.before("orders.events:3")),
    Page(3, None, None, Head("orders.events:3", 3, "e" * 64)),
    Page(2, ORDERS, None, None),
    without_hash=4,
)


def test_intact_chains_are_counted_over_all_pages() -> None:
    text = shown(INTACT)
    assert "intact: 7 records in 2 chains; 4 records from before the chains" in text
    assert ORDERS.hash in text


def test_scripts_get_the_heads_to_keep() -> None:
    assert json.loads(INTACT.as_json()) == {
        "records": 7,
        "chains": [LOGINS._asdict(), ORDERS._asdict()],
        "broken": None,
        "without_hash": 4,
    }


def test_a_break_is_told_with_its_place_and_what_was_expected() -> None:
    broken = found(Page(5, None, BREAK, None))
    assert "intact" not in shown(broken)
    assert json.loads(broken.as_json())["broken"] == BREAK._asdict()
    text = broken_text(BREAK)
    assert "orders.events:3, position 6" in text
    assert f"hash should be {'c' * 64}, is {'d' * 64}" in text


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--user", "7", "--symbol", "BTCUSDT"],
        ["--user", "seven"],
        ["--user", "7", "--from", "2027-01-02", "--to", "2027-01-01"],
        ["--user", "7", "--limit", "0"],
    ],
)
def test_a_wrong_question_is_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["audit", "query", *arguments]).exit_code == 2
