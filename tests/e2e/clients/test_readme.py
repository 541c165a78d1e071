"""The README's scripts, extracted and run as they stand."""

import re
import sys
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from stack.paths import ROOT
from stack.platform import Platform
from tests.support.client_environments import client_python, output_of
from tests.support.trader import Trader, register
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SYMBOL, BOUGHT = "BTCUSDT", Decimal("0.01")
FEE = Decimal("0.001")
LEAST_PRICE = Decimal(600)  # 0.01 BTC are worth 5 USDT then, and a little more
STEP_WORTH = Decimal(10)
STEPS_MAX = 80


@pytest.fixture
async def offered(http: httpx.AsyncClient) -> AsyncIterator[None]:
    """Somebody to buy from, at a price at which the script's order is worth enough. Afterwards
    the market is where it was: other tests trade there, within the price band."""
    trader: Trader = await register(http, BTC="10", USDT="10000")
    before = await last_price(http)
    price = max(before or Decimal(60_000), LEAST_PRICE)
    if before:
        await walk_to(http, trader, price)
    answer = await trader.place(SYMBOL, "SELL", "0.1", f"{price:.2f}")
    assert answer.status_code == httpx.codes.OK, answer.text
    yield
    await trader.cancel_all(SYMBOL)
    if before:
        await walk_to(http, trader, before)


async def last_price(http: httpx.AsyncClient) -> Decimal:
    """Zero before the first trade."""
    known = await http.get("/api/v3/ticker/price", params={"symbol": SYMBOL})
    return Decimal(known.json()["price"]) if known.status_code == httpx.codes.OK else Decimal(0)


async def walk_to(http: httpx.AsyncClient, trader: Trader, target: Decimal) -> None:
    """Trade in steps that the price band allows, until the last price is `target`."""
    last = await last_price(http)
    for _ in range(STEPS_MAX):
        if last == target:
            return
        step = last * (Decimal("1.09") if target > last else Decimal("0.92"))
        price = min(step, target) if target > last else max(step, target)
        price = price.quantize(Decimal("0.01"))
        quantity = (STEP_WORTH / price).quantize(Decimal("0.00001"))
        for side in ("BUY", "SELL"):
            answer = await trader.place(SYMBOL, side, f"{quantity}", f"{price}")
            assert answer.status_code == httpx.codes.OK, answer.text

        async def traded(at: Decimal = price) -> bool:
            return await last_price(http) == at

        await until(traded, f"a trade at {price}")
        last = price
    raise AssertionError(f"{SYMBOL} does not come to {target}")


@pytest.mark.usefixtures("offered")
async def test_ccxts_script_trades_and_sees_its_order_and_its_balance(
    platform: Platform, tmp_path: Path
) -> None:
    said = await run_readme(platform, tmp_path, Path(sys.executable), "ccxt.pro")
    assert said.startswith("closed "), said
    assert "'free': " in said


@pytest.mark.long
@pytest.mark.usefixtures("offered")
async def test_python_binances_script_trades_and_sees_its_order_and_its_balance(
    platform: Platform, tmp_path: Path
) -> None:
    said = await run_readme(platform, tmp_path, await client_python("python-binance"), "binance")
    assert "'X': 'FILLED'" in said
    assert "outboundAccountPosition" in said


async def run_readme(platform: Platform, directory: Path, python: Path, module: str) -> str:
    """Runs the README's script that imports this module; alice must own more Bitcoin then."""
    (script,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
        if re.search(rf"(import|from) .*\b{re.escape(module)}\b", block)
    ]
    (directory / ".tradeflow").symlink_to(platform.data_dir)
    (directory / "script.py").write_text(script)
    before = await bitcoin(platform)
    said = await output_of(python, directory / "script.py", {}, limit_s=60, directory=directory)

    async def owned() -> bool:
        return await bitcoin(platform) == before + BOUGHT * (1 - FEE)

    await until(owned, "what was bought, less its fee")
    return said


async def bitcoin(platform: Platform) -> Decimal:
    """What alice owns of it, by her own key."""
    alice = platform.users[0]
    async with httpx.AsyncClient(base_url=platform.api_url) as http:
        trader = Trader(alice.name, 0, "", alice.api_key, alice.api_secret, http, {})
        return sum((await trader.balances())["BTC"], Decimal(0))
