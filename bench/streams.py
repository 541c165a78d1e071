"""How many market data frames does one gateway process bring out, and how late are they?

    python -m bench.streams [--clients 500] [--seconds 10] [--quick]

Starts a platform of its own and WebSocket clients in processes of their own, on four different
sets of streams. First ready-made frames go into the real Redis stream at rising rates: how much
of a core do so many take? Then the same rate again and again, by turns without and with one more
client that never reads, and by turns in that order and the other: what do the others notice, and
when is it dropped? At last orders go
straight into the engine's log, and trades are followed from there, through engine, Kafka,
projector, Redis and gateway, to the clients. Figures of one run compare; machines do not.
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from adapters.redis import create_redis
from bench.command_feed import BENCH_MARKET, CommandFeed
from bench.stream_idle import AbortedClients, never_reads
from bench.stream_load import LARGE, PATHS, Clients, Counted, FrameFeed
from contracts.streams import trade_stream
from stack.platform import Platform

RATES = (25, 50, 75, 100)  # moments a second; each is 1.75 frames for a client
PAIRED_RATE = 20
LARGE_BYTES = 20_000  # of each frame for the one that never reads
CHANGES = 200  # of the book a second, end to end
SETTLE_S = 2.0
SETTINGS = {
    "TRADEFLOW_BENCH_MARKET": "true",
    "TRADEFLOW_GATEWAY__STREAMS__CONNECTIONS_PER_5M": "1000000",
}


@dataclass
class Round:
    """What one load gave."""

    name: str
    counted: Counted
    seconds: float
    gateway_s: float  # of processor time

    @property
    def per_core(self) -> float:
        """Frames for each second that the gateway computed."""
        return self.counted.frames / self.gateway_s


class Bench:
    """A platform under load, seen from its clients."""

    def __init__(self, platform: Platform, clients: Clients, redis: Redis, seconds: float) -> None:
        self._platform = platform
        self._clients = clients
        self._redis = redis
        self._seconds = seconds
        self._numbers = itertools.count(1)
        self._gateway = psutil.Process(platform.status().processes["gateway"])

    async def round(self, name: str) -> Round:
        """Measure what goes on."""
        before, began = sum(self._gateway.cpu_times()[:2]), time.monotonic()
        counted = await self._clients.measure(self._seconds)
        took = time.monotonic() - began
        return Round(name, counted, took, sum(self._gateway.cpu_times()[:2]) - before)

    async def fan_out(self, rate: float) -> Round:
        """Small frames at this rate."""
        async with self._fed(rate):
            return await self.round(f"{rate:g}/s")

    async def pair(self, *, idle_first: bool) -> tuple[Round, Round, float]:
        """Without and with one that never reads, in either order; the seconds until that one was
        dropped."""
        async with self._fed(PAIRED_RATE, LARGE_BYTES):
            if idle_first:
                beside, dropped_s = await self._beside()
                return await self._without(), beside, dropped_s
            return await self._without(), *await self._beside()

    async def _without(self) -> Round:
        async with AbortedClients(self._platform.api_url).watched():
            return await self.round("without")

    async def _beside(self) -> tuple[Round, float]:
        async with AbortedClients(self._platform.api_url).watched() as aborted:
            began = time.monotonic()
            with never_reads(self._platform.ws_url, LARGE):
                beside = await self.round("with")
                return beside, await aborted.dropped_after(began)

    @asynccontextmanager
    async def _fed(self, rate: float, large_bytes: int = 0) -> AsyncIterator[None]:
        feed = FrameFeed(self._redis, self._numbers, rate=rate, large_bytes=large_bytes)
        feeding = asyncio.create_task(feed.run())
        await asyncio.sleep(SETTLE_S)
        try:
            yield
        finally:
            feed.ends = True
            await feeding


def show_rounds(console: Console, title: str, rounds: list[Round]) -> None:
    """Rates, shares of a core, ages."""
    table = Table(title=title, box=None, padding=(0, 2))
    columns = ("load", "frames/s", "MB/s", "core %", "frames/s a core", "p50 ms", "p99 ms")
    for column in (*columns, "least/s of a stream", "lost clients"):
        table.add_column(column, justify="right")
    for r in rounds:
        rate, megabytes = r.counted.frames / r.seconds, r.counted.bytes / r.seconds / 1e6
        table.add_row(
            r.name,
            f"{rate:,.0f}",
            f"{megabytes:.1f}",
            f"{r.gateway_s / r.seconds * 100:.0f}",
            f"{r.per_core:,.0f}",
            f"{r.counted.age_ms(0.5):.1f}",
            f"{r.counted.age_ms(0.99):.1f}",
            f"{r.counted.least / r.seconds:.1f}",
            str(r.counted.lost),
        )
    console.print(table)


def show_pairs(console: Console, pairs: list[tuple[Round, Round, float]]) -> None:
    """Each pair, and the median of how the others' p99 changed."""
    table = Table(title="one more client that never reads", box=None, padding=(0, 2))
    for column in ("pair", "p99 without, ms", "p99 with, ms", "ratio", "dropped after s"):
        table.add_column(column, justify="right")
    ratios = []
    for n, (without, beside, dropped_s) in enumerate(pairs, 1):
        ages = without.counted.age_ms(0.99), beside.counted.age_ms(0.99)
        ratios.append(ages[1] / ages[0])
        table.add_row(
            str(n), f"{ages[0]:.1f}", f"{ages[1]:.1f}", f"{ratios[-1]:.2f}", f"{dropped_s:.1f}"
        )
    console.print(table)
    dropped = statistics.median(pair[2] for pair in pairs)
    lost = sum(r.counted.lost for pair in pairs for r in pair[:2])
    least = min(r.counted.least / r.seconds for pair in pairs for r in pair[:2])
    console.print(
        f"the least that a client got of a stream: {least:.1f} of {PAIRED_RATE} frames a second"
    )
    console.print(
        f"median ratio {statistics.median(ratios):.2f}, dropped after {dropped:.1f} s (median),"
        f" others that lost their connection: {lost}"
    )


async def from_frames(
    console: Console, platform: Platform, options: argparse.Namespace
) -> tuple[list[Round], list[tuple[Round, Round, float]]]:
    """The first two parts: frames that the bench itself writes. The rates come last and with
    clients of their own, for the highest may be more than a gateway can bring out."""
    redis = create_redis(platform.settings().redis, 5.0)
    rounds, pairs = [], []
    async with _clients(console, platform, options) as clients:
        bench = Bench(platform, clients, redis, options.seconds)
        for n in range(1 if options.quick else options.pairs):
            console.print(f"pair {n + 1}: without and with one that never reads")
            pairs.append(await bench.pair(idle_first=n % 2 == 1))
    async with _clients(console, platform, options) as clients:
        bench = Bench(platform, clients, redis, options.seconds)
        for rate in RATES[:2] if options.quick else RATES:
            console.print(f"{rate} moments a second, {options.seconds:g} s")
            rounds.append(await bench.fan_out(rate))
    await redis.aclose()
    return rounds, pairs


def _clients(console: Console, platform: Platform, options: argparse.Namespace) -> Clients:
    host, port = platform.ws_url.removeprefix("ws://").split(":")
    console.print(f"connecting {options.clients} clients")
    return Clients(host, int(port), options.clients, options.processes, PATHS)


async def from_trades(
    console: Console, platform: Platform, options: argparse.Namespace
) -> list[Round]:
    """The last part: from the engine's log to the clients."""
    host, port = platform.ws_url.removeprefix("ws://").split(":")
    redis = create_redis(platform.settings().redis)
    path = f"/ws/{trade_stream(BENCH_MARKET.symbol)}"
    rounds = []
    console.print(f"{CHANGES} changes of the book a second, {options.seconds:g} s")
    async with CommandFeed(platform.settings().kafka, rate=CHANGES):
        await asyncio.sleep(3 * SETTLE_S)
        for count in (options.processes, options.clients):
            async with Clients(host, int(port), count, options.processes, (path,)) as clients:
                bench = Bench(platform, clients, redis, options.seconds)
                rounds.append(await bench.round(f"{count} clients"))
    await redis.aclose()
    return rounds


async def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of the market streams.")
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--processes", type=int, default=2, help="that the clients share")
    parser.add_argument("--seconds", type=float, default=10.0, help="of one measurement")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="two rates, one pair, shorter")
    options = parser.parse_args()
    if options.quick:
        options.seconds = min(options.seconds, 5.0)
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    with tempfile.TemporaryDirectory(prefix="tf-") as directory:
        console.print("starting a platform for the benchmark")
        async with Platform(Path(directory, "platform"), overrides=SETTINGS) as platform:
            trades = await from_trades(console, platform, options)
            rounds, pairs = await from_frames(console, platform, options)
            show_rounds(console, "frames from Redis to all clients", rounds)
            show_pairs(console, pairs)
            show_rounds(console, "trades, from the engine's log to the clients", trades)


if __name__ == "__main__":
    asyncio.run(main())
