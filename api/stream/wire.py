"""The way to one peer: WebSocket text frames onto a transport, and a report of what it takes."""

from collections.abc import Sequence
from functools import lru_cache
from struct import pack
from typing import Final, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from adapters.websocket import EXTENSION, DirectWebSocket

REMEMBERED_TEXTS: Final = 256  # one moment's frames, each sent to many
_TEXT: Final = 0x81  # FIN and opcode 1, RFC 6455 section 5.2


class Wire(Protocol):
    """Texts out, each a WebSocket frame of its own."""

    def try_write(self, text: str) -> bool:
        """Write at once, or say False where the peer has not taken what came before."""
        ...

    async def room(self) -> None:
        """Wait until the peer has taken enough of what came before.

        Raises:
            ConnectionError: the peer is gone.
        """
        ...

    async def write(self, texts: Sequence[str]) -> None:
        """Write these together. Raises ConnectionError: the peer is gone."""
        ...

    def untaken_bytes(self) -> int:
        """What waits for the peer: a figure that does not fall means that it does not read."""
        ...

    def abort(self) -> None:
        """Drop the connection with whatever waits."""
        ...


def wire_of(websocket: WebSocket) -> Wire:
    """The transport itself where the server gives it away, else the ASGI channel."""
    direct = websocket.scope.get("extensions", {}).get(EXTENSION)
    return AsgiWire(websocket) if direct is None else DirectWire(direct)


class DirectWire:
    """Ready frames straight onto uvicorn's transport, encoded once for all who get them."""

    def __init__(self, protocol: DirectWebSocket) -> None:
        self._protocol = protocol

    def try_write(self, text: str) -> bool:
        if not self._protocol.has_room:
            return False
        self._protocol.write_frames(text_frame(text))
        return True

    async def room(self) -> None:
        await self._protocol.room()

    async def write(self, texts: Sequence[str]) -> None:
        self._protocol.write_frames(b"".join(map(text_frame, texts)))

    def untaken_bytes(self) -> int:
        return self._protocol.untaken_bytes()

    def abort(self) -> None:
        self._protocol.abort()


class AsgiWire:
    """For servers that keep their transport to themselves: it knows of no untaken bytes."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    def try_write(self, text: str) -> bool:  # noqa: ARG002  sending has to be awaited
        return False

    async def room(self) -> None:
        """Unknown: `write` waits."""

    async def write(self, texts: Sequence[str]) -> None:
        try:
            for text in texts:
                await self._websocket.send_text(text)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise ConnectionResetError(str(error)) from error

    def untaken_bytes(self) -> int:
        return 0

    def abort(self) -> None:
        """Only the server can."""


@lru_cache(maxsize=REMEMBERED_TEXTS)
def text_frame(text: str) -> bytes:
    """A server's text frame: unmasked, in one piece."""
    data = text.encode()
    size = len(data)
    if size < 126:
        return bytes((_TEXT, size)) + data
    if size < 65_536:
        return pack("!BBH", _TEXT, 126, size) + data
    return pack("!BBQ", _TEXT, 127, size) + data
