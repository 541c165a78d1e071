"""One client's way out: order, conflation, bounds, and the end of one that does not read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from starlette.websockets import WebSocket

from api.stream.connection import JOINED_TEXTS, Connection
from api.stream.figures import StreamFigures
from config.settings import StreamSettings
from tests.support.waits import until
from tests.unit.api.stream.fake_socket import FakeWebSocket, FakeWire

SMALL = StreamSettings(queue_frames=200, queue_bytes=10_000, stall_s=0.05)


class Peer:
    """A connection that runs, and the far end of it."""

    def __init__(self, settings: StreamSettings) -> None:
        self.wire = FakeWire()
        self.socket = FakeWebSocket(self.wire)
        self.figures = StreamFigures()
        self.connection = Connection(
            cast(WebSocket, self.socket), settings, self.figures, wire=self.wire
        )
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.task = asyncio.create_task(self.connection.run(self._hear))

    async def _hear(self, text: str) -> None:
        await self.heard.put(text)

    async def ended(self) -> None:
        await asyncio.wait_for(asyncio.shield(self.task), 5)


@asynccontextmanager
async def connected(settings: StreamSettings = SMALL) -> AsyncIterator[Peer]:
    peer = Peer(settings)
    await asyncio.sleep(0)
    try:
        yield peer
    finally:
        peer.socket.goes()
        await peer.ended()
        await peer.socket.release()


async def until_sent(peer: Peer, count: int) -> None:
    async def sent() -> bool:
        return len(peer.wire.texts) >= count

    await until(sent, f"{count} texts")


async def test_a_lone_frame_goes_out_within_the_call() -> None:
    async with connected() as peer:
        peer.connection.send("one")
        assert peer.wire.texts == ["one"]
        assert peer.figures.as_json() == {
            "connections": 1,
            "sent": 1,
            "conflated": 0,
            "aborted": 0,
            "lost": 0,
        }


async def test_what_waited_goes_out_in_order_and_together() -> None:
    async with connected() as peer:
        peer.wire.reads(False)
        texts = [str(n) for n in range(JOINED_TEXTS + 3)]
        for text in texts:
            peer.connection.send(text)
        assert peer.wire.texts == []
        peer.wire.reads(True)
        peer.connection.send("last")
        await until_sent(peer, len(texts) + 1)
        assert peer.wire.texts == [*texts, "last"]
        assert [len(write) for write in peer.wire.writes] == [JOINED_TEXTS, 4]


async def test_a_newer_frame_of_the_same_key_takes_the_place_of_one_that_waits() -> None:
    async with connected() as peer:
        peer.wire.reads(False)
        for text, key in [("t1", "ticker"), ("trade", None), ("t2", "ticker"), ("k", "kline")]:
            peer.connection.send(text, key=key)
        peer.wire.reads(True)
        await until_sent(peer, 3)
        assert peer.wire.texts == ["t2", "trade", "k"]
        assert peer.figures.conflated == 1


async def test_a_lasting_frame_is_never_replaced_and_what_follows_stays_behind_it() -> None:
    async with connected() as peer:
        peer.wire.reads(False)
        for text, lasting in [("forms", False), ("over", True), ("next", False), ("newer", False)]:
            peer.connection.send(text, key="kline", lasting=lasting)
        peer.wire.reads(True)
        await until_sent(peer, 2)
        assert peer.wire.texts == ["over", "newer"]
        assert peer.figures.conflated == 2


async def test_frames_that_merge_never_fill_the_queue() -> None:
    async with connected() as peer:
        peer.wire.reads(False)
        for n in range(SMALL.queue_frames * 5):
            peer.connection.send(f"{n:0100}", key="ticker")
        assert peer.connection.open
        peer.wire.reads(True)
        await until_sent(peer, 1)
        assert peer.wire.texts == [f"{SMALL.queue_frames * 5 - 1:0100}"]


@pytest.mark.parametrize(
    ("text", "fits"), [("x", SMALL.queue_frames), ("x" * 1_000, SMALL.queue_bytes // 1_000)]
)
async def test_one_frame_or_byte_too_many_drops_the_client(text: str, fits: int) -> None:
    async with connected() as peer:
        peer.wire.reads(False)
        for _ in range(fits):
            peer.connection.send(text)
        assert not peer.wire.aborted.is_set()
        peer.connection.send(text)
        assert peer.wire.aborted.is_set()
        assert not peer.connection.open
        await peer.ended()
        assert peer.figures.as_json()["aborted"] == 1
        assert peer.figures.as_json()["connections"] == 0


async def test_a_peer_that_takes_nothing_is_dropped() -> None:
    async with connected() as peer:
        peer.wire.reads(False)
        peer.connection.send("one")
        await peer.ended()
        assert peer.wire.aborted.is_set()
        assert peer.wire.texts == []


async def test_a_peer_that_is_slow_but_reads_is_kept() -> None:
    async with connected() as peer:
        peer.wire.takes_some = True
        peer.wire.reads(False)
        peer.connection.send("one")
        untaken = peer.wire.untaken

        async def asked_again_and_again() -> bool:
            return peer.wire.untaken < untaken - 8

        await until(asked_again_and_again, "the stall is looked into")
        peer.wire.reads(True)
        await until_sent(peer, 1)
        assert not peer.wire.aborted.is_set()


async def test_finish_sends_what_waits_then_closes_and_takes_nothing_more() -> None:
    async with connected() as peer:
        peer.wire.reads(False)
        peer.connection.send("one")
        peer.connection.finish(1012, "come again")
        peer.connection.finish(1000, "too late")
        peer.connection.send("two")
        peer.wire.reads(True)
        assert await asyncio.wait_for(peer.socket.closed, 5) == (1012, "come again")
        assert peer.wire.texts == ["one"]


async def test_finish_of_a_peer_that_does_not_read_drops_it() -> None:
    async with connected() as peer:
        peer.wire.reads(False)
        peer.connection.send("one")
        peer.connection.finish()
        await peer.ended()
        assert peer.wire.aborted.is_set()


async def test_a_gateway_that_stops_says_farewell_first() -> None:
    async with connected() as peer:
        peer.connection.farewell = lambda: "bye"
        for leaving in peer.figures.connected():
            leaving.go_away(1012, "restart")
        assert await asyncio.wait_for(peer.socket.closed, 5) == (1012, "restart")
        assert peer.wire.texts == ["bye"]


async def test_a_connection_ends_with_its_life() -> None:
    async with connected(StreamSettings(connection_life_s=0.01)) as peer:
        code, _ = await asyncio.wait_for(peer.socket.closed, 5)
        assert code == 1001


async def test_texts_come_in_one_after_the_other_as_text_or_utf_8() -> None:
    async with connected() as peer:
        peer.socket.says("one")
        peer.socket.says(data="zwei €".encode())
        assert [await peer.heard.get(), await peer.heard.get()] == ["one", "zwei €"]
        peer.socket.says(data=b"\xff")
        assert await asyncio.wait_for(peer.socket.closed, 5) == (1007, "not UTF-8")
        assert peer.heard.empty()
