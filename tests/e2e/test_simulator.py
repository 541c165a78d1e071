"""Simulated traders on the whole exchange: they make a market, and the books agree afterwards."""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest

from cli.reconcile import open_sources
from reconciliation.sources import Sources
from simulator.api import Api
from simulator.leftovers import cancel_leftovers
from simulator.mix import load_mix
from simulator.simulation import Simulation
from simulator.users import Users
from stack.paths import ROOT
from stack.platform import Platform
from stack.workers import SIMULATOR
from tests.conftest import FOR_TESTS
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.ledger_checks import require_reconciled
from tests.support.live_market import ask, has_a_market
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

LEVELS = 10
NOBODY_TRADED = 0.04  # then a quote may be anywhere
MIX = f"""
seed = 5
poll_s = 0.3
start_prices = {{ {SYMBOL} = "0.04" }}

[[agents]]
name = "maker"
symbol = "{SYMBOL}"
funds = {{ BTC = "100", ETH = "1000" }}
rate = 20.0
burst = 40
terms.kind = "market_maker"
terms.levels = {LEVELS}
terms.half_spread = "0.001"
terms.spacing = "0.0005"
terms.size = "0.5"
terms.growth = "0.1"
terms.skew = "0.001"
terms.target = "1000"
terms.tolerance = "500"
terms.actions = 40
terms.walk = {{ volatility = "0.0001", reversion = "0.001", impact = "0.05" }}

[[agents]]
name = "noise"
symbol = "{SYMBOL}"
funds = {{ BTC = "10", ETH = "100" }}
rate = 4.0
terms = {{ kind = "noise_trader", orders_per_second = 3.0, size = "0.2", size_max = "0.5" }}
"""


async def trades_lately(http: httpx.AsyncClient, symbol: str) -> int:
    """The trades in the newest two candles: the newest minute may have begun just now."""
    candles = await ask(http, "klines", symbol=symbol, interval="1m", limit=2)
    return sum(candle[8] for candle in candles)


@pytest.fixture
async def users(platform: Platform, tmp_path: Path) -> AsyncIterator[Path]:
    """Where the agents' keys are kept; afterwards none of their orders is open."""
    path = tmp_path / "users.json"
    yield path
    async with httpx.AsyncClient(base_url=platform.api_url, timeout=15) as http:
        api = Api(http, asyncio.Semaphore(2))
        for user in Users(http, path).known.values():
            await cancel_leftovers(api, user.credentials, None)


async def test_a_maker_and_noise_make_a_market_with_candles(
    http: httpx.AsyncClient, sources: Sources, users: Path, tmp_path: Path
) -> None:
    mix = tmp_path / "mix.toml"
    mix.write_text(MIX)
    task = asyncio.create_task(Simulation(load_mix(mix), http, users).run())
    try:
        await has_a_market(http, SYMBOL, LEVELS, limit_s=60)
        assert await trades_lately(http, SYMBOL) > 0
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    book = await ask(http, "depth", symbol=SYMBOL, limit=100)
    assert min(len(book["bids"]), len(book["asks"])) >= LEVELS / 2  # left standing
    await require_reconciled(sources)


async def test_the_example_market_maker_quotes_and_takes_its_orders_back(
    platform: Platform, http: httpx.AsyncClient, new_trader: NewTrader
) -> None:
    trader, other = await new_trader(), await new_trader()
    price = float((await ask(http, "ticker/price", symbol=SYMBOL))["price"]) or NOBODY_TRADED
    for side, factor in (("BUY", 0.98), ("SELL", 1.02)):
        placed = await other.place(SYMBOL, side, "1", f"{price * factor:.5f}")
        assert placed.status_code == httpx.codes.OK, placed.text
    bot = await start_bot(platform.api_url, trader.api_key, trader.api_secret, "--size", "0.1")
    try:

        async def quotes() -> bool:
            rows = await trader.ask("openOrders", symbol=SYMBOL)
            assert isinstance(rows, list)
            return {row["side"] for row in rows} == {"BUY", "SELL"}

        await until(quotes, "a bid and an ask of the bot's", limit_s=40)
        bot.send_signal(signal.SIGINT)
        output, _ = await asyncio.wait_for(bot.communicate(), 30)
    finally:
        if bot.returncode is None:
            bot.kill()
    assert bot.returncode == 0, output.decode()

    async def rests_no_more() -> bool:
        return await trader.ask("openOrders", symbol=SYMBOL) == []

    await until(rests_no_more, "no order of the bot's")  # the engine's word comes before the rows


async def start_bot(api: str, key: str, secret: str, *options: str) -> asyncio.subprocess.Process:
    variables: Mapping[str, str] = {
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "API_KEY": key,
        "API_SECRET": secret,
    }
    bot = str(ROOT / "docs" / "how-to" / "market_maker.py")
    arguments = ("--api", api, "--pair", "ETH/BTC", "--seconds", "0.2", *options)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *(bot, *arguments),
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_the_calm_mix_keeps_its_market_when_its_process_dies() -> None:
    with tempfile.TemporaryDirectory(prefix="tf-", ignore_cleanup_errors=True) as directory:
        platform = Platform(Path(directory, "own"), overrides=FOR_TESTS, simulation="calm")
        async with (
            platform,
            httpx.AsyncClient(base_url=platform.api_url, timeout=15) as http,
            open_sources(platform.settings()) as sources,
        ):
            watching = asyncio.create_task(platform.watch())
            for symbol in ("BTCUSDT", "ETHUSDT"):
                await has_a_market(http, symbol, LEVELS, limit_s=120)
                assert await trades_lately(http, symbol) > 0
            before = platform.servers.child(SIMULATOR.name).pid
            os.kill(before, signal.SIGKILL)

            async def back() -> bool:
                return platform.servers.child(SIMULATOR.name).pid != before

            await until(back, "the simulator again", limit_s=30)
            await has_a_market(http, "BTCUSDT", LEVELS, limit_s=120)
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            await platform.servers.processes.stop(SIMULATOR.name)
            await require_reconciled(sources)
