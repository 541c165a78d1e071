"""A peer of a Connection: it sends what it is told to, and reads only while it wants to."""

import asyncio
from collections.abc import Sequence
from typing import Any


class FakeWire:
    """Takes texts while `reading`; `takes_some` says that a stalled peer takes a little."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.writes: list[list[str]] = []
        self.aborted = asyncio.Event()
        self.untaken = 1_000
        self.takes_some = False
        self._reading = asyncio.Event()
        self._reading.set()

    def reads(self, reading: bool) -> None:
        if reading:
            self._reading.set()
        else:
            self._reading.clear()

    def try_write(self, text: str) -> bool:
        if not self._reading.is_set():
            return False
        self.texts.append(text)
        return True

    async def room(self) -> None:
        await self._reading.wait()
        if self.aborted.is_set():
            raise ConnectionResetError("aborted")

    async def write(self, texts: Sequence[str]) -> None:
        self.texts.extend(texts)
        self.writes.append(list(texts))

    def untaken_bytes(self) -> int:
        self.untaken -= self.takes_some
        return self.untaken

    def abort(self) -> None:
        self.aborted.set()


class FakeWebSocket:
    """What a Connection uses of Starlette's WebSocket."""

    def __init__(self, wire: FakeWire) -> None:
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._wire = wire
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._watch = asyncio.create_task(self._disconnect_on_abort())

    def says(self, text: str | None = None, data: bytes | None = None) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "text": text, "bytes": data})

    def goes(self) -> None:
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1005})

    async def receive(self) -> dict[str, Any]:
        return await self._incoming.get()

    async def close(self, code: int, reason: str) -> None:
        self.closed.set_result((code, reason))
        self.goes()

    async def _disconnect_on_abort(self) -> None:
        await self._wire.aborted.wait()
        self.goes()

    async def release(self) -> None:
        self._watch.cancel()
        await asyncio.wait([self._watch])
