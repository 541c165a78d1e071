"""The market streams of the whole platform: what real orders do arrives, whole and in order."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader

pytestmark = pytest.mark.e2e

SECONDS = 15
NAME = SYMBOL.lower()
FAST, SLOW = f"{NAME}@depth@100ms", f"{NAME}@depth"
Connect = Callable[[str], Awaitable[ClientConnection]]
Event = dict[str, Any]


@pytest.fixture
async def to(platform: Platform) -> AsyncIterator[Connect]:
    """Opens sockets by path."""
    async with AsyncExitStack() as opened:

        async def open_socket(path: str) -> ClientConnection:
            return await opened.enter_async_context(connect(f"{platform.ws_url}{path}"))

        yield open_socket


async def events_until(
    socket: ClientConnection, enough: Callable[[list[Event]], bool]
) -> list[Event]:
    """What comes in, until it is enough."""
    events: list[Event] = []
    async with asyncio.timeout(SECONDS):
        while not enough(events):
            events.append(json.loads(await socket.recv()))
    return events


def of(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event.get("e") == kind]


class LocalBook:
    """What a client of a depth stream keeps: a snapshot and every change after it."""

    def __init__(self, snapshot: Event) -> None:
        self.last = snapshot["lastUpdateId"]
        self.bids, self.asks = dict(snapshot["bids"]), dict(snapshot["asks"])

    def apply(self, event: Event) -> None:
        if event["u"] <= self.last:
            return
        assert event["U"] <= self.last + 1, "a gap"
        self.last = event["u"]
        for side, changes in ((self.bids, event["b"]), (self.asks, event["a"])):
            for price, quantity in changes:
                side[price] = quantity
                if Decimal(quantity) == 0:
                    del side[price]


async def snapshot(http: httpx.AsyncClient) -> Event:
    answer = await http.get("/api/v3/depth", params={"symbol": SYMBOL, "limit": 100})
    assert answer.status_code == 200, answer.text
    found: Event = answer.json()
    return found


async def test_a_trade_is_told_by_every_stream_of_its_market(
    new_trader: NewTrader, to: Connect
) -> None:
    kinds = ("trade", "aggTrade", "kline_1m", "bookTicker", "depth@100ms", "miniTicker")
    streams = "/".join(f"{NAME}@{kind}" for kind in kinds)
    client = await to(f"/stream?streams={streams}")
    maker, taker = await new_trader(), await new_trader()
    sold = await maker.place(SYMBOL, "SELL", "2", "0.05")
    assert sold.status_code == 200, sold.text
    bought = await taker.place(SYMBOL, "BUY", "1", "0.05")
    assert bought.json()["status"] == "FILLED", bought.text

    trade_id = bought.json()["fills"][0]["tradeId"]

    def all_there(events: list[Event]) -> bool:
        """The first that some streams tell is how the market was before the trade."""
        came = {event["stream"]: event["data"] for event in events}
        klines = of([event["data"] for event in events], "kline")
        told = any((k["k"]["L"], k["k"]["c"]) == (trade_id, "0.05000000") for k in klines)
        best = came.get(f"{NAME}@bookTicker", {})
        return told and len(came) == len(kinds) and best.get("A") == "1.00000000"

    events = await events_until(client, all_there)
    data = [event["data"] for event in events]
    trade = of(data, "trade")[-1]
    assert (trade["s"], trade["p"], trade["q"], trade["m"]) == (
        SYMBOL,
        "0.05000000",
        "1.00000000",
        False,
    )
    assert trade["t"] == trade_id
    aggregate = of(data, "aggTrade")[-1]
    assert (aggregate["f"], aggregate["l"]) == (trade["t"], trade["t"])
    best = [event["data"] for event in events if event["stream"].endswith("@bookTicker")][-1]
    assert (best["a"], best["A"]) == ("0.05000000", "1.00000000")


async def test_both_depth_streams_keep_a_book_equal_to_the_snapshot(
    new_trader: NewTrader, to: Connect, http: httpx.AsyncClient
) -> None:
    fast, slow = await to(f"/ws/{FAST}"), await to("/ws/0")
    await slow.send(json.dumps({"method": "SUBSCRIBE", "params": [SLOW], "id": 1}))
    assert json.loads(await slow.recv()) == {"result": None, "id": 1}
    first = await snapshot(http)
    books = [(fast, LocalBook(first)), (slow, LocalBook(first))]
    trader = await new_trader()
    for step in range(12):
        price = f"{Decimal('0.04') + Decimal('0.00001') * step:f}"
        placed = await trader.place(SYMBOL, "BUY", "1", price, f"d{step}")
        assert placed.status_code == 200, placed.text
        if step % 3 == 0:
            await trader.cancel(SYMBOL, f"d{step}")
    last = await snapshot(http)
    while last["bids"][0][0] != "0.04011000":  # the display follows a moment later
        await asyncio.sleep(0.05)
        last = await snapshot(http)
    for client, book in books:
        events = await events_until(
            client, lambda events: bool(events) and events[-1]["u"] >= last["lastUpdateId"]
        )
        for event in events:
            book.apply(event)
        steps = itertools.pairwise(events)
        assert all(after["U"] == before["u"] + 1 for before, after in steps)
        assert book.last == last["lastUpdateId"]
        assert book.bids == dict(last["bids"])
        assert book.asks == dict(last["asks"])


async def test_a_stream_can_be_left_and_taken_up_again(new_trader: NewTrader, to: Connect) -> None:
    client, trader = await to(f"/ws/{FAST}"), await new_trader()

    async def says(method: str) -> None:
        await client.send(json.dumps({"method": method, "params": [FAST], "id": method}))
        await events_until(client, lambda es: bool(es) and es[-1].get("id") == method)

    await says("UNSUBSCRIBE")
    await trader.place(SYMBOL, "BUY", "1", "0.031", "away")
    await says("SUBSCRIBE")
    await trader.place(SYMBOL, "BUY", "1", "0.032", "back")
    events = await events_until(client, lambda es: ["0.03200000", "1.00000000"] in _bids(es))
    assert of(events, "depthUpdate") == events


def _bids(events: list[Event]) -> list[list[str]]:
    return [change for event in of(events, "depthUpdate") for change in event["b"]]
