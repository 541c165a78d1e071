"""What a client may not do, and what becomes of one that does not read."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from config.settings import StreamSettings
from tests.support.waits import until
from tests.unit.api.stream.conftest import SECONDS, Exchange, running

TRADE = "btcusdt@trade"
HANDSHAKE = (
    f"GET /ws/{TRADE} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@asynccontextmanager
async def one_that_never_reads(exchange: Exchange) -> AsyncIterator[socket.socket]:
    """A peer that shakes hands and takes nothing from its socket any more."""
    loop = asyncio.get_running_loop()
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        peer.setblocking(False)
        await loop.sock_connect(peer, ("127.0.0.1", exchange.port))
        await loop.sock_sendall(peer, HANDSHAKE.encode())
        await exchange.followed(TRADE)
        yield peer


async def connections(exchange: Exchange, count: int) -> None:
    async def reached() -> bool:
        return len(exchange.figures.connected()) == count

    await until(reached, f"{count} connections")


async def test_a_peer_that_never_reads_is_dropped_and_the_others_miss_nothing(
    tmp_path: Path,
) -> None:
    # Room for all that is published: it is the stall that ends the peer.
    limits = StreamSettings(stall_s=0.3, queue_bytes=10_000_000, queue_frames=10_000)
    async with running(tmp_path, limits) as exchange:
        reader = await exchange.connect(f"/ws/{TRADE}")
        async with one_that_never_reads(exchange):
            await connections(exchange, 2)
            for sent in range(300):
                exchange.hub.publish(TRADE, json.dumps({"t": sent, "pad": "x" * 10_000}))
                assert (await reader.hears())["t"] == sent
            await connections(exchange, 1)
        assert exchange.figures.as_json()["aborted"] == 1
        exchange.hub.publish(TRADE, '{"t":-1}')
        assert (await reader.hears())["t"] == -1


async def test_a_peer_that_lets_too_much_wait_is_dropped_at_once(tmp_path: Path) -> None:
    limits = StreamSettings(stall_s=60, queue_bytes=100_000)
    async with running(tmp_path, limits) as exchange:
        async with one_that_never_reads(exchange):
            for sent in range(1_000):
                exchange.hub.publish(TRADE, json.dumps({"t": sent, "pad": "x" * 10_000}))
                if sent % 10 == 0:
                    await asyncio.sleep(0)
            await exchange.nobody_is_here()
        assert exchange.figures.as_json()["aborted"] == 1


async def test_a_client_that_neither_reads_nor_answers_pings_is_dropped(tmp_path: Path) -> None:
    limits = StreamSettings(ping_every_s=0.1, pong_within_s=0.2)
    async with running(tmp_path, limits) as exchange:
        reader = await exchange.connect(f"/ws/{TRADE}")
        async with one_that_never_reads(exchange):
            await connections(exchange, 2)
            await connections(exchange, 1)
        exchange.hub.publish(TRADE, "1")
        assert await reader.hears() == 1


async def test_a_peer_that_pings_and_does_not_read_the_answers_is_dropped(tmp_path: Path) -> None:
    ping = b"\x89\xfd\0\0\0\0" + b"p" * 125
    async with running(tmp_path, StreamSettings()) as exchange:
        async with one_that_never_reads(exchange) as peer:

            async def ping_without_end() -> None:
                while True:
                    await asyncio.get_running_loop().sock_sendall(peer, ping * 100)

            with pytest.raises(ConnectionError):
                await asyncio.wait_for(ping_without_end(), 3 * SECONDS)
        await exchange.nobody_is_here()


async def test_more_messages_a_second_than_allowed_end_the_connection(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings()) as exchange:
        client = await exchange.connect("/ws")
        for _ in range(5):
            await client.says({"method": "LIST_SUBSCRIPTIONS", "id": 1})
        for _ in range(5):
            assert await client.hears() == {"result": [], "id": 1}
        await client.says({"method": "LIST_SUBSCRIPTIONS", "id": 1})
        assert await client.closed() == (1008, "Too many messages")


async def test_a_message_beyond_the_limit_ends_the_connection(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings(max_message_bytes=1_000)) as exchange:
        client = await exchange.connect("/ws")
        await client.says("x" * 1_000)
        assert (await client.hears())["code"] == 3
        await client.says("x" * 1_001)
        assert (await client.closed())[0] == 1009


async def test_more_streams_than_allowed_are_refused(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings(subscriptions=2)) as exchange:
        client = await exchange.connect("/ws/btcusdt@trade")
        await client.asks("SUBSCRIBE", "btcusdt@trade", "btcusdt@depth")
        refused = await client.asks("SUBSCRIBE", "ethbtc@trade")
        assert refused["msg"] == "Invalid request: at most 2 streams on a connection"
        listed = await client.asks("LIST_SUBSCRIPTIONS")
        assert listed["result"] == ["btcusdt@trade", "btcusdt@depth"]
        with pytest.raises(InvalidStatus) as too_many:
            await exchange.connect("/stream?streams=a@trade/b@trade/c@trade")
        assert too_many.value.response.status_code == 400


async def test_more_connections_of_one_address_than_allowed_are_refused(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings(connections_per_5m=2)) as exchange:
        for _ in range(2):
            await exchange.connect("/ws")
        with pytest.raises(InvalidStatus) as refused:
            await exchange.connect("/ws")
        answer = refused.value.response
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 300
        assert json.loads(answer.body)["code"] == -1003


async def test_a_full_gateway_refuses_more(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings(connections=1)) as exchange:
        first = await exchange.connect("/ws")
        with pytest.raises(InvalidStatus) as refused:
            await exchange.connect("/ws")
        assert refused.value.response.status_code == 503
        assert json.loads(refused.value.response.body)["code"] == -1008
        await first.socket.close()
        await exchange.nobody_is_here()
        await exchange.connect("/ws")


async def test_a_gateway_that_stops_says_so_and_closes(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings()) as exchange:
        raw, combined = await exchange.connect("/ws"), await exchange.connect("/stream")
        exchange.stop.set()
        event = await raw.hears()
        assert event.keys() == {"e", "E"}
        assert event["e"] == "serverShutdown"
        wrapped = await combined.hears()
        assert (wrapped["stream"], wrapped["data"]["e"]) == ("!serverShutdown", "serverShutdown")
        assert await raw.closed() == (1012, "The gateway stops: connect again")
        assert (await combined.closed())[0] == 1012


async def test_a_stop_does_not_wait_for_one_that_never_reads(tmp_path: Path) -> None:
    limits = StreamSettings(stall_s=60, queue_bytes=10**8)
    async with running(tmp_path, limits) as exchange, one_that_never_reads(exchange):
        for _ in range(100):
            exchange.hub.publish(TRADE, "x" * 50_000)
        exchange.stop.set()
        await asyncio.wait_for(exchange.stopped.wait(), 2 * SECONDS)
