"""ccxt.pro: what it watches is what was done, and its WebSocket orders are orders."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import ccxt.pro
from ccxt_venue import exchange
from venue import CLIENT, MAKER, report, until_async

PAIR = "ETH/BTC"


class Watcher:
    """Watches everything at once and keeps what it saw."""

    def __init__(self, client: ccxt.pro.binance) -> None:
        self.client = client
        self.book: Any = None
        self.balance: Any = None
        self.candles: dict[int, Any] = {}  # by when they open; one without a trade may follow
        self.ticker: Any = None
        self.best: Any = None
        self.trades: dict[str, Any] = {}
        self.own_trades: dict[str, Any] = {}
        self.orders: dict[str, list[str]] = {}
        watches = (
            (client.watch_order_book, (PAIR,), self._on_book),
            (client.watch_trades, (PAIR,), self._on_trades),
            (client.watch_ticker, (PAIR,), self._on_ticker),
            (client.watch_ohlcv, (PAIR, "1m"), self._on_candles),
            (client.watch_bids_asks, ([PAIR],), self._on_best),
            (client.watch_orders, (PAIR,), self._on_orders),
            (client.watch_my_trades, (PAIR,), self._on_own_trades),
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

    def _on_book(self, book: Any) -> None:
        self.book = book

    def _on_trades(self, trades: list[Any]) -> None:
        self.trades |= {t["id"]: t for t in trades}

    def _on_ticker(self, ticker: Any) -> None:
        self.ticker = ticker

    def _on_candles(self, candles: list[Any]) -> None:
        self.candles |= {candle[0]: candle for candle in candles}

    def _on_best(self, best: Any) -> None:
        self.best = best[PAIR]

    def _on_orders(self, orders: list[Any]) -> None:
        for order in orders:
            seen = self.orders.setdefault(order["id"], [])
            if seen[-1:] != [order["status"]]:
                seen.append(order["status"])

    def _on_own_trades(self, trades: list[Any]) -> None:
        self.own_trades |= {t["id"]: t for t in trades}

    def _on_balance(self, balance: Any) -> None:
        self.balance = balance

    def failed(self) -> None:
        """Raises what a watch raised."""
        for task in self.tasks:
            if task.done():
                task.result()

    async def sees(self, what: str, condition: Callable[[], Any]) -> None:
        async def holds() -> Any:
            self.failed()
            return condition()

        try:
            await until_async(holds, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; seen: {vars(self)}") from error

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def subscribed(watcher: Watcher, maker: ccxt.pro.binance) -> None:
    """Small trades until every watch has seen one."""

    async def all_seen() -> bool:
        watcher.failed()
        await maker.create_order(PAIR, "limit", "sell", 0.01, 0.05)
        await watcher.client.create_order(PAIR, "limit", "buy", 0.01, 0.05)
        seen = (
            watcher.book,
            watcher.trades,
            watcher.ticker,
            watcher.candles,
            watcher.best,
            watcher.orders,
            watcher.own_trades,
            watcher.balance,
        )
        return all(seen)

    await until_async(all_seen, "a word from every watch")


async def trade(watcher: Watcher, maker: ccxt.pro.binance) -> None:
    client = watcher.client
    await maker.create_order_ws(PAIR, "limit", "sell", 2, 0.05)
    await watcher.sees("the ask in the book", lambda: [0.05, 2.0] in watcher.book["asks"])
    bought = await client.create_order_ws(PAIR, "limit", "buy", 0.5, 0.051)
    assert (bought["status"], bought["average"]) == ("closed", 0.05), bought
    await watcher.sees(
        "the order filled", lambda: watcher.orders.get(bought["id"], [])[-1:] == ["closed"]
    )
    (own,) = [t for t in await client.fetch_my_trades(PAIR) if t["order"] == bought["id"]]
    await watcher.sees("the trade", lambda: own["id"] in watcher.trades)
    assert (watcher.trades[own["id"]]["price"], watcher.trades[own["id"]]["amount"]) == (0.05, 0.5)
    await watcher.sees("the own trade", lambda: own["id"] in watcher.own_trades)
    told = watcher.own_trades[own["id"]]
    assert (told["fee"]["cost"], told["takerOrMaker"]) == (0.0005, "taker"), told
    await watcher.sees("the rest of the ask", lambda: [0.05, 1.5] in watcher.book["asks"])
    await watcher.sees("the best ask", lambda: watcher.best["askVolume"] == 1.5)
    await watcher.sees("the ticker", lambda: watcher.ticker["last"] == 0.05)
    await watcher.sees(
        "the candle", lambda: any(c[4] == 0.05 and c[5] > 0 for c in watcher.candles.values())
    )


async def rest_and_cancel(watcher: Watcher) -> None:
    client = watcher.client
    resting = await client.create_order_ws(PAIR, "limit", "buy", 1, 0.045)
    assert resting["status"] == "open"
    await watcher.sees("the order open", lambda: watcher.orders.get(resting["id"]) == ["open"])
    await watcher.sees("locked money", lambda: watcher.balance["BTC"]["used"] == 0.045)
    assert (await client.fetch_order_ws(resting["id"], PAIR))["status"] == "open"
    assert [o["id"] for o in await client.fetch_open_orders_ws(PAIR)] == [resting["id"]]
    moved = await client.edit_order_ws(resting["id"], PAIR, "limit", "buy", 2, 0.044)
    await watcher.sees(
        "the order replaced", lambda: watcher.orders.get(resting["id"]) == ["open", "canceled"]
    )
    await client.cancel_order_ws(moved["id"], PAIR)
    await watcher.sees(
        "the order cancelled", lambda: watcher.orders.get(moved["id"]) == ["open", "canceled"]
    )
    await watcher.sees("free money", lambda: watcher.balance["BTC"]["used"] == 0)
    try:
        await client.create_order_ws(PAIR, "limit", "buy", 3_000, 0.049)
    except ccxt.InsufficientFunds:
        pass
    else:
        raise AssertionError("more was bought than there is")


async def same_as_rest(watcher: Watcher) -> None:
    """What is watched, asked over the WebSocket API, and asked over REST is the same."""
    client = watcher.client

    async def agrees() -> bool:
        rest = await client.fetch_order_book(PAIR)
        watched = watcher.book
        return (rest["nonce"], rest["bids"], rest["asks"]) == (
            watched["nonce"],
            list(watched["bids"]),
            list(watched["asks"]),
        )

    await until_async(agrees, "the watched book is the book")
    candles = await client.fetch_ohlcv_ws(PAIR, "1m", limit=1)
    assert candles[-1][4] == 0.05
    rest, over_ws = await client.fetch_balance(), await client.fetch_balance_ws()
    # ccxt leaves the answer's balances unread here, and hands out the answer itself.
    assert over_ws["info"]["balances"] == rest["info"]["balances"]
    ids = [t["id"] for t in await client.fetch_my_trades(PAIR)]
    assert [t["id"] for t in await client.fetch_my_trades_ws(PAIR)] == ids
    assert sorted(watcher.own_trades) == sorted(ids)

    def same_balance() -> bool:
        return all(watcher.balance[c] == rest[c] for c in ("ETH", "BTC"))

    await watcher.sees(f"the balances {rest['ETH']} {rest['BTC']}", same_balance)


async def main() -> None:
    client, maker = exchange(CLIENT), exchange(MAKER)
    try:
        await client.load_markets()
        watcher = Watcher(client)
        try:
            await subscribed(watcher, maker)
            await trade(watcher, maker)
            await rest_and_cancel(watcher)
            await same_as_rest(watcher)
        finally:
            await watcher.stop()
        report(
            balances={c: watcher.balance[c] for c in ("ETH", "BTC")},
            trades=[
                [t["id"], t["price"], t["amount"], t["fee"]["cost"]]
                for t in sorted(watcher.own_trades.values(), key=lambda t: int(t["id"]))
            ],
            orders={o["id"]: o["status"] for o in await client.fetch_orders(PAIR)},
            book=list(watcher.book["asks"]),
        )
    finally:
        await client.close()
        await maker.close()


asyncio.run(main())
