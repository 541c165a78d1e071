"""python-binance's sockets: market streams, the user socket, orders over the WebSocket API."""

import asyncio
from collections import defaultdict
from itertools import pairwise
from typing import Any

from binance import AsyncClient, BinanceSocketManager, DepthCacheManager
from venue import API, CLIENT, MAKER, SYMBOL, WS, Account, report, until_async


class VenueClient(AsyncClient):
    """The client pointed at the venue; made without `create`, which asks Binance first."""

    API_URL = f"{API}/api"
    WS_API_URL = f"{WS}/ws-api/v3"

    def __init__(self, account: Account) -> None:
        super().__init__(account.key, account.secret)


class VenueSockets(BinanceSocketManager):
    STREAM_URL = f"{WS}/"


class Seen:
    """Everything that came, by stream."""

    def __init__(self) -> None:
        self.of: dict[str, list[Any]] = defaultdict(list)
        self.depth: Any = None
        self.tasks: list[asyncio.Task[None]] = []

    def follow(self, name: str, socket: Any) -> None:
        self.tasks.append(asyncio.create_task(self._follow(name, socket)))

    async def _follow(self, name: str, socket: Any) -> None:
        async with socket as opened:
            while True:
                message = await opened.recv()
                assert not (isinstance(message, dict) and message.get("e") == "error"), message
                self.of[name].append(message)

    def follow_depth(self, manager: DepthCacheManager) -> None:
        async def follow() -> None:
            async with manager as opened:
                while True:
                    self.depth = await opened.recv()

        self.tasks.append(asyncio.create_task(follow()))

    def check(self) -> None:
        for task in self.tasks:
            if task.done():
                task.result()

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def follow_everything(client: AsyncClient, seen: Seen) -> list[str]:
    """Opens every socket; returns the names of those that trades move."""
    sockets = VenueSockets(client)
    low = SYMBOL.lower()
    followed = {
        "trade": sockets.trade_socket(SYMBOL),
        "aggTrade": sockets.aggtrade_socket(SYMBOL),
        "kline": sockets.kline_socket(SYMBOL, interval="1m"),
        "miniTicker": sockets.symbol_miniticker_socket(SYMBOL),
        "ticker": sockets.symbol_ticker_socket(SYMBOL),
        "bookTicker": sockets.symbol_book_ticker_socket(SYMBOL),
        "all tickers": sockets.ticker_socket(),
        "all miniTickers": sockets.miniticker_socket(),
        "depth5": sockets.depth_socket(SYMBOL, depth="5"),
        "depth": sockets.depth_socket(SYMBOL, interval=100),
        "multiplex": sockets.multiplex_socket([f"{low}@trade", f"{low}@bookTicker"]),
        "user": sockets.user_socket(),
    }
    for name, socket in followed.items():
        seen.follow(name, socket)
    # A manager hands out one connection for each stream: two readers of one need two managers.
    others = VenueSockets(client)
    seen.follow_depth(DepthCacheManager(client, SYMBOL, bm=others, ws_interval=100))
    return list(followed)


async def small_trades(client: AsyncClient, maker: AsyncClient, seen: Seen) -> None:
    names = follow_everything(client, seen)

    async def all_seen() -> bool:
        seen.check()
        await maker.order_limit_sell(symbol=SYMBOL, quantity="0.01", price="0.05")
        await client.ws_order_limit_buy(symbol=SYMBOL, quantity="0.01", price="0.05")
        return all(seen.of[name] for name in names) and seen.depth is not None

    try:
        await until_async(all_seen, "a word on every socket")
    except AssertionError as error:
        raise AssertionError(f"silent: {[n for n in names if not seen.of[n]]}") from error


def reports(seen: Seen, order_id: int) -> list[str]:
    return [m["X"] for m in seen.of["user"] if m["e"] == "executionReport" and m["i"] == order_id]


async def trade(client: AsyncClient, maker: AsyncClient, seen: Seen) -> None:
    await maker.ws_order_limit_sell(symbol=SYMBOL, quantity="2", price="0.05")
    bought = await client.ws_order_limit_buy(symbol=SYMBOL, quantity="0.5", price="0.051")
    assert bought["status"] == "FILLED", bought
    trade_id = bought["fills"][0]["tradeId"]

    async def told() -> bool:
        seen.check()
        return (
            reports(seen, bought["orderId"]) == ["NEW", "FILLED"]
            and trade_id in [m["t"] for m in seen.of["trade"]]
            and trade_id in [m["l"] for m in seen.of["aggTrade"]]
            and trade_id in [m["data"].get("t") for m in seen.of["multiplex"]]
            and seen.of["bookTicker"][-1]["A"] == "1.50000000"
            and seen.of["depth5"][-1]["asks"] == [["0.05000000", "1.50000000"]]
            and seen.depth.get_asks() == [[0.05, 1.5]]
            and seen.of["ticker"][-1]["L"] == trade_id
            and trade_id in [m["k"]["L"] for m in seen.of["kline"]]
            and seen.of["miniTicker"][-1]["c"] == "0.05000000"
        )

    try:
        await until_async(told, "the trade on every socket")
    except AssertionError as error:
        newest = {name: messages[-1] for name, messages in seen.of.items()}
        told_last = (reports(seen, bought["orderId"]), seen.depth.get_asks(), newest)
        raise AssertionError(f"{error} ({bought}); seen: {told_last}") from error
    (fill,) = [m for m in seen.of["user"] if m.get("i") == bought["orderId"] and m["x"] == "TRADE"]
    assert (fill["t"], fill["L"], fill["l"], fill["n"], fill["N"], fill["m"]) == (
        trade_id,
        "0.05000000",
        "0.50000000",
        "0.00050000",
        "ETH",
        False,
    )


async def rest_and_cancel(client: AsyncClient, seen: Seen) -> None:
    resting = await client.ws_order_limit_buy(symbol=SYMBOL, quantity="1", price="0.045")
    by_id = {"symbol": SYMBOL, "orderId": resting["orderId"]}
    assert (await client.ws_get_order(**by_id))["status"] == "NEW"
    assert len(await client.ws_get_open_orders(symbol=SYMBOL)) == 1
    await client.ws_cancel_order(**by_id)

    async def told() -> bool:
        seen.check()
        return reports(seen, resting["orderId"]) == ["NEW", "CANCELED"]

    await until_async(told, "the order placed and cancelled")


def sequence_is_whole(seen: Seen) -> None:
    events = seen.of["depth"]
    for before, after in pairwise(events):
        assert after["U"] == before["u"] + 1, (before["u"], after["U"])


async def last_position(client: AsyncClient, seen: Seen) -> dict[str, dict[str, str]]:
    """The newest balances that the user socket told, once they are those of the account."""
    told: dict[str, dict[str, str]] = {}

    async def same() -> bool:
        for message in seen.of["user"]:
            if message["e"] == "outboundAccountPosition":
                told.update({b["a"]: {"free": b["f"], "used": b["l"]} for b in message["B"]})
        account = await client.ws_get_account()
        rest = {b["asset"]: {"free": b["free"], "used": b["locked"]} for b in account["balances"]}
        return all(told.get(c) == rest[c] for c in ("ETH", "BTC"))

    await until_async(same, "the balances that were told are the account's")
    return told


async def main() -> None:
    client, maker, seen = VenueClient(CLIENT), VenueClient(MAKER), Seen()
    try:
        await small_trades(client, maker, seen)
        await trade(client, maker, seen)
        await rest_and_cancel(client, seen)
        balances = await last_position(client, seen)
        sequence_is_whole(seen)
        trades = await client.ws_get_my_trades(symbol=SYMBOL)
        report(
            balances=balances,
            trades=[[t["id"], t["price"], t["qty"], t["commission"]] for t in trades],
            orders={
                o["orderId"]: o["status"] for o in await client.ws_get_all_orders(symbol=SYMBOL)
            },
            book=seen.depth.get_asks(),
        )
    finally:
        await seen.stop()
        await client.close_connection()
        await maker.close_connection()


asyncio.run(main())
