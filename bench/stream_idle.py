"""A client that never reads, and a look at when the gateway drops it."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx

LOOK_EVERY_S = 0.5  # seldom enough not to slow the others
LIMIT_S = 60.0


class AbortedClients:
    """Asks `/healthz` regularly how many clients were dropped for not reading. Both halves of a
    pair are looked at alike: looking costs the gateway too."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._first = 0
        self._grew = asyncio.Event()
        self._grew_s = 0.0

    @asynccontextmanager
    async def watched(self) -> AsyncIterator["AbortedClients"]:
        """Look as long as the block lasts."""
        async with httpx.AsyncClient(timeout=LIMIT_S) as http:
            self._first = await self._count(http)
            looking = asyncio.create_task(self._look(http))
            try:
                yield self
            finally:
                looking.cancel()
                await asyncio.wait([looking])

    async def dropped_after(self, began_s: float) -> float:
        """Wait until there is one more; the seconds since then, infinite beyond the limit."""
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._grew.wait()
        except TimeoutError:
            return float("inf")
        return self._grew_s - began_s

    async def _look(self, http: httpx.AsyncClient) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if await self._count(http) != self._first and not self._grew.is_set():
                self._grew_s = time.monotonic()
                self._grew.set()

    async def _count(self, http: httpx.AsyncClient) -> int:
        answer = await http.get(f"{self._api_url}/healthz")
        return int(answer.json()["sockets"]["aborted"])


@contextmanager
def never_reads(ws_url: str, stream: str) -> Iterator[None]:
    """Somebody who follows a stream and takes nothing from the socket."""
    host, port = ws_url.removeprefix("ws://").split(":")
    with socket.create_connection((host, int(port))) as idle:
        idle.sendall(
            f"GET /ws/{stream} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        yield
