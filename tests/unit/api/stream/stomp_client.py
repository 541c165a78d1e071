"""A STOMP client on a fake socket, and a gateway of fakes behind it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from starlette.websockets import WebSocket

from api.dependencies import Dependencies
from api.stream.connection import Connection
from api.stream.stomp_outlet import PLAIN, Framing
from api.stream.stomp_peer import StompPeer
from tests.support.waits import until
from tests.unit.api.stream.fake_socket import FakeWebSocket, FakeWire

CONNECT = "CONNECT\naccept-version:1.2\nhost:x\nheart-beat:0,0\n\n\0"


@dataclass(frozen=True)
class Received:
    command: str
    headers: dict[str, str]
    body: str


class StompClient:
    """One connection: what it says, and what it has been sent."""

    def __init__(
        self, dependencies: Dependencies, framing: Framing, clock_s: Callable[[], float]
    ) -> None:
        self.wire = FakeWire()
        self.socket = FakeWebSocket(self.wire)
        way = Connection(
            cast(WebSocket, self.socket), dependencies.settings.streams, wire=self.wire
        )
        self.peer = StompPeer(dependencies, way, framing, clock_s)
        self.way = way
        self.task = asyncio.create_task(self.peer.run())

    def says(self, *texts: str) -> None:
        for text in texts:
            self.socket.says(text)

    def subscribes(self, destination: str, subscription: str | None = None) -> None:
        self.says(f"SUBSCRIBE\nid:{subscription or destination}\ndestination:{destination}\n\n\0")

    async def frames(self, count: int) -> list[Received]:
        """Everything sent so far but heart-beats, once there are so many texts."""

        async def there() -> bool:
            return len(self.wire.texts) >= count

        await until(there, f"{count} frames, got {self.wire.texts}", limit_s=5)
        assert len(self.wire.texts) == count, self.wire.texts
        return [parsed(text) for text in self.wire.texts if text != "\n"]

    async def frame(self, count: int) -> Received:
        """The newest frame, once there are so many."""
        return (await self.frames(count))[-1]

    async def connect(self) -> None:
        self.says(CONNECT)
        assert (await self.frame(1)).command == "CONNECTED"

    async def closed(self) -> int:
        """The code that closed the socket."""
        code, _ = await asyncio.wait_for(asyncio.shield(self.socket.closed), 5)
        return code

    async def release(self) -> None:
        self.socket.goes()
        await asyncio.wait_for(asyncio.shield(self.task), 5)
        await self.socket.release()


@asynccontextmanager
async def stomp_client(
    dependencies: Dependencies,
    framing: Framing = PLAIN,
    clock_s: Callable[[], float] = lambda: 1_000.0,
) -> AsyncIterator[StompClient]:
    """A client whose connection is open; CONNECT is its own affair."""
    client = StompClient(dependencies, framing, clock_s)
    await asyncio.sleep(0)
    try:
        yield client
    finally:
        await client.release()


def parsed(text: str) -> Received:
    head, _, body = text.partition("\n\n")
    command, *lines = head.split("\n")
    headers = dict(line.split(":", 1) for line in lines)
    body = body.removesuffix("\0")
    if "content-length" in headers:
        assert int(headers["content-length"]) == len(body.encode())
    return Received(command, {k: _unescaped(v) for k, v in headers.items()}, body)


def _unescaped(text: str) -> str:
    meant = {"c": ":", "n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: meant[found[1]], text)
