"""What a user's own sockets are told is what orders, trades and balances say when asked."""

import asyncio
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from hashlib import sha256
from typing import Any

import pytest
from ccxt.pro import binance
from websockets.asyncio.client import ClientConnection, connect

from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.trader import Trader
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

PAIR = "ETH/BTC"
SECONDS = 15
BUY = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
Event = dict[str, Any]


class Socket:
    """A connection to the WebSocket API as one user: requests, and the events between them."""

    def __init__(self, connection: ClientConnection, trader: Trader) -> None:
        self._connection = connection
        self._trader = trader
        self._ids = itertools.count(1)
        self.events: list[Event] = []

    async def asks(self, method: str, **parameters: object) -> Any:
        """The result of a signed request; a ping is not signed."""
        number = next(self._ids)
        asked = parameters if method == "ping" else self._signed(parameters)
        await self._connection.send(json.dumps({"id": number, "method": method, "params": asked}))
        while (said := await self._hears()).get("id") != number:
            self.events.append(said["event"])
        assert said["status"] == 200, said
        return said["result"]

    async def until(self, enough: Callable[[Event], bool]) -> None:
        """Gather events up to one like this."""
        while not (self.events and enough(self.events[-1])):
            self.events.append((await self._hears())["event"])

    def _signed(self, parameters: dict[str, object]) -> dict[str, object]:
        stamp = {"apiKey": self._trader.api_key, "timestamp": time.time_ns() // 1_000_000}
        stamped = {**parameters, **stamp, "recvWindow": 60_000}
        payload = "&".join(f"{name}={value}" for name, value in sorted(stamped.items()))
        secret = self._trader.api_secret.encode()
        return {**stamped, "signature": hmac.new(secret, payload.encode(), sha256).hexdigest()}

    async def _hears(self) -> Any:
        async with asyncio.timeout(SECONDS):
            return json.loads(await self._connection.recv())


MARKER = "USDT"  # a currency that nobody here trades
NewSocket = Callable[[Trader], Awaitable[Socket]]
NewClient = Callable[[Trader], binance]


@pytest.fixture
async def socket_of(platform: Platform) -> AsyncIterator[NewSocket]:
    """Opens sockets that follow their own user."""
    async with AsyncExitStack() as opened:

        async def new(trader: Trader) -> Socket:
            connecting = connect(f"{platform.ws_url}/ws-api/v3")
            socket = Socket(await opened.enter_async_context(connecting), trader)
            followed = await socket.asks("userDataStream.subscribe.signature")
            assert followed == {"subscriptionId": 0}
            # What is told of this one comes after all that the user was given before.
            await trader.deposit(MARKER, "0.00000001", "marker")
            await socket.until(lambda e: any(b["a"] == MARKER for b in e.get("B", ())))
            socket.events.clear()
            return socket

        yield new


@pytest.fixture
async def ccxt_pro_of(platform: Platform) -> AsyncIterator[NewClient]:
    """Unmodified ccxt.pro, told nothing but addresses and keys."""
    made: list[binance] = []

    def new(trader: Trader) -> binance:
        api, ws = f"{platform.api_url}/api/v3", platform.ws_url
        sockets = {"spot": f"{ws}/stream/ws", "ws-api": {"spot": f"{ws}/ws-api/v3"}}
        client = binance(
            {
                "apiKey": trader.api_key,
                "secret": trader.api_secret,
                "urls": {"api": {"public": api, "private": api, "ws": sockets}},
                "options": {
                    "fetchMarkets": {"types": ["spot"]},
                    "fetchCurrencies": False,
                    "fetchMargins": False,
                },
            }
        )
        made.append(client)
        return client

    yield new
    for client in made:
        await client.close()


async def sell_some(maker: Trader) -> None:
    """A quarter of what the test buys."""
    sold = await maker.place(SYMBOL, "SELL", "0.5", "0.05")
    assert sold.is_success, sold.text


def reports(events: list[Event]) -> list[Event]:
    return [event for event in events if event["e"] == "executionReport"]


async def test_each_change_of_an_order_is_told_once_with_the_figures_that_rest_has(
    new_trader: NewTrader, socket_of: NewSocket
) -> None:
    trader, maker, stranger = await new_trader(), await new_trader(), await new_trader()
    socket, other = await socket_of(trader), await socket_of(stranger)

    placed = await socket.asks(
        "order.place", **BUY, quantity="2", price="0.05", newClientOrderId="mine"
    )
    await sell_some(maker)
    await socket.until(lambda e: e.get("x") == "TRADE")
    order = {"symbol": SYMBOL, "orderId": placed["orderId"]}
    await trader.send("DELETE", "order", **order, newClientOrderId="no")
    await socket.until(lambda e: e.get("x") == "CANCELED")

    new, trade, cancelled = reports(socket.events)
    assert [r["x"] for r in (new, trade, cancelled)] == ["NEW", "TRADE", "CANCELED"]
    assert [r["X"] for r in (new, trade, cancelled)] == ["NEW", "PARTIALLY_FILLED", "CANCELED"]
    assert [r["I"] for r in (new, trade, cancelled)] == [1, 2, 3]
    assert (new["c"], new["C"], new["w"]) == ("mine", "", True)
    assert (cancelled["c"], cancelled["C"], cancelled["w"]) == ("no", "mine", False)

    asked: Any = await trader.ask("order", **order)
    for key, field in _SAME_AS_ORDER.items():
        assert cancelled[key] == asked[field], (key, field)
    (fill,) = await trader.ask("myTrades", symbol=SYMBOL)  # type: ignore[misc]
    for key, field in _SAME_AS_TRADE.items():
        assert trade[key] == fill[field], (key, field)

    await _positions_reach_the_account(socket, trader)
    assert await other.asks("ping") == {}
    assert other.events == []  # nothing of this was the stranger's


async def test_a_deposit_is_told_as_a_change_and_as_what_it_has_come_to(
    new_trader: NewTrader, socket_of: NewSocket
) -> None:
    trader = await new_trader()
    socket = await socket_of(trader)

    await trader.deposit("BTC", "0.5", "more")
    await socket.until(lambda e: e["e"] == "outboundAccountPosition")

    change, position = socket.events
    assert (change["e"], change["a"], change["d"]) == ("balanceUpdate", "BTC", "0.50000000")
    assert position["B"] == [{"a": "BTC", "f": "100.50000000", "l": "0.00000000"}]


async def test_ccxt_pro_watches_orders_trades_and_balances(
    new_trader: NewTrader, ccxt_pro_of: NewClient
) -> None:
    trader, maker = await new_trader(), await new_trader()
    client = ccxt_pro_of(trader)
    await client.load_markets()
    await client.authenticate()
    seen: dict[str, dict[str, Any]] = {"orders": {}, "trades": {}, "balance": {}}

    async def orders() -> None:
        while True:
            for order in await client.watch_orders(PAIR):
                seen["orders"][order["id"]] = order

    async def trades() -> None:
        while True:
            for trade in await client.watch_my_trades(PAIR):
                seen["trades"][trade["id"]] = trade

    async def balances() -> None:
        while True:
            seen["balance"] = await client.watch_balance()

    watching = [asyncio.create_task(watch()) for watch in (orders, trades, balances)]
    try:
        placed = await client.create_order(PAIR, "limit", "buy", 2, 0.05)
        await sell_some(maker)
        await _becomes(lambda: seen["orders"].get(placed["id"], {}).get("filled") == 0.5)
        await client.cancel_order(placed["id"], PAIR)
        await _becomes(lambda: seen["orders"][placed["id"]]["status"] == "canceled")
        await _becomes(lambda: seen["balance"].get("BTC", {}).get("used") == 0)

        order, told = await client.fetch_order(placed["id"], PAIR), seen["orders"][placed["id"]]
        for field in ("status", "filled", "remaining", "price", "clientOrderId", "cost"):
            assert told[field] == order[field], field
        (trade,) = await client.fetch_my_trades(PAIR)
        heard = seen["trades"][trade["id"]]
        for field in ("price", "amount", "cost", "fee", "side", "takerOrMaker", "order"):
            assert heard[field] == trade[field], field
        held = await client.fetch_balance()
        for currency in ("BTC", "ETH"):
            assert seen["balance"][currency] == held[currency]
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)


_SAME_AS_ORDER = {
    "s": "symbol",
    "i": "orderId",
    "C": "clientOrderId",
    "S": "side",
    "o": "type",
    "f": "timeInForce",
    "q": "origQty",
    "p": "price",
    "P": "stopPrice",
    "F": "icebergQty",
    "g": "orderListId",
    "X": "status",
    "z": "executedQty",
    "Z": "cummulativeQuoteQty",
    "Q": "origQuoteOrderQty",
    "O": "time",
    "T": "updateTime",
    "W": "workingTime",
    "V": "selfTradePreventionMode",
}
_SAME_AS_TRADE = {
    "t": "id",
    "i": "orderId",
    "l": "qty",
    "L": "price",
    "Y": "quoteQty",
    "n": "commission",
    "N": "commissionAsset",
    "m": "isMaker",
    "T": "time",
}


async def _positions_reach_the_account(socket: Socket, trader: Trader) -> None:
    """The newest position told of each currency comes to be what the account says."""

    async def equal() -> bool:
        told = {
            b["a"]: (b["f"], b["l"])
            for event in socket.events
            if event["e"] == "outboundAccountPosition"
            for b in event["B"]
        }
        account: Any = await trader.ask("account")
        held = {b["asset"]: (b["free"], b["locked"]) for b in account["balances"]}
        await socket.asks("ping")  # takes in what has come meanwhile
        return told == {currency: held[currency] for currency in ("BTC", "ETH")}

    await until(equal, "the balances that were told are those that the account shows")


async def _becomes(true: Callable[[], bool]) -> None:
    async def now() -> bool:
        return true()

    await until(now, "what the client has seen")
