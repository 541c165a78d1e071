"""Mixes: those that ship can be read, those that contradict themselves are refused."""

from pathlib import Path

import pytest

from simulator.market_maker import MarketMaker
from simulator.mix import InvalidMix, load_mix, make_agent
from workers.simulator import MIXES

AGENT = """
[[agents]]
name = "noise-1"
symbol = "BTCUSDT"
funds = { USDT = "1000" }
rate = 1.0
terms = { kind = "noise_trader", orders_per_second = 1.0, size = "0.01", size_max = "0.1" }
"""
HEAD = 'seed = 1\nstart_prices = { BTCUSDT = "60000" }\n'


@pytest.mark.parametrize("name", MIXES)
def test_a_mix_that_ships_makes_a_two_sided_market_in_each_of_its_symbols(name: str) -> None:
    mix = load_mix(MIXES[name])
    makers = {a.symbol for a in mix.agents if isinstance(make_agent(a.terms), MarketMaker)}
    takers = {a.symbol for a in mix.agents} - makers
    assert len(mix.symbols) >= 2
    assert makers == set(mix.symbols)
    assert takers == set()


def test_no_maker_that_ships_can_send_more_than_a_user_may() -> None:
    for path in MIXES.values():
        for agent in load_mix(path).agents:
            assert agent.burst + 10 * agent.rate <= 100  # orders in 10 s


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = ", "Invalid value"),
        (HEAD + "agents = []", "agents need names"),
        (HEAD + AGENT + AGENT, "each its own"),
        (HEAD.replace("BTCUSDT", "ETHUSDT") + AGENT, "BTCUSDT has no start price"),
        (HEAD + AGENT.replace("noise_trader", "oracle"), "Invalid value 'oracle'"),
        (HEAD + AGENT.replace("size_max", "siez_max"), "siez_max"),
        (HEAD + AGENT.replace("rate = 1.0", "rate = 0"), "> 0"),
        (HEAD + AGENT.replace("rate = 1.0", "rate = 1000"), "<= 50"),
        (HEAD + AGENT.replace("noise-1", "Noise 1"), "name"),
        (HEAD + "poll = 3\n" + AGENT, "poll"),
    ],
)
def test_a_mix_that_makes_no_sense_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mix.toml"
    path.write_text(text)
    with pytest.raises(InvalidMix, match=message):
        load_mix(path)


def test_a_mix_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidMix, match=r"nothing\.toml"):
        load_mix(tmp_path / "nothing.toml")
