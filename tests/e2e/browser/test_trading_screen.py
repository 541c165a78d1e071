"""Trading on the screen: what it shows is what the API says, from the login to the cancel."""

from decimal import Decimal

import pytest

from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.browser import Browser
from tests.support.screen import Screen
from tests.support.trader import PASSWORD
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_an_order_from_the_ticket_to_the_cancel(page: Browser, new_trader: NewTrader) -> None:
    buyer, seller = await new_trader(), await new_trader()
    screen = Screen(page, buyer, SYMBOL)
    await page.open("/login")
    await page.check("login")
    await page.log_in(buyer.name, PASSWORD)
    await page.click("link", "ETH/BTC", exact=False)

    await page.draft("Buy", "0.05", "2")
    assert (await page.text(".estimate")).split("\n") == [
        *("Cost", "0.10000000 BTC"),
        *("Fee at most", "0.00200000 ETH"),
        *("Will be reserved", "0.10000000 BTC"),
    ]
    await page.click("button", "Buy ETH")
    await until(lambda: screen.shows_orders(1), "the order among the open ones")
    assert await screen.order() == {
        "side": "BUY",
        "type": "LIMIT",
        "price": "0.05000",
        "quantity": "2.000",
        "filled": "0.000",
        "status": "NEW",
    }
    await until(screen.shows_balances, "the reserve among the balances")
    assert ["BTC", "99.90000000", "0.10000000"] in await page.table("Balances")
    (placed,) = await screen.ask("openOrders")
    await page.do("clickFirst", selector=".orders .tell")
    await until(lambda: screen.tells_saga(placed["orderId"]), "what the saga has done")
    await page.check("orders")

    await seller.place(SYMBOL, "SELL", "0.5", "0.05")

    async def partly_filled() -> bool:
        return (await screen.order())["status"] == "PARTIALLY_FILLED"

    await until(partly_filled, "a part of it filled")
    await until(lambda: screen.shows_orders(1), "how much of it")
    assert (await screen.order())["filled"] == "0.500"
    await until(screen.shows_balances, "what was bought among the balances")
    await page.click("tab", "Fills")
    await until(screen.shows_fills, "the execution among the fills")

    await page.click("tab", "Open orders")
    await page.click("button", "Cancel", region="Orders")
    await until(lambda: screen.shows_orders(0), "the order gone")
    await until(screen.shows_balances, "the rest of the reserve back")
    (ended,) = await screen.ask("allOrders")
    assert (ended["status"], Decimal(ended["executedQty"])) == ("CANCELED", Decimal("0.5"))
    await page.click("tab", "History")
    await until(screen.shows_history, "the order's end in the history")
    await page.check("history")


async def test_what_cannot_be_paid_for_cannot_be_sent(page: Browser, new_trader: NewTrader) -> None:
    poor = await new_trader()
    await page.log_in(poor.name, PASSWORD)
    await page.click("link", "ETH/BTC", exact=False)
    await page.draft("Buy", "0.05", "8000")
    await until(
        lambda: page.says(".ticket-problem", "Not enough BTC: 100.00000000 available."),
        "what is wrong, before anything is sent",
    )
    assert not await page.do("isEnabled", role="button", name="Buy ETH")
    await page.draft("Buy", "0.05", "1")
    assert await page.do("isEnabled", role="button", name="Buy ETH")
    assert await poor.ask("openOrders", symbol=SYMBOL) == []
