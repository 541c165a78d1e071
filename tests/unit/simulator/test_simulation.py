"""A whole mix against an exchange in memory: users, start, stop, and starting again."""

import asyncio
import contextlib
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulator import simulation as module
from simulator.api import ApiRefused
from simulator.market import UnusableMarket
from simulator.mix import Mix, load_mix
from simulator.simulation import Simulation
from tests.support.waits import until
from tests.unit.simulator.fake_exchange import INFOS, FakeExchange

MAKER = """
seed = 1
poll_s = 0.1
account_s = 1
start_prices = { BTCUSDT = "60000" }

[[agents]]
name = "maker"
symbol = "BTCUSDT"
funds = { USDT = "1000", BTC = "10" }
rate = 50.0
burst = 100

[agents.terms]
kind = "market_maker"
levels = 3
half_spread = "0.001"
spacing = "0.001"
size = "0.001"
growth = "0"
skew = "0"
target = "10"
tolerance = "10"
seconds = 0.01
walk = { volatility = "0", reversion = "0", impact = "0" }
"""
TAKER = """
[[agents]]
name = "noise"
symbol = "BTCUSDT"
funds = { USDT = "1000", BTC = "10" }
rate = 50.0
terms = { kind = "noise_trader", orders_per_second = 50, size = "0.001", size_max = "0.002" }
"""


def mix_of(tmp_path: Path, text: str) -> Mix:
    path = tmp_path / "mix.toml"
    path.write_text(text)
    return load_mix(path)


@asynccontextmanager
async def running(exchange: FakeExchange, mix: Mix, users: Path) -> AsyncIterator[Simulation]:
    """The mix at work until the block ends."""
    async with exchange.client() as http:
        simulation = Simulation(mix, http, users)
        task = asyncio.create_task(simulation.run())
        try:
            yield simulation
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def holds(condition: Callable[[], bool], what: str) -> None:
    async def asked() -> bool:
        return condition()

    await until(asked, what, limit_s=10)


async def test_makers_and_takers_get_users_money_and_a_market(tmp_path: Path) -> None:
    exchange, users = FakeExchange(), tmp_path / "users.json"
    async with running(exchange, mix_of(tmp_path, MAKER + TAKER), users) as simulation:
        await holds(lambda: len(exchange.open_orders("BUY")) == 3, "three bids")
        await holds(lambda: len(exchange.open_orders("SELL")) == 3, "three asks")
        await simulation.check()
        await holds(
            lambda: any(o["status"] == "FILLED" for o in exchange.orders.values()),
            "a taker's order",
        )
    assert set(exchange.users) == {"sim-maker", "sim-noise"}
    assert {(name, asset, amount) for name, asset, amount, _ in exchange.deposits} == {
        (name, asset, amount)
        for name in exchange.users
        for asset, amount in (("USDT", "1000"), ("BTC", "10"))
    }
    assert stat.S_IMODE(users.stat().st_mode) == 0o600


async def test_takers_wait_for_the_makers_first_quotes(tmp_path: Path) -> None:
    exchange = FakeExchange()
    async with running(exchange, mix_of(tmp_path, MAKER + TAKER), tmp_path / "users.json"):
        await holds(lambda: len(exchange.orders) > 6, "quotes, and a taker's order")
    kinds = [order["status"] for order in exchange.orders.values()]
    assert kinds[:6] == ["NEW"] * 6


async def test_what_it_leaves_standing_its_next_run_takes_over(tmp_path: Path) -> None:
    exchange, users = FakeExchange(), tmp_path / "users.json"
    mix = mix_of(tmp_path, MAKER)
    for _ in range(2):
        exchange.requests.clear()
        async with running(exchange, mix, users):
            await holds(lambda: len(exchange.open_orders()) == 6, "six orders")
            await holds(lambda: exchange.requests.count("GET openOrders") > 2, "a second look")
        assert len(exchange.open_orders()) == 6
    assert len(exchange.orders) == 6
    assert len(exchange.users) == 1
    assert len(exchange.deposits) == 2


async def test_orders_of_an_agent_that_is_in_the_mix_no_more_are_taken_back(
    tmp_path: Path,
) -> None:
    exchange, users = FakeExchange(), tmp_path / "users.json"
    async with running(exchange, mix_of(tmp_path, MAKER), users):
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders")
    renamed = MAKER.replace('name = "maker"', 'name = "other"')
    async with running(exchange, mix_of(tmp_path, renamed), users):
        await holds(
            lambda: {order["owner"] for order in exchange.open_orders()} == {"sim-other"},
            "the other's orders alone",
        )


async def test_a_user_whose_file_is_lost_gets_another_name(tmp_path: Path) -> None:
    exchange = FakeExchange()
    mix = mix_of(
        tmp_path,
        TAKER.replace("[[agents]]", MAKER.split("[[agents]]", maxsplit=1)[0] + "[[agents]]"),
    )
    for file in ("a.json", "b.json"):
        async with running(exchange, mix, tmp_path / file):
            await holds(lambda f=file: (tmp_path / f).exists(), "a user")
    first, second = exchange.users
    assert first == "sim-noise"
    assert second.startswith("sim-noise-")


async def test_it_waits_for_an_exchange_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.pauses.FIRST_S", 0.01)
    exchange = FakeExchange()
    exchange.failures = lambda _: (503, {"code": -1008, "msg": "overloaded"})
    monkeypatch.setattr("simulator.refusals.PAUSE_S", 0.01)
    async with running(exchange, mix_of(tmp_path, MAKER), tmp_path / "users.json") as simulation:
        await holds(lambda: len(exchange.requests) > 1, "a second try")
        with pytest.raises(RuntimeError, match="does not answer"):
            await simulation.check()
        exchange.failures = lambda _: None
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders")
        await simulation.check()


async def test_a_faucet_that_gives_nothing_keeps_nobody_from_trading(tmp_path: Path) -> None:
    exchange = FakeExchange()
    refusal = (429, {"code": -9010, "msg": "The faucet has given all it gives a day of USDT."})
    exchange.failures = lambda name: refusal if name == "POST /v1/deposits" else None
    async with running(exchange, mix_of(tmp_path, MAKER), tmp_path / "users.json"):
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders")


async def test_a_market_that_is_not_listed_is_named(tmp_path: Path) -> None:
    mix = mix_of(tmp_path, MAKER.replace("BTCUSDT", "DOGEUSDT"))
    async with FakeExchange().client() as http:
        with pytest.raises(UnusableMarket, match="not listed: DOGEUSDT"):
            await Simulation(mix, http, tmp_path / "users.json").run()


async def test_a_refused_order_does_not_stop_the_others(tmp_path: Path) -> None:
    exchange = FakeExchange()
    refused = iter([(400, {"code": -2010, "msg": "Order would immediately match and take."})])
    exchange.failures = lambda name: next(refused, None) if name == "POST order" else None
    async with running(exchange, mix_of(tmp_path, MAKER), tmp_path / "users.json"):
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders, one at a second try")


async def test_somebody_elses_trades_are_seen_once_and_move_the_maker(tmp_path: Path) -> None:
    exchange = FakeExchange()
    lively = MAKER.replace('impact = "0"', 'impact = "1"')
    exchange.trade("60000")
    async with running(exchange, mix_of(tmp_path, lively), tmp_path / "users.json"):
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders")
        exchange.trade("61000")
        await holds(
            lambda: min(float(o["price"]) for o in exchange.open_orders("SELL")) > 61_000,
            "asks above the trade",
        )


async def test_a_key_that_is_revoked_is_made_anew_once(tmp_path: Path) -> None:
    exchange = FakeExchange()
    async with running(exchange, mix_of(tmp_path, MAKER), tmp_path / "users.json"):
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders")
        exchange.revoked.add(*exchange.keys)
        await holds(lambda: len(exchange.keys) == 2, "another key")
        for order in exchange.open_orders():
            order["status"] = "CANCELED"
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders by the new key")
    assert list(exchange.users) == ["sim-maker"]


async def test_an_agent_whose_keys_never_hold_ends_alone(tmp_path: Path) -> None:
    exchange = FakeExchange()
    mix = mix_of(tmp_path, MAKER + TAKER)
    noise = {f"key-sim-noise-{number}" for number in range(10)}
    exchange.revoked |= noise
    async with running(exchange, mix, tmp_path / "users.json") as simulation:
        await holds(lambda: len(exchange.open_orders()) == 6, "the maker's orders")
        await holds(lambda: len(noise & exchange.keys.keys()) == 2, "a second key of the other's")
        await holds(lambda: simulation._at_work == 1, "the end of the other")
        placed = len(exchange.orders)
        for order in exchange.open_orders():
            order["status"] = "CANCELED"
        await holds(lambda: len(exchange.orders) >= placed + 6, "the maker goes on")
    assert {order["owner"] for order in exchange.orders.values()} == {"sim-maker"}


async def test_a_mix_none_of_whose_keys_hold_ends(tmp_path: Path) -> None:
    exchange = FakeExchange()
    exchange.revoked = {f"key-sim-maker-{number}" for number in range(10)}
    async with exchange.client() as http:
        simulation = Simulation(mix_of(tmp_path, MAKER), http, tmp_path / "users.json")
        with pytest.raises(ExceptionGroup) as ended:
            await asyncio.wait_for(simulation.run(), 10)
    assert ended.group_contains(ApiRefused, match="-2015")


async def test_a_bad_key_of_an_agent_that_is_gone_is_left_alone(tmp_path: Path) -> None:
    exchange, users = FakeExchange(), tmp_path / "users.json"
    async with running(exchange, mix_of(tmp_path, MAKER), users):
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders")
    exchange.revoked.add(*exchange.keys)
    renamed = MAKER.replace('name = "maker"', 'name = "other"')
    async with running(exchange, mix_of(tmp_path, renamed), users):
        await holds(
            lambda: "sim-other" in {order["owner"] for order in exchange.open_orders()},
            "the other's orders",
        )


async def test_a_band_that_is_set_meanwhile_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RULES_EVERY_S", 0.1)
    exchange = FakeExchange()
    exchange.trade("60000")
    nothing = {"bidMultiplierUp": "0.3", "askMultiplierDown": "4"}
    exchange.infos = [
        {**info, "filters": [{**f, **(nothing if "bidMultiplierUp" in f else {})} for f in filters]}
        for info in INFOS
        for filters in (info["filters"],)
    ]
    async with running(exchange, mix_of(tmp_path, MAKER), tmp_path / "users.json"):
        await holds(lambda: exchange.requests.count("GET exchangeInfo") > 2, "looks at the rules")
        assert not exchange.orders
        exchange.infos = INFOS
        await holds(lambda: len(exchange.open_orders()) == 6, "six orders")
