"""The two ends of a stream benchmark: frames into Redis at a rate, clients in processes."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import msgspec
from redis.asyncio import Redis

from contracts.streams import book_ticker_stream, depth_stream, trade_stream
from contracts.topology import frames_key
from market_data.store import ENTRIES

DEPTH_BYTES = 300
LEVEL_BYTES = 35
SYMBOL = "ETHBTC"  # where nobody trades meanwhile
TRADE, BEST = trade_stream(SYMBOL), book_ticker_stream(SYMBOL)
DEPTH = depth_stream(SYMBOL, fast=True)
LARGE = depth_stream(SYMBOL, fast=False)  # followed by nobody but the one that never reads
PATHS = (
    f"/ws/{TRADE}",
    f"/ws/{DEPTH}",
    f"/stream?streams={TRADE}/{BEST}",
    f"/stream?streams={TRADE}/{DEPTH}/{BEST}",
)
"""What clients follow, in turn: 7 streams for every 4 clients."""


class Counted(msgspec.Struct):
    """What the clients of one process, or of all, have got."""

    frames: int = 0
    bytes: int = 0
    ages_us: list[int] = msgspec.field(default_factory=list)
    lost: int = 0
    least: float = float("inf")  # frames of one stream, to the client that got the least

    def age_ms(self, share: float) -> float:
        """The age of frames at this share of them, such as 0.99; not a number without frames."""
        if not self.ages_us:
            return float("nan")
        ordered = sorted(self.ages_us)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1_000


class Clients:
    """WebSocket clients in processes of their own. An async context manager."""

    def __init__(
        self, host: str, port: int, connections: int, processes: int, paths: Sequence[str] = PATHS
    ) -> None:
        self._address = (host, str(port))
        self._paths = paths
        self._connections = connections // processes
        self._count = processes
        self._processes: list[asyncio.subprocess.Process] = []

    async def __aenter__(self) -> Self:
        try:
            for _ in range(self._count):
                self._processes.append(
                    await asyncio.create_subprocess_exec(
                        sys.executable,
                        *("-m", "bench.stream_clients", *self._address, *self._paths),
                        *("--connections", str(self._connections)),
                        stdin=asyncio.subprocess.PIPE,
                        stdout=asyncio.subprocess.PIPE,
                        limit=1 << 26,
                    )
                )
            await asyncio.gather(*(self._line(process) for process in self._processes))
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end()

    async def measure(self, seconds: float) -> Counted:
        """What all of them get in that time."""
        self._say("start")
        await asyncio.sleep(seconds)
        self._say("stop")
        sum_ = Counted()
        for line in await asyncio.gather(*(self._line(process) for process in self._processes)):
            one = msgspec.json.decode(line, type=Counted)
            sum_.frames += one.frames
            sum_.bytes += one.bytes
            sum_.lost += one.lost
            sum_.least = min(sum_.least, one.least)
            sum_.ages_us += one.ages_us
        return sum_

    def _say(self, command: str) -> None:
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.write(f"{command}\n".encode())

    async def _line(self, process: asyncio.subprocess.Process) -> bytes:
        line = await process.stdout.readline() if process.stdout is not None else b""
        if not line:
            raise ConnectionError(f"clients ended with {await process.wait()}")
        return line

    async def _end(self) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


class FrameFeed:
    """Adds moments of a market to its Redis stream, as the projector does: a trade, the best
    prices, a change of the book of about DEPTH_BYTES, and where `large_bytes` is given one more
    of about that size on the stream LARGE. `numbers` count on from feed to feed: clients are
    shown no gap.
    """

    def __init__(
        self, redis: Redis, numbers: Iterator[int], *, rate: float, large_bytes: int = 0
    ) -> None:
        self._redis = redis
        self._rate = rate
        self._sizes = {DEPTH: DEPTH_BYTES, LARGE: large_bytes}
        self._numbers = numbers
        self.added = 0
        self.ends = False

    async def run(self) -> None:
        """Until `ends`. What it cannot keep up with is added late, never left out."""
        began = time.monotonic()
        while not self.ends:
            due = int((time.monotonic() - began) * self._rate)
            while self.added < due and not self.ends:
                await self._add()
            await asyncio.sleep(0.5 / self._rate)

    async def _add(self) -> None:
        self.added += 1
        number = next(self._numbers)
        event = {"E": time.time_ns() // 1_000_000, "n": time.time_ns(), "s": SYMBOL}
        prices = {"b": "59999.99000000", "B": "1.00000000", "a": "60000.00000000"}
        frames: dict[str, dict[str, object]] = {
            TRADE: {"e": "trade", **event, "t": number, **prices, "m": True, "M": True},
            BEST: {"u": number, **event, **prices, "A": "2.00000000"},
        }
        for name, size in self._sizes.items():
            levels = [["60000.00000000", "1.00000000"]] * (size // LEVEL_BYTES)
            if levels:
                seen = {"U": number, "u": number, "b": levels, "a": []}
                frames[name] = {"e": "depthUpdate", **event, **seen}
        entry: dict[Any, Any] = {
            name: json.dumps(frame, separators=(",", ":")) for name, frame in frames.items()
        }
        await self._redis.xadd(frames_key(SYMBOL), entry, maxlen=ENTRIES)
