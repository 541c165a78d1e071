"""What `tradeflow up` says, and which mix of traders it takes."""

from pathlib import Path

import ccxt
import pytest
import typer
from rich.console import Console

from cli.up import _simulation
from cli.welcome import welcome
from stack.ccxt_options import ccxt_options
from stack.seed import DemoUser
from stack.status import Status


def shown(processes: dict[str, int]) -> str:
    users = [DemoUser("alice", "pass", "trader", "the-key", "the-secret")]
    status = Status("http://api", "ws://api", "temporal", "http://ui", users, processes)
    console = Console(width=100, record=True)
    with console.capture() as captured:
        console.print(welcome(status, Path("/data")))
    return captured.get()


def test_it_says_when_traders_are_simulated() -> None:
    assert "simulated traders" in shown({"gateway": 1, "simulator": 2})
    assert "simulated traders" not in shown({"gateway": 1})


def test_it_shows_addresses_a_login_and_a_snippet_to_paste() -> None:
    text = shown({})
    for part in ("http://api/docs", "http://ui", "alice", "pass", "create_order"):
        assert part in text
    assert 'json.load(open("/data/status.json"))["ccxt"]' in text


def test_ccxt_is_given_every_address_and_a_users_key() -> None:
    user = DemoUser("alice", "pass", "trader", "the-key", "the-secret")
    options = ccxt_options("http://api", "ws://api", user)
    assert (options["apiKey"], options["secret"]) == ("the-key", "the-secret")
    exchange = ccxt.binance(options)
    assert exchange.urls["api"]["private"] == "http://api/api/v3"
    assert exchange.urls["api"]["ws"]["ws-api"]["spot"] == "ws://api/ws-api/v3"


def test_a_mix_is_one_that_ships_or_a_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.touch()
    assert _simulation("none") is None
    assert _simulation("calm") == "calm"
    assert _simulation("storm") == "storm"
    assert _simulation(str(mine)) == str(mine)


def test_a_mix_that_is_not_there_starts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        _simulation("hurricane")
    assert "no mix 'hurricane': say calm, storm, none" in capsys.readouterr().err
