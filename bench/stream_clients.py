"""Many WebSocket clients in one process: they count what they get, and some look at its age.

    python -m bench.stream_clients HOST PORT PATH [PATH …] --connections N --watched M

Prints `ready` when all are connected. Then each line on stdin is a command: `start` forgets what
was counted, `stop` prints it as one line of JSON, `end` ends. Clients take the paths in turn.
`least` is what the client got that got the least, in frames of one stream.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from typing import Final, cast

import uvloop

EVENT: Final = b'"E":'
SENT_NS: Final = re.compile(rb'"n":(\d{19})')
TRADED_MS: Final = re.compile(rb'"T":(\d{13})')
PING: Final = b"\x89\x04"  # as uvicorn sends it: four bytes of payload
AT_ONCE: Final = 50
HANDSHAKES_S: Final = 60.0


class Counts:
    """Since the last `start`."""

    def __init__(self) -> None:
        self.frames = 0
        self.bytes = 0
        self.ages_us: list[int] = []
        self.lost = 0
        self.least = 0.0


class Client(asyncio.Protocol):
    """Speaks just enough of RFC 6455 to shake hands and to answer pings; frames are not parsed
    but looked through, so that the load costs little of the machine that it measures."""

    def __init__(self, counts: list[Counts], path: str, watches: bool) -> None:
        self._counts = counts
        self._path = path
        self._streams = streams_in(path)
        self._frames = 0
        self._watches = watches
        self._transport: asyncio.Transport | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its type
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if not self.ready.done():
            if not data.startswith(b"HTTP/1.1 101"):
                self.ready.set_exception(ConnectionError(data[:200].decode("latin-1")))
                return
            self.ready.set_result(None)
        counts = self._counts[0]
        counts.bytes += len(data)
        frames = data.count(EVENT)
        counts.frames += frames
        self._frames += frames
        ping = data.find(PING)  # never inside a payload, which is ASCII
        if ping >= 0 and self._transport is not None:
            self._transport.write(b"\x8a\x84\0\0\0\0" + data[ping + 2 : ping + 6])
        if self._watches:
            now_ns = time.time_ns()
            counts.ages_us += [(now_ns - int(n)) // 1_000 for n in SENT_NS.findall(data)]
            counts.ages_us += [now_ns // 1_000 - int(ms) * 1_000 for ms in TRADED_MS.findall(data)]

    def of_a_stream(self) -> float:
        """The frames since the last question, of each of its streams on average."""
        frames, self._frames = self._frames, 0
        return frames / self._streams

    def connection_lost(self, exc: Exception | None) -> None:
        self._counts[0].lost += 1
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed in the handshake"))


def streams_in(path: str) -> int:
    """How many streams an address asks for."""
    names = path.partition("streams=")[2] or path.removeprefix("/ws/")
    return len(names.split("/"))


async def main(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    counts = [Counts()]
    clients: list[Client] = []
    while len(clients) < options.connections:
        some = [
            Client(counts, options.paths[n % len(options.paths)], n < options.watched)
            for n in range(len(clients), min(len(clients) + AT_ONCE, options.connections))
        ]
        for client in some:
            # mypy cannot infer the type of a lambda with a default.
            await loop.create_connection(lambda made=client: made, options.host, options.port)  # type: ignore[misc]
        async with asyncio.timeout(HANDSHAKES_S):
            await asyncio.gather(*(client.ready for client in some))
        clients += some
    print("ready", flush=True)
    while command := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        if command == "end":
            return
        counts[0].least = min(client.of_a_stream() for client in clients)
        if command == "stop":
            print(json.dumps(vars(counts[0])), flush=True)
        counts[0] = Counts()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="WebSocket clients that count.")
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--watched", type=int, default=10, help="those that look at frames' age")
    uvloop.run(main(parser.parse_args()))
