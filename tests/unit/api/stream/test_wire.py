"""Frames on the wire: every length of RFC 6455, and servers that keep their transport."""

from typing import cast

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from api.stream.connection import Connection
from api.stream.wire import AsgiWire, text_frame, wire_of
from config.settings import StreamSettings


class FakeAsgi:
    """A WebSocket whose server gives no more than ASGI asks for."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.scope: dict[str, object] = {"type": "websocket"}
        self.texts: list[str] = []
        self._fails = fails

    async def send_text(self, text: str) -> None:
        if self._fails is not None:
            raise self._fails
        self.texts.append(text)

    async def receive(self) -> dict[str, object]:
        return {"type": "websocket.disconnect", "code": 1005}


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 1_000_000])
def test_a_text_becomes_one_frame_that_a_client_reads(size: int) -> None:
    reader = StreamReader()
    reader.feed_data(text_frame("x" * size))
    reading = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(reading)
    frame = done.value.value
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, b"x" * size)


def test_length_counts_bytes_of_utf_8() -> None:
    assert text_frame("€") == b"\x81\x03" + "€".encode()


async def test_without_a_transport_texts_go_through_asgi() -> None:
    socket = FakeAsgi()
    wire = wire_of(cast(WebSocket, socket))
    assert isinstance(wire, AsgiWire)
    assert not wire.try_write("one")
    await wire.room()
    await wire.write(["one", "two"])
    assert socket.texts == ["one", "two"]


@pytest.mark.parametrize("error", [WebSocketDisconnect(1006), RuntimeError("closed")])
async def test_a_peer_that_is_gone_is_a_connection_error(error: Exception) -> None:
    with pytest.raises(ConnectionError):
        await AsgiWire(cast(WebSocket, FakeAsgi(error))).write(["one"])


async def test_a_connection_whose_peer_is_gone_ends() -> None:
    socket = FakeAsgi(RuntimeError("closed"))
    connection = Connection(cast(WebSocket, socket), StreamSettings())

    async def receive(text: str) -> None:
        raise AssertionError(text)

    connection.send("never read")
    await connection.run(receive)
    assert not connection.open
