"""The pages beside the trading screen: halts and bands of markets, API keys, health."""

import httpx
import pytest

from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.browser import Browser, browser
from tests.support.screen import Screen
from tests.support.trader import PASSWORD, log_in
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_ops_halt_a_market(page: Browser, platform: Platform, new_trader: NewTrader) -> None:
    trader = await new_trader()

    async def change(button: str, word: str) -> None:
        nth = [row[0] for row in await page.table("Markets")].index(SYMBOL)
        await page.click("button", button, region="Markets", nth=nth)
        if button == "Halt":
            await page.fill("Reason", "A test of the halt.")
            await page.click("button", f"Halt {SYMBOL}")
        await until(lambda: page.notes(f"{SYMBOL}: {word}"), "the word that it is done")

    async def answer() -> tuple[int, str]:
        placed = await trader.place(SYMBOL, "BUY", "1", "0.04")
        return placed.status_code, placed.json().get("msg", "")

    ops = next(user for user in platform.users if user.role == "ops")
    await page.log_in(ops.name, ops.password)
    await page.click("link", "Ops")
    await until(lambda: page.has(".ops-page table"), "the markets")
    async with browser(platform.api_url) as other:
        await other.log_in(trader.name, PASSWORD)
        await other.click("link", "ETH/BTC", exact=False)
        await change("Halt", "halted")
        try:
            await page.check("ops")
            status, reason = await answer()
            assert status == httpx.codes.BAD_REQUEST, reason
            await other.draft("Buy", "0.04", "1")
            await other.click("button", "Buy ETH")
            await until(lambda: other.notes(f"BUY 1 {SYMBOL}: {reason}"), "the API's own words")
            assert await Screen(other, trader, SYMBOL).shows_orders(0)
            await until(Screen(other, trader, SYMBOL).shows_balances, "nothing reserved")
        finally:
            await change("Resume", "resumed")
        await other.click("button", "Buy ETH")
        await until(lambda: Screen(other, trader, SYMBOL).shows_orders(1), "the order")


async def test_ops_narrow_a_band_in_place(
    page: Browser, platform: Platform, http: httpx.AsyncClient, new_trader: NewTrader
) -> None:
    trader, maker = await new_trader(), await new_trader()
    await maker.place(SYMBOL, "SELL", "1", "0.05")
    await trader.place(SYMBOL, "BUY", "1", "0.05")

    async def told() -> tuple[str, str]:
        info = (await http.get("/api/v3/exchangeInfo", params={"symbol": SYMBOL})).json()
        filters = {f["filterType"]: f for f in info["symbols"][0]["filters"]}
        band = filters["PERCENT_PRICE_BY_SIDE"]
        return band["bidMultiplierDown"], band["bidMultiplierUp"]

    async def row() -> list[str]:
        (found,) = [row for row in await page.table("Markets") if row[0] == SYMBOL]
        return found

    async def shows(band: str, whose: str) -> bool:
        shown = await row()
        return band in shown[5] and shown[7] == whose

    async def open_form() -> None:
        nth = [row[0] for row in await page.table("Markets")].index(SYMBOL)
        await page.click("button", "Band", region="Markets", nth=nth)

    ops = next(user for user in platform.users if user.role == "ops")
    await page.log_in(ops.name, ops.password)
    await page.click("link", "Ops")
    await until(lambda: page.has(".ops-page table"), "the markets")
    await until(lambda: shows("−80 % to +10 %", "configuration"), "the configured band")
    try:
        async with browser(platform.api_url) as other:
            await other.log_in(trader.name, PASSWORD)
            await other.click("link", "ETH/BTC", exact=False)
            await other.draft("Buy", "0.03", "1")
            await open_form()
            await page.fill("A bid: per cent below the last price", "5")
            await page.check("ops-band")
            await page.click("button", "Set the band")
            await page.click("button", f"Set the band of {SYMBOL}")
            await until(lambda: page.notes(f"{SYMBOL}: band set"), "the word that it is done")
            assert await told() == ("0.95000000", "1.10000000")
            await until(lambda: shows("0.04750 to 0.05500", "ops"), "the band in prices")
            assert await shows("−5 % to +10 %", "ops")
            problem = (
                "The price of a buy must be 0.04750 to 0.05500:"
                " 0.95 to 1.1 times the last price, 0.05000."
            )
            await until(lambda: other.says(".ticket-problem", problem), "the ticket's band")
        await open_form()
        await page.click("button", "Restore the configured band")
        await page.click("button", f"Restore the band of {SYMBOL}")
        restored = f"{SYMBOL}: configured band restored"
        await until(lambda: page.notes(restored), "the word that it is restored")
        assert await told() == ("0.20000000", "1.10000000")
        await until(lambda: shows("−80 % to +10 %", "configuration"), "the configured band")
    finally:  # other tests trade here, whatever became of this one
        token = await log_in(http, ops.name, ops.password)
        headers = {"Authorization": f"Bearer {token}"}
        await http.delete(f"/v1/markets/{SYMBOL}/band", headers=headers)


async def test_a_bots_key_is_shown_once_and_revoked(
    page: Browser, http: httpx.AsyncClient, new_trader: NewTrader
) -> None:
    owner = await new_trader()

    async def listed() -> dict[str, str]:
        headers = {"Authorization": f"Bearer {owner.token}"}
        answer = await http.get("/v1/api-keys", headers=headers)
        return {row["label"]: row["api_key"] for row in answer.json()}

    async def shown() -> dict[str, str]:
        return {row[0]: row[1] for row in await page.table("API keys")}

    async def agrees() -> bool:
        beginnings = {label: f"{key[:12]}…" for label, key in (await listed()).items()}
        return await shown() == beginnings

    await page.log_in(owner.name, PASSWORD)
    await page.click("link", "API keys")
    await until(agrees, "the key that there is")
    await page.fill("For", "screen bot")
    await page.click("button", "Make a key")
    await until(
        lambda: page.says(".new-key p", "Copy the secret now: it is never shown again."), "it"
    )
    assert await page.text(".new-key code") == (await listed())["screen bot"]
    await until(agrees, "both keys")
    await page.check("keys")
    nth = list(await shown()).index("screen bot")
    await page.click("button", "Revoke", nth=nth)
    await page.click("button", "Revoke the key")
    await until(agrees, "the other key alone")
    assert "screen bot" not in await listed()


async def test_the_health_page_shows_every_part(page: Browser, http: httpx.AsyncClient) -> None:
    report = (await http.get("/v1/health")).json()
    await page.open("/health")
    await until(lambda: page.has(".groups"), "the parts")
    assert await page.do("count", selector=".groups tbody tr") == len(report["components"])
    await page.check("health")
