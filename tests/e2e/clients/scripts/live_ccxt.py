"""ccxt, REST and pro, in a market that others move: own orders, trades, balances, a local book."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import ccxt.pro
from ccxt_venue import exchange
from live import (
    BOUGHT,
    CURRENCIES,
    LOOK_EVERY_S,
    PAIR,
    RESTING,
    SOLD,
    Books,
    balances_after,
    book,
    far_below,
    same,
)
from venue import CLIENT, report, until_async


class Watcher:
    """What the watched streams have told."""

    def __init__(self, client: ccxt.pro.binance) -> None:
        self.books = Books()
        self.orders: dict[str, list[str]] = defaultdict(list)
        self.trades: set[str] = set()
        self.balance: Any = {}
        watches = (
            (client.watch_order_book, (PAIR,), self._on_book),
            (client.watch_orders, (PAIR,), self._on_orders),
            (client.watch_my_trades, (PAIR,), self._on_trades),
            (client.watch_balance, (), self._on_balance),
        )
        self.tasks = [asyncio.create_task(self._watch(*watch)) for watch in watches]

    async def _watch(
        self,
        watch: Callable[..., Awaitable[Any]],
        about: tuple[Any, ...],
        take: Callable[[Any], None],
    ) -> None:
        while True:
            take(await watch(*about))

    def _on_book(self, seen: Any) -> None:
        self.books.local[seen["nonce"]] = book(seen["bids"], seen["asks"])

    def _on_orders(self, orders: list[Any]) -> None:
        for order in orders:
            self.orders[order["id"]].append(order["status"])

    def _on_trades(self, trades: list[Any]) -> None:
        self.trades |= {trade["id"] for trade in trades}

    def _on_balance(self, balance: Any) -> None:
        self.balance = balance

    def failed(self) -> None:
        """Raises what a watch raised."""
        for task in self.tasks:
            if task.done():
                task.result()

    async def sees(self, what: str, condition: Callable[[], object]) -> None:
        async def holds() -> object:
            self.failed()
            return condition()

        await until_async(holds, what)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def rest_and_cancel(client: ccxt.pro.binance) -> str:
    """An order that nobody takes, and its end; returns its id."""
    price = (await client.fetch_ticker(PAIR))["last"]
    resting = await client.create_order(
        PAIR, "limit", "buy", float(RESTING), float(far_below(price))
    )
    assert resting["status"] == "open", resting
    await client.cancel_order(resting["id"], PAIR)
    return str(resting["id"])


async def trade(client: ccxt.pro.binance, watcher: Watcher) -> list[Any]:
    """Both sides, at the price that the others make; returns all own trades."""

    async def heard() -> bool:
        watcher.failed()
        return watcher.orders.get(await rest_and_cancel(client)) is not None

    await until_async(heard, "a word of an own order")
    bought = await client.create_order(PAIR, "market", "buy", float(BOUGHT))
    sold = await client.create_order(PAIR, "market", "sell", float(SOLD))
    gone = await rest_and_cancel(client)
    for order_id, last in ((bought["id"], "closed"), (sold["id"], "closed"), (gone, "canceled")):
        await watcher.sees(
            f"{order_id} {last}",
            lambda i=order_id, s=last: watcher.orders[i][-1:] == [s],  # type: ignore[misc]
        )
    trades: list[Any] = await client.fetch_my_trades(PAIR)
    assert {t["order"] for t in trades} == {bought["id"], sold["id"]}
    await watcher.sees("every own trade", lambda: watcher.trades == {t["id"] for t in trades})
    return trades


async def compare_books(client: ccxt.pro.binance, watcher: Watcher) -> None:
    async def enough() -> bool:
        watcher.failed()
        seen = await client.fetch_order_book(PAIR, 1000)
        watcher.books.rest[seen["nonce"]] = book(seen["bids"], seen["asks"])
        return watcher.books.enough

    await until_async(enough, "numbers at which both books were seen", LOOK_EVERY_S)


async def main() -> None:
    client = exchange(CLIENT)
    try:
        await client.load_markets()
        first = await client.fetch_balance()
        start = {c: Decimal(str(first[c]["total"])) for c in CURRENCIES}
        watcher = Watcher(client)
        try:
            trades = await trade(client, watcher)
            held = balances_after(start, [t["info"] for t in trades])
            await watcher.sees(f"{held}", lambda: same(watcher.balance, held))
            assert same(await client.fetch_balance(), held)
            await compare_books(client, watcher)
        finally:
            await watcher.stop()
        report(
            balances={c: watcher.balance[c] for c in CURRENCIES},
            trades=[[t["id"], t["price"], t["amount"], t["fee"]["cost"]] for t in trades],
            orders={o["id"]: o["status"] for o in await client.fetch_orders(PAIR)},
            **watcher.books.facts(),
        )
    finally:
        await client.close()


asyncio.run(main())
