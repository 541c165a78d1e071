"""The README's pictures, taken of a platform with simulated traders.

    python -m tests.e2e.browser.pictures [--data-dir .tradeflow]

Of the one that runs from that directory, or else of one of its own, which it stops afterwards.
"""

import argparse
import asyncio
import tempfile
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Final

import httpx
from rich.console import Console

from stack.paths import DEFAULT_DATA_DIR, ROOT
from stack.platform import Platform
from stack.status import Status, read_status
from tests.support.browser import Browser, browser
from tests.support.screen import Screen
from tests.support.trader import PASSWORD, REQUEST_TIMEOUT_S, Trader, register
from tests.support.waits import until

PICTURES: Final = ROOT / "docs" / "pictures"
SYMBOL: Final = "BTCUSDT"
FUNDS: Final = {"USDT": "250000", "BTC": "4", "ETH": "20"}
CANDLES: Final = 12  # of a minute each
WAIT_LIMIT_S: Final = 60.0 * (CANDLES + 3)
CENT: Final = Decimal("0.01")


async def take(status: Status, console: Console) -> None:
    """All of them."""
    async with httpx.AsyncClient(base_url=status.api, timeout=REQUEST_TIMEOUT_S) as http:
        console.print(f"waiting for {CANDLES} candles of a minute")
        await until(lambda: _candles(http), "candles: do traders run?", WAIT_LIMIT_S)
        trader = await register(http, **FUNDS)
        try:
            async with browser(status.api) as page:
                await _of_a_trader(page, trader, http)
            async with browser(status.api) as page:
                await _of_staff(page, status)
            async with browser(status.api) as page:
                await _of_compliance(page, status, trader)
        finally:
            await trader.cancel_all(SYMBOL)


async def _of_a_trader(page: Browser, trader: Trader, http: httpx.AsyncClient) -> None:
    await page.open("/login")
    await _picture(page, "login")
    await page.log_in(trader.name, PASSWORD)
    ticker = (await http.get("/api/v3/ticker/bookTicker", params={"symbol": SYMBOL})).json()
    bid, ask = Decimal(ticker["bidPrice"]), Decimal(ticker["askPrice"])
    for side, quantity, price in (
        ("BUY", "0.00400", ask * Decimal("1.001")),
        ("BUY", "0.02500", bid * Decimal("0.9990")),
        ("BUY", "0.05000", bid * Decimal("0.9980")),
        ("SELL", "0.03000", ask * Decimal("1.0015")),
    ):
        placed = await trader.place(
            SYMBOL, side, quantity, f"{price.quantize(CENT, ROUND_DOWN)}", None
        )
        assert placed.status_code == httpx.codes.OK, placed.text
    screen = Screen(page, trader, SYMBOL)
    await until(lambda: screen.shows_orders(3), "the orders")
    await until(screen.shows_balances, "the balances")
    await page.draft("Sell", f"{(ask * Decimal('1.0005')).quantize(CENT)}", "0.01500")
    await _picture(page, "trade")
    await page.click("tab", "History")
    await until(screen.shows_history, "the history")
    await page.do("clickLast", selector=".orders .tell")
    await until(lambda: page.has(".saga li"), "the story of the oldest")
    await page.do("clickFirst", selector=".balances .tell")
    await until(lambda: page.has(".statement td"), "the ledger's lines")
    await _picture(page, "orders")
    await page.click("link", "API keys")
    await page.fill("For", "my bot")
    await _picture(page, "keys")


async def _of_staff(page: Browser, status: Status) -> None:
    ops = next(user for user in status.users if user.role == "ops")
    await page.log_in(ops.name, ops.password)
    await page.click("link", "Ops")
    await until(lambda: page.has(".sagas td"), "sagas")
    await _picture(page, "ops")
    await page.open("/health")
    await until(lambda: page.has(".groups"), "the health of every part")
    await _picture(page, "health")


async def _of_compliance(page: Browser, status: Status, trader: Trader) -> None:
    compliance = next(user for user in status.users if user.role == "compliance")
    await page.log_in(compliance.name, compliance.password)
    await page.click("link", "Audit")
    await page.click("button", "Verify")
    await until(lambda: page.has(".chain-check .SUCCESS"), "the chains to be verified")
    await page.fill("User name", trader.name)
    await page.click("button", "Ask")
    await until(lambda: page.has(".trail td"), "the trader's actions")
    await _picture(page, "compliance")


async def _candles(http: httpx.AsyncClient) -> bool:
    answer = await http.get("/api/v3/klines", params={"symbol": SYMBOL, "interval": "1m"})
    return answer.status_code == httpx.codes.OK and len(answer.json()) >= CANDLES


async def _picture(page: Browser, name: str) -> None:
    await page.do("settle")
    await page.do("screenshot", path=str(PICTURES / f"{name}.png"))


async def main() -> None:
    parser = argparse.ArgumentParser(description="Take the README's pictures.")
    parser.add_argument("--data-dir", type=Path, default=DEFAULT_DATA_DIR)
    console = Console()
    status = read_status(parser.parse_args().data_dir)
    if status is not None:
        await take(status, console)
        return
    with tempfile.TemporaryDirectory(prefix="tf-") as directory:
        console.print("starting a platform of its own")
        async with Platform(Path(directory, "platform"), simulation="calm") as platform:
            await take(platform.status(), console)


if __name__ == "__main__":
    asyncio.run(main())
