"""A gateway on fakes behind the real server, and WebSocket clients of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect

from api.app import create_app
from config.settings import StreamSettings
from stack.ports import free_port
from tests.support.waits import ended, until
from tests.unit.api.conftest import House
from workers.gateway import HttpServer

SECONDS = 5


class Client:
    """One socket: JSON in and out, each answer awaited for at most a few seconds."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def says(self, message: object) -> None:
        await self.socket.send(message if isinstance(message, str) else json.dumps(message))

    async def hears(self) -> Any:
        return json.loads(await asyncio.wait_for(self.socket.recv(), SECONDS))

    async def asks(self, method: str, *params: object) -> Any:
        await self.says({"method": method, "params": params, "id": 1})
        return await self.hears()

    async def closed(self) -> tuple[int | None, str | None]:
        await asyncio.wait_for(self.socket.wait_closed(), SECONDS)
        return self.socket.close_code, self.socket.close_reason


class Exchange:
    """A gateway of its own, and its clients, which `release` closes."""

    def __init__(self, directory: Path, limits: StreamSettings) -> None:
        self.house = house = House(directory)
        port = free_port()
        settings = house.settings.model_copy(update={"streams": limits, "port": port})
        self.dependencies = msgspec.structs.replace(house.dependencies, settings=settings)
        self.hub = self.dependencies.hub
        self.figures = self.dependencies.stream_figures
        self.port = port
        self.stop, self.stopped = asyncio.Event(), asyncio.Event()
        server = HttpServer(create_app(self.dependencies), settings, self.figures)
        self._task = asyncio.create_task(server.run(self.stop, self.stopped))
        self._clients = AsyncExitStack()

    async def ready(self) -> None:
        async with httpx.AsyncClient() as http:

            async def answers() -> bool:
                try:
                    answer = await http.get(f"http://127.0.0.1:{self.port}/healthz")
                except httpx.ConnectError:
                    return False
                return answer.status_code == 200

            await until(answers, "the server listens")

    async def connect(self, path: str, **options: Any) -> Client:
        url = f"ws://127.0.0.1:{self.port}{path}"
        made = connect(url, compression=None, open_timeout=SECONDS, **options)
        return Client(await self._clients.enter_async_context(made))

    async def followed(self, *names: str) -> None:
        """Wait until the hub knows that somebody wants these."""

        async def wanted() -> bool:
            return all(self.hub.wanted(name) for name in names)

        await until(wanted, f"a subscription of {names}")

    async def nobody_is_here(self) -> None:
        async def empty() -> bool:
            return not self.hub.names() and not self.figures.admitted

        await until(empty, "the end of all subscriptions")

    async def release(self) -> None:
        """Close all clients, and wait until the gateway has noticed."""
        await self._clients.aclose()
        await self.nobody_is_here()

    async def end(self) -> None:
        self.stop.set()
        await asyncio.wait_for(self.stopped.wait(), 2 * SECONDS)
        await ended(self._task)


@asynccontextmanager
async def running(directory: Path, limits: StreamSettings) -> AsyncIterator[Exchange]:
    made = Exchange(directory, limits)
    try:
        await made.ready()
        yield made
        await made.release()
    finally:
        await made.end()


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Exchange]:
    limits = StreamSettings(messages_per_s=50)
    async with running(tmp_path_factory.mktemp("exchange"), limits) as made:
        yield made


@pytest.fixture
async def exchange(shared: Exchange) -> AsyncIterator[Exchange]:
    """The same gateway for all tests of a module, each with clients of its own."""
    yield shared
    await shared.release()
