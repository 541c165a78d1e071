"""Ops narrow a price band while the platform runs, and what all that read it then say."""

from collections.abc import AsyncIterator

import httpx
import pytest

from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.trader import Trader, log_in
from workers.provision import provision

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

PATH = f"/v1/markets/{SYMBOL}/band"
CONFIGURED = {
    "bidMultiplierUp": "1.10000000",
    "bidMultiplierDown": "0.20000000",
    "askMultiplierUp": "5.00000000",
    "askMultiplierDown": "0.90000000",
}
NARROW = {
    "bidMultiplierUp": "1.05000000",
    "bidMultiplierDown": "0.90000000",
    "askMultiplierUp": "1.20000000",
    "askMultiplierDown": "0.95000000",
}
BODY = {"bid_up": "1.05", "bid_down": "0.9", "ask_up": "1.2", "ask_down": "0.95"}
REFUSED = {"code": -1013, "msg": "Filter failure: PERCENT_PRICE_BY_SIDE"}


@pytest.fixture
async def ops(platform: Platform, http: httpx.AsyncClient) -> AsyncIterator[dict[str, str]]:
    """Headers of ops; afterwards the configured band holds again."""
    user = next(user for user in platform.users if user.role == "ops")
    headers = {"Authorization": f"Bearer {await log_in(http, user.name, user.password)}"}
    yield headers
    restored = await http.delete(PATH, headers=headers)
    assert restored.status_code == httpx.codes.NO_CONTENT, restored.text
    assert await told(http) == CONFIGURED


async def told(http: httpx.AsyncClient) -> dict[str, str]:
    """The multipliers in exchangeInfo."""
    info = (await http.get("/api/v3/exchangeInfo", params={"symbol": SYMBOL})).json()
    filters = {f["filterType"]: f for f in info["symbols"][0]["filters"]}
    return {name: filters["PERCENT_PRICE_BY_SIDE"][name] for name in CONFIGURED}


async def refuses(trader: Trader, side: str, price: str) -> bool:
    """Whether a limit of that price is outside the band; one that is not is taken back."""
    answer = await trader.place(SYMBOL, side, "1", price)
    if answer.status_code == httpx.codes.BAD_REQUEST:
        assert answer.json() == REFUSED
        return True
    assert answer.json()["status"] == "NEW", answer.text
    await trader.cancel(SYMBOL, answer.json()["clientOrderId"])
    return False


async def open_orders(trader: Trader) -> object:
    orders = await trader.ask("openOrders", symbol=SYMBOL)
    assert isinstance(orders, list)
    return [(order["clientOrderId"], order["price"]) for order in orders]


async def test_a_band_of_ops_is_held_to_told_and_outlasts_a_restart(
    platform: Platform, http: httpx.AsyncClient, new_trader: NewTrader, ops: dict[str, str]
) -> None:
    trader, other = await new_trader(), await new_trader()
    await other.place(SYMBOL, "SELL", "1", "0.05")
    traded = await trader.place(SYMBOL, "BUY", "1", "0.05")
    assert traded.json()["status"] == "FILLED", traded.text
    assert (await trader.place(SYMBOL, "BUY", "1", "0.03", "rests")).status_code == httpx.codes.OK
    rests = [("rests", "0.03000000")]
    assert await told(http) == CONFIGURED
    assert not await refuses(trader, "BUY", "0.0449")

    async def holds() -> None:
        assert await told(http) == NARROW
        assert await refuses(trader, "BUY", "0.0449")
        assert not await refuses(trader, "BUY", "0.045")
        assert await refuses(other, "SELL", "0.0601")
        assert not await refuses(other, "SELL", "0.06")
        assert await open_orders(trader) == rests

    narrowed = await http.put(PATH, json=BODY, headers=ops)
    assert narrowed.status_code == httpx.codes.NO_CONTENT, narrowed.text
    await holds()

    await provision(platform.settings())
    for name in ("matching", "gateway"):  # the gateway too: it then knows the row alone
        await platform.restart(name)
    await holds()

    rules = await http.get("/api/v3/executionRules", params={"symbol": SYMBOL})
    assert rules.json()["symbolRules"][0]["rules"][0]["bidLimitMultUp"] == "1.05000000"


async def test_a_market_order_reserves_no_more_than_the_band_of_ops_allows(
    http: httpx.AsyncClient, new_trader: NewTrader, ops: dict[str, str]
) -> None:
    trader, other = await new_trader(), await new_trader()
    await other.place(SYMBOL, "SELL", "1", "0.05")
    await trader.place(SYMBOL, "BUY", "1", "0.05")
    await other.place(SYMBOL, "SELL", "1", "0.053")
    assert (await http.put(PATH, json=BODY, headers=ops)).status_code == httpx.codes.NO_CONTENT
    market = {"symbol": SYMBOL, "side": "BUY", "type": "MARKET", "quantity": "1"}
    beyond = await trader.send("POST", "order", **market)
    assert (beyond.json()["status"], beyond.json()["executedQty"]) == ("EXPIRED", "0.00000000")
    assert (await http.delete(PATH, headers=ops)).status_code == httpx.codes.NO_CONTENT
    within = await trader.send("POST", "order", **market)
    assert (within.json()["status"], within.json()["executedQty"]) == ("FILLED", "1.00000000")


async def test_ops_are_told_what_is_wrong_with_a_band(
    http: httpx.AsyncClient, ops: dict[str, str]
) -> None:
    answer = await http.put(PATH, json=BODY | {"bid_down": "1"}, headers=ops)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.json()["fields"] == [
        {
            "field": "body.bid_down",
            "error": "Value error, it must be 0.01 to 0.999 times the last price",
        }
    ]
    assert await told(http) == CONFIGURED
