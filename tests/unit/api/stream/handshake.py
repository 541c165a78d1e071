"""WebSocket handshakes against the ASGI application, without a server."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp


class Handshake:
    """One socket: what the application said to its opening, and the texts that it sends."""

    def __init__(
        self,
        app: ASGIApp,
        path: str,
        headers: Mapping[str, str] | None = None,
        subprotocols: tuple[str, ...] = (),
    ) -> None:
        self.status = 101
        self.subprotocol: str | None = None
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": path.partition("?")[0],
            "raw_path": path.partition("?")[0].encode(),
            "query_string": path.partition("?")[2].encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in (headers or {}).items()],
            "client": ("192.0.2.1", 50_000),
            "server": ("gateway", 80),
            "subprotocols": list(subprotocols),
            "extensions": {"websocket.http.response": {}},
        }
        self._task = asyncio.create_task(
            app(scope, self._incoming.get, self._outgoing.put)  # type: ignore[arg-type]
        )

    async def opened(self) -> bool:
        """Whether it was accepted; `status` and `subprotocol` say how."""
        first = await self._next()
        if first["type"] == "websocket.accept":
            self.subprotocol = first.get("subprotocol")
            return True
        self.status = first.get("status", 403)
        return False

    async def text(self) -> str:
        """The next text that it sends."""
        message = await self._next()
        assert message["type"] == "websocket.send", message
        return str(message["text"])

    async def close_code(self) -> int:
        message = await self._next()
        assert message["type"] == "websocket.close", message
        return int(message["code"])

    def says(self, text: str) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "text": text})

    async def release(self) -> None:
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1005})
        with suppress(TimeoutError):
            await asyncio.wait_for(self._task, 5)

    async def _next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._outgoing.get(), 5)
