"""Streams and REST keep one watch current: nothing twice, nothing lost where a stream breaks."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

from websockets.asyncio.server import ServerConnection, serve

from simulator.api import Api
from simulator.market_watch import MarketWatch
from simulator.polled_feed import PolledFeed
from simulator.streamed_feed import StreamedFeed
from tests.support.waits import until
from tests.unit.simulator.fake_exchange import FakeExchange
from tests.unit.simulator.views import BTCUSDT


class FakeStreams:
    """A WebSocket server that remembers who came, and says what it is told to."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.sockets: list[ServerConnection] = []

    async def __call__(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.paths.append(socket.request.path)
        self.sockets.append(socket)
        await socket.wait_closed()

    async def say(self, stream: str, data: object) -> None:
        await self.sockets[-1].send(json.dumps({"stream": stream, "data": data}))


@asynccontextmanager
async def listening(
    exchange: FakeExchange, streams: FakeStreams
) -> AsyncIterator[tuple[MarketWatch, PolledFeed]]:
    """A watch of BTCUSDT that a streamed feed keeps current."""
    watch = MarketWatch(BTCUSDT)
    async with serve(streams, "127.0.0.1", 0) as server, exchange.client() as http:
        [socket] = server.sockets
        url = f"ws://127.0.0.1:{socket.getsockname()[1]}/stream"
        clock = asyncio.get_running_loop().time
        polled = PolledFeed(Api(http, asyncio.Semaphore(1)), [watch], 0.05, clock)
        task = asyncio.create_task(StreamedFeed(url, [watch], polled).run())
        try:
            await holds(lambda: len(streams.sockets) == 1 and polled.seen_at_s, "a look")
            yield watch, polled
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def holds(condition: Callable[[], object], what: str) -> None:
    async def asked() -> bool:
        return bool(condition())

    await until(asked, what, limit_s=10)


def trade(number: int, price: str) -> dict[str, object]:
    return {"e": "aggTrade", "a": number, "p": price, "q": "0.5", "m": True}


async def test_streams_show_books_and_trades() -> None:
    exchange, streams = FakeExchange(), FakeStreams()
    async with listening(exchange, streams) as (watch, _):
        assert streams.paths == ["/stream?streams=btcusdt@depth20@100ms/btcusdt@aggTrade"]
        await streams.say(
            "btcusdt@depth20@100ms", {"bids": [["59999", "1"]], "asks": [["60001", "2"]]}
        )
        await streams.say("btcusdt@aggTrade", trade(7, "60000.5"))
        await holds(lambda: watch.last_trade_id == 7, "the trade")
        assert (watch.bids[0].price, watch.asks[0].quantity) == (59_999, 2)
        [seen] = watch.trades_since(-1)
        assert (seen.price, seen.quantity, seen.buyer_takes) == (
            Decimal("60000.5"),
            Decimal("0.5"),
            False,
        )
        assert watch.last_price == Decimal("60000.5")


async def test_a_trade_that_comes_by_both_ways_is_one() -> None:
    exchange, streams = FakeExchange(), FakeStreams()
    exchange.trade("60000")
    async with listening(exchange, streams) as (watch, _):
        await streams.say("btcusdt@aggTrade", trade(0, "60000"))
        await streams.say("btcusdt@aggTrade", trade(1, "60010"))
        await holds(lambda: watch.last_trade_id == 1, "the second trade")
        assert [t.trade_id for t in watch.trades_since(-1)] == [0, 1]
        assert [t.trade_id for t in watch.trades_since(0)] == [1]


async def test_what_is_traded_while_the_streams_are_away_is_seen_by_rest() -> None:
    exchange, streams = FakeExchange(), FakeStreams()
    async with listening(exchange, streams) as (watch, _):
        await streams.sockets[0].close()
        exchange.trade("60020")
        await holds(lambda: watch.last_trade_id == 0, "the trade by REST")
        await holds(lambda: len(streams.sockets) == 2, "a new connection")
        await streams.say("btcusdt@aggTrade", trade(1, "60030"))
        await holds(lambda: watch.last_trade_id == 1, "the trade by stream")
