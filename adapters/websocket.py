"""Uvicorn's WebSocket protocol with its transport in reach, and an end to peers that stall.

Uvicorn's own `close` waits until the peer has taken what is buffered, which one that does not
read never does: every way to close ends in an abort here.
"""

import asyncio
import socket
import struct
from asyncio.transports import BaseTransport
from contextlib import suppress
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

EXTENSION: Final = "tradeflow.websocket"
SEND_BUFFER_BYTES: Final = 32_768  # in the kernel, which doubles it; more only hides a stall
ROOM_BYTES: Final = 32_768  # waiting in the process: above it there is no room
UNANSWERED_PINGS_BYTES: Final = 131_072  # a peer that pings and does not read fills the buffer
CLOSE_WITHIN_S: Final = 3.0
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: forget what the peer has not taken


class DirectWebSocket(WebSocketsSansIOProtocol):
    """Stands in the scope's `extensions` under EXTENSION, for `api.stream.wire`."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Take a transport that HTTP's protocol hands over."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=ROOM_BYTES, low=ROOM_BYTES // 4)
        peer = transport.get_extra_info("socket")
        if peer is not None:
            with suppress(OSError):
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)

    async def run_asgi(self) -> None:
        """Serve the application with this protocol in its scope."""
        extensions: dict[Any, Any] = dict(self.scope.get("extensions") or {})
        self.scope["extensions"] = extensions | {EXTENSION: self}
        await super().run_asgi()

    @property
    def has_room(self) -> bool:
        """Whether the peer took what came before, so that more may be written."""
        return self.writable.is_set() and self._is_open

    @property
    def _is_open(self) -> bool:
        return (
            self.handshake_complete
            and not self.close_sent
            and not self.disconnected
            and self.conn.state is State.OPEN
        )

    async def room(self) -> None:
        """Wait until more may be written.

        Raises:
            ConnectionResetError: the peer is gone, or the closing has begun.
        """
        await self.writable.wait()
        if not self._is_open:
            raise ConnectionResetError("the WebSocket is closed")

    def write_frames(self, data: bytes) -> None:
        """Write whole server frames, as RFC 6455 section 5.2 lays them out."""
        self.transport.write(data)

    def untaken_bytes(self) -> int:
        """What waits in the process for the kernel to take."""
        return 0 if self.disconnected else self.transport.get_write_buffer_size()

    def abort(self) -> None:
        """Drop the connection at once, and what the kernel holds for it."""
        peer = self.transport.get_extra_info("socket")
        if peer is not None and not self.transport.is_closing():
            with suppress(OSError):
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()

    def handle_ping(self) -> None:
        """Answer, unless the answers pile up."""
        if self.transport.get_write_buffer_size() > UNANSWERED_PINGS_BYTES:
            self.abort()
            return
        super().handle_ping()

    def keepalive_timeout(self) -> None:
        """No pong came."""
        super().keepalive_timeout()
        self._abort_later()

    def shutdown(self) -> None:
        """The server stops: close with 1012."""
        super().shutdown()
        self._abort_later()

    async def send(self, message: Any) -> None:
        """ASGI's send."""
        await super().send(message)
        if message["type"] == "websocket.close":
            self._abort_later()

    def _abort_later(self) -> asyncio.TimerHandle:
        return self.loop.call_later(CLOSE_WITHIN_S, self.transport.abort)
