"""python-binance keeps two local books, of the fast and of the slow stream; their sockets break
half-way. Reports each book after each change, and how often a new snapshot was asked for."""

import asyncio
from typing import Any

from binance import AsyncClient, BinanceSocketManager, DepthCacheManager
from local_book import BENCH_SYMBOL, Clock, fingerprint
from venue import API, WS, report


class VenueClient(AsyncClient):
    """The client pointed at the venue. Remembers the snapshots that it was given."""

    API_URL = f"{API}/api"
    WS_API_URL = f"{WS}/ws-api/v3"

    def __init__(self) -> None:
        super().__init__()
        self.snapshots: list[int] = []

    async def get_order_book(self, **params: Any) -> Any:
        book = await super().get_order_book(**params)
        self.snapshots.append(book["lastUpdateId"])
        return book


class VenueSockets(BinanceSocketManager):
    STREAM_URL = f"{WS}/"


async def follow(interval: int | None) -> tuple[dict[int, str], int, int]:
    """The book at each number, the errors that were told, and the snapshots that were taken."""
    client, clock = VenueClient(), Clock()
    books: dict[int, str] = {}
    interruptions = 0
    sockets = VenueSockets(client)
    manager = DepthCacheManager(client, BENCH_SYMBOL, bm=sockets, ws_interval=interval)
    try:
        async with manager:
            while clock.runs:
                if clock.breaks_now():
                    manager._socket.ws.transport.abort()
                cache = await manager.recv()
                if isinstance(cache, dict):  # an error of the socket, which connects again
                    interruptions += 1
                # An event older than a new snapshot leaves the cache between the two for a moment.
                elif manager._last_update_id >= client.snapshots[-1]:
                    books[manager._last_update_id] = fingerprint(cache.get_bids(), cache.get_asks())
    finally:
        await client.close_connection()
    return books, interruptions, len(client.snapshots)


async def main() -> None:
    fast, slow = await asyncio.gather(follow(100), follow(None))
    report(
        books={"100 ms": fast[0], "1 s": slow[0]},
        interruptions=[fast[1], slow[1]],
        snapshots=[fast[2], slow[2]],
    )


asyncio.run(main())
