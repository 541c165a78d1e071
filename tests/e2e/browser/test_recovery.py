"""A reload, a lost socket, a killed gateway: the screen finds back by itself, nothing missing."""

import time
from collections.abc import AsyncIterator

import pytest

from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.browser import Browser
from tests.support.screen import Screen
from tests.support.trader import PASSWORD, Trader
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

WAITS = "Prices are not live: the ticket waits."
RIGHT_WITHIN_S = 2.0
REFRESH_TOKEN = "JSON.parse(sessionStorage.getItem('tradeflow.session')).refresh"
ATTEMPTS = 3


@pytest.fixture
async def maker(new_trader: NewTrader) -> Trader:
    """Whose page it is; two orders of theirs make the book."""
    made = await new_trader()
    await made.place(SYMBOL, "BUY", "2", "0.05")
    await made.place(SYMBOL, "SELL", "3", "0.06")
    return made


@pytest.fixture
async def screen(page: Browser, maker: Trader) -> AsyncIterator[Screen]:
    """Both orders are on it, and on the ticket a third one, not sent."""
    shown = Screen(page, maker, SYMBOL)
    await page.log_in(maker.name, PASSWORD)
    await page.click("link", "ETH/BTC", exact=False)
    await _right(shown, 2)
    yield shown
    assert await page.do("complaints") == []


async def test_a_reload(page: Browser, screen: Screen, new_trader: NewTrader) -> None:
    await page.do("reload")
    await _right(screen, 2)
    await (await new_trader()).place(SYMBOL, "SELL", "2", "0.05")
    await _right(screen, 1)


async def test_a_duplicated_tab_renews_for_both(page: Browser, screen: Screen) -> None:
    first = await page.do("evaluate", expression=REFRESH_TOKEN)
    second = await page.do(
        "inDuplicate", selector=".book-side.bid .level", expression=REFRESH_TOKEN
    )
    assert second != first

    async def has_it_too() -> bool:
        return bool(await page.do("evaluate", expression=REFRESH_TOKEN) == second)

    await until(has_it_too, "the duplicate's token in the first tab", RIGHT_WITHIN_S)
    await page.do("reload")
    await _right(screen, 2)


async def test_a_lost_socket(page: Browser, screen: Screen, new_trader: NewTrader) -> None:
    taker = await new_trader()
    assert await page.do("dropSockets") > 0
    # It may fall before or after the page is back: nothing of it is missing either way.
    await taker.place(SYMBOL, "SELL", "0.5", "0.05")
    await taker.place(SYMBOL, "BUY", "1", "0.03")
    await _right(screen, 2)
    assert (await page.do("book"))["bids"] == [["0.05000", "1.500"], ["0.03000", "1.000"]]


async def test_prices_that_stand_still(page: Browser, screen: Screen, platform: Platform) -> None:
    """The socket beats on; what is gone is the process that makes the prices."""
    await page.draft("Buy", "0.03", "1")
    platform.pause("market_data")
    try:
        await until(lambda: page.says(".ticket-problem", WAITS), "the ticket's halt")
        assert "Stale" in await page.text(".live-badge")
        await page.keep_picture("stale")
    finally:
        platform.resume("market_data")
    await _right(screen, 2)
    await page.click("button", "Buy ETH")
    await _right(screen, 3)


async def test_the_page_is_right_within_two_seconds_of_a_gateway_that_is_back(
    screen: Screen, platform: Platform
) -> None:
    """The best of three: the exchange and the browser share the machine with whatever else runs."""
    took_s: list[float] = []
    while not took_s or (took_s[-1] > RIGHT_WITHIN_S and len(took_s) < ATTEMPTS):
        await platform.kill("gateway")
        await platform.restart("gateway")
        began = time.monotonic()
        await _right(screen, 2)
        took_s.append(time.monotonic() - began)
    assert took_s[-1] <= RIGHT_WITHIN_S, took_s


async def test_a_killed_gateway(
    page: Browser, screen: Screen, platform: Platform, new_trader: NewTrader
) -> None:
    taker = await new_trader()
    await page.draft("Buy", "0.03", "1")
    assert await page.do("isEnabled", role="button", name="Buy ETH")
    await platform.kill("gateway")
    try:
        await until(lambda: page.says(".ticket-problem", WAITS), "the ticket's halt")
        assert not await page.do("isEnabled", role="button", name="Buy ETH")
        await page.keep_picture("offline")
    finally:
        await platform.restart("gateway")
    await _right(screen, 2)
    await taker.place(SYMBOL, "SELL", "0.5", "0.05")
    await _right(screen, 2)
    await page.click("button", "Buy ETH")
    await _right(screen, 3)


async def _right(screen: Screen, orders: int) -> None:
    await until(screen.is_live, "a live page")
    await until(lambda: screen.shows_orders(orders), "the orders")
    await until(screen.shows_book, "the book")
    await until(screen.shows_balances, "the balances")
