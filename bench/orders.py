"""How fast is `POST /api/v3/order`, and where does the machine's time go?

    python -m bench.orders [--seconds 10] [--rate 20]

Starts a platform of its own on free ports and temporary data, and lets two users place limit
orders at one price, a buy and a sell in turn, so that every second order trades: first as they
arrive at a rate (evenly, and at random as Poisson has it), then always so many under way. Prints
orders a second, latency, and each process's share of a core. Figures of a run stand only beside
others of the same run: machines differ, and so do their neighbours.
"""

import argparse
import asyncio
import hashlib
import hmac
import itertools
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import psutil
from rich.console import Console
from rich.table import Table

from stack.platform import Platform
from stack.seed import DemoUser

IN_FLIGHT = (1, 16, 64)
WARM_UP_S = 3.0
NO_LIMITS = {
    "TRADEFLOW_GATEWAY__ORDERS_PER_10S": "1000000",
    "TRADEFLOW_GATEWAY__ORDERS_PER_DAY": "100000000",
    "TRADEFLOW_GATEWAY__WEIGHT_PER_MINUTE": "100000000",
    "TRADEFLOW_GATEWAY__RAW_REQUESTS_PER_5M": "100000000",
}


@dataclass
class Round:
    """What one kind of load gave."""

    name: str
    latencies_s: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    took_s: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Load:
    """Places orders for two users, a given number at a time."""

    def __init__(self, platform: Platform, http: aiohttp.ClientSession) -> None:
        self._url = f"{platform.api_url}/api/v3/order"
        self._users = platform.users[:2]
        self._http = http
        self._count = 0

    async def keep(self, round_: Round, in_flight: int, seconds: float) -> None:
        """Keep so many orders under way for that long."""
        began = time.perf_counter()
        until = began + seconds

        async def client() -> None:
            while time.perf_counter() < until:
                await self._place(round_)

        await asyncio.gather(*(client() for _ in range(in_flight)))
        round_.took_s = time.perf_counter() - began

    async def arrive(self, gaps_s: Iterator[float], round_: Round, seconds: float) -> None:
        """Place orders with these gaps between them, whether or not the last is answered."""
        began = due = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            while (due := due + next(gaps_s)) < began + seconds:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(self._place(round_))
        round_.took_s = time.perf_counter() - began

    async def _place(self, round_: Round) -> None:
        self._count += 1
        buys = self._count % 2 == 0
        user = self._users[0 if buys else 1]
        headers = {
            "X-MBX-APIKEY": user.api_key,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        order = signed_order(user, "BUY" if buys else "SELL")
        sent = time.perf_counter()
        async with self._http.post(self._url, data=order, headers=headers) as answer:
            body = await answer.text()
        if answer.status == 200:
            round_.latencies_s.append(time.perf_counter() - sent)
        else:
            round_.failures[body[:60]] = round_.failures.get(body[:60], 0) + 1


def signed_order(user: DemoUser, side: str) -> str:
    """The form of a limit order at the one price that everybody trades at."""
    form = urlencode(
        {
            "symbol": "BTCUSDT",
            "side": side,
            "type": "LIMIT",
            "timeInForce": "GTC",
            "quantity": "0.0001",
            "price": "60000",
            "recvWindow": 60000,
            "timestamp": int(time.time() * 1000),
        }
    )
    signature = hmac.new(user.api_secret.encode(), form.encode(), hashlib.sha256).hexdigest()
    return f"{form}&signature={signature}"


def cpu_seconds(processes: dict[str, int]) -> dict[str, float]:
    """Process name → CPU seconds used so far, children included, and the load's own."""
    used = {}
    for name, pid in {**processes, "(this load)": os.getpid()}.items():
        try:
            process = psutil.Process(pid)
            family = [process] if pid == os.getpid() else [process, *process.children(True)]
            used[name] = sum(sum(p.cpu_times()[:2]) for p in family)
        except psutil.NoSuchProcess:
            continue
    return used


async def measure(
    platform: Platform, name: str, run: Callable[[Round, float], Awaitable[None]], seconds: float
) -> Round:
    """Warm up, then one measured round."""
    await run(Round(name), WARM_UP_S)
    round_ = Round(name)
    before = cpu_seconds(platform.status().processes)
    await run(round_, seconds)
    after = cpu_seconds(platform.status().processes)
    round_.cpu = {n: (after[n] - before[n]) / round_.took_s for n in after if n in before}
    return round_


def report(console: Console, rounds: list[Round]) -> None:
    """Rates and latencies, then the shares of a core."""
    table = Table(title="POST /api/v3/order", box=None, padding=(0, 2))
    for column in ("load", "orders/s", "p50 ms", "p99 ms", "orders", "failures"):
        table.add_column(column, justify="right")
    for r in rounds:
        rate = len(r.latencies_s) / r.took_s
        p50, p99 = (f"{r.percentile_ms(s):.1f}" if r.latencies_s else "-" for s in (0.5, 0.99))
        failures = ", ".join(f"{n} × {what}" for what, n in r.failures.items()) or "0"
        table.add_row(r.name, f"{rate:.1f}", p50, p99, str(len(r.latencies_s)), failures)
    console.print(table)
    shares = Table(title="share of one core, %", box=None, padding=(0, 2))
    shares.add_column("process")
    for r in rounds:
        shares.add_column(r.name, justify="right")
    for name in sorted(rounds[-1].cpu, key=lambda n: -rounds[-1].cpu[n]):
        shares.add_row(name, *(f"{r.cpu.get(name, 0) * 100:.0f}" for r in rounds))
    shares.add_row("sum", *(f"{sum(r.cpu.values()) * 100:.0f}" for r in rounds))
    console.print(shares)


def _poisson(rate: float) -> Iterator[float]:
    """Gaps between arrivals that know nothing of one another, the same in every run."""
    chance = random.Random(1)  # noqa: S311 - when orders come, not whose money
    while True:
        yield chance.expovariate(rate)


async def _keep(load: Load, in_flight: int, round_: Round, seconds: float) -> None:
    await load.keep(round_, in_flight, seconds)


async def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of the accepting path.")
    parser.add_argument("--seconds", type=float, default=10.0, help="per round")
    parser.add_argument("--rate", type=float, default=20.0, help="arrivals a second, first round")
    arguments = parser.parse_args()
    seconds: float = arguments.seconds
    rate: float = arguments.rate
    console = Console()
    with tempfile.TemporaryDirectory() as data_dir:
        console.print("starting a platform for the benchmark")
        async with (
            Platform(Path(data_dir), overrides=NO_LIMITS) as platform,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
        ):
            load = Load(platform, http)
            loads: dict[str, Callable[[Round, float], Awaitable[None]]] = {
                f"{rate:g}/s evenly": partial(load.arrive, itertools.repeat(1 / rate)),
                f"{rate:g}/s at random": partial(load.arrive, _poisson(rate)),
                **{f"{n} in flight": partial(_keep, load, n) for n in IN_FLIGHT},
            }
            rounds = []
            for name, run in loads.items():
                console.print(f"{name}, {seconds:.0f} s")
                rounds.append(await measure(platform, name, run, seconds))
            report(console, rounds)


if __name__ == "__main__":
    asyncio.run(main())
