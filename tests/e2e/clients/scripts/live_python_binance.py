"""python-binance, REST and sockets, in a market that others move: own orders, trades, balances,
and the book of its DepthCacheManager."""

import asyncio
from decimal import Decimal
from typing import Any

from binance import AsyncClient, BinanceSocketManager, DepthCacheManager
from live import (
    BOUGHT,
    CURRENCIES,
    LOOK_EVERY_S,
    RESTING,
    SOLD,
    SYMBOL,
    Books,
    balances_after,
    book,
    far_below,
    same,
)
from venue import API, CLIENT, WS, report, until_async


class VenueClient(AsyncClient):
    """The client pointed at the venue. Remembers the snapshots that it was given."""

    API_URL = f"{API}/api"
    WS_API_URL = f"{WS}/ws-api/v3"

    def __init__(self) -> None:
        super().__init__(CLIENT.key, CLIENT.secret)
        self.snapshots: list[int] = []

    async def get_order_book(self, **params: Any) -> Any:
        found = await super().get_order_book(**params)
        self.snapshots.append(found["lastUpdateId"])
        return found


class VenueSockets(BinanceSocketManager):
    STREAM_URL = f"{WS}/"


class Seen:
    """What the sockets have told."""

    def __init__(self, client: VenueClient) -> None:
        self.books = Books()
        self.events: list[Any] = []
        self.balances: dict[str, dict[str, str]] = {}
        self._client = client
        self._tasks = [asyncio.create_task(self._user()), asyncio.create_task(self._depth())]

    async def _user(self) -> None:
        async with VenueSockets(self._client).user_socket() as socket:
            while True:
                event = await socket.recv()
                assert event["e"] != "error", event
                self.events.append(event)
                if event["e"] == "outboundAccountPosition":
                    self.balances |= {b["a"]: {"free": b["f"], "used": b["l"]} for b in event["B"]}

    async def _depth(self) -> None:
        client = VenueClient()  # whose snapshots are this book's alone
        try:
            manager = DepthCacheManager(client, SYMBOL, bm=VenueSockets(client), ws_interval=100)
            async with manager:
                while True:
                    cache = await manager.recv()
                    assert not isinstance(cache, dict), cache
                    # An event older than the snapshot leaves the cache between the two.
                    if manager._last_update_id >= client.snapshots[-1]:
                        levels = book(cache.get_bids(), cache.get_asks())
                        self.books.local[manager._last_update_id] = levels
        finally:
            await client.close_connection()

    def statuses(self, order: Any) -> list[str]:
        reports = [event for event in self.events if event["e"] == "executionReport"]
        return [event["X"] for event in reports if event["i"] == order["orderId"]]

    def trade_ids(self) -> set[int]:
        return {event["t"] for event in self.events if event.get("x") == "TRADE"}

    def failed(self) -> None:
        """Raises what a socket raised."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def rest_and_cancel(client: VenueClient) -> Any:
    """An order that nobody takes, and its end."""
    price = (await client.get_symbol_ticker(symbol=SYMBOL))["price"]
    resting = await client.order_limit_buy(symbol=SYMBOL, quantity=RESTING, price=far_below(price))
    assert resting["status"] == "NEW", resting
    await client.cancel_order(symbol=SYMBOL, orderId=resting["orderId"])
    return resting


async def trade(client: VenueClient, seen: Seen) -> list[Any]:
    """Both sides, at the price that the others make; returns all own trades."""

    async def heard() -> bool:
        seen.failed()
        return bool(seen.statuses(await rest_and_cancel(client)))

    await until_async(heard, "a word of an own order")
    bought = await client.order_market_buy(symbol=SYMBOL, quantity=BOUGHT)
    sold = await client.order_market_sell(symbol=SYMBOL, quantity=SOLD)
    gone = await rest_and_cancel(client)
    trades: list[Any] = await client.get_my_trades(symbol=SYMBOL)
    assert {t["orderId"] for t in trades} == {bought["orderId"], sold["orderId"]}

    async def told() -> bool:
        seen.failed()
        return (
            seen.statuses(bought)[-1:] == ["FILLED"]
            and seen.statuses(sold)[-1:] == ["FILLED"]
            and seen.statuses(gone)[-1:] == ["CANCELED"]
            and seen.trade_ids() == {t["id"] for t in trades}
        )

    await until_async(told, "every own order's end, and every own trade")
    return trades


async def held_balances(client: VenueClient) -> dict[str, dict[str, str]]:
    return {
        b["asset"]: {"free": b["free"], "used": b["locked"]}
        for b in (await client.get_account())["balances"]
        if b["asset"] in CURRENCIES
    }


async def compare_books(client: VenueClient, seen: Seen) -> None:
    async def enough() -> bool:
        seen.failed()
        found = await client.get_order_book(symbol=SYMBOL, limit=1000)
        seen.books.rest[found["lastUpdateId"]] = book(found["bids"], found["asks"])
        return seen.books.enough

    await until_async(enough, "numbers at which both books were seen", LOOK_EVERY_S)


async def main() -> None:
    client = VenueClient()
    first = await held_balances(client)
    start = {c: Decimal(first[c]["free"]) for c in CURRENCIES}
    seen = Seen(client)
    try:
        trades = await trade(client, seen)
        held = balances_after(start, trades)

        async def settled() -> bool:
            seen.failed()
            return same(seen.balances, held) and same(await held_balances(client), held)

        await until_async(settled, f"{held}, told and asked")
        await compare_books(client, seen)
        orders = await client.get_all_orders(symbol=SYMBOL)
        report(
            balances=seen.balances,
            trades=[[t["id"], t["price"], t["qty"], t["commission"]] for t in trades],
            orders={o["orderId"]: o["status"] for o in orders},
            **seen.books.facts(),
        )
    finally:
        await seen.stop()
        await client.close_connection()


asyncio.run(main())
