"""Which consumer settings cost latency, and which save work?

    python -m bench.kafka [--quick] [--full] [--seconds 3] [--backlog 100000]

Starts a Kafka broker of its own on free ports and temporary data. A reader in a process of its
own meets the same loads under each setting: an idle log; messages of 300 B at 20, 100 and 1,000
a second over all ten partitions (milliseconds from send to receive, processor time of the
reader and of the broker); 20 a second on one partition while it works 120 ms after each poll; a
question for the end of the log while a fetch waits; and a backlog (messages a second). Every
figure stands beside its ratio to the blueprint's row (500 records, 10240 bytes, 500 ms) of the
same run.
"""

import argparse
import asyncio
import contextlib
import logging
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import psutil
from aiokafka import AIOKafkaProducer
from rich.console import Console

from adapters.kafka import create_producer
from bench.kafka_loads import MESSAGE_BYTES, Figures, Load, Setting, Sweep, Task, loads, settings
from bench.kafka_tables import Results, report
from config.settings import KafkaSettings, Settings
from contracts.topology import ORDERBOOK_UPDATES, PARTITIONS
from stack.paths import ROOT
from stack.servers import Servers
from workers.provision import create_topics

ANSWER_LIMIT_S: Final = 180.0
END_LIMIT_S: Final = 5.0
FILL_AT_ONCE: Final = 2_000
LINE_LIMIT: Final = 1 << 24


class Reader:
    """The reading process, and the broker whose work for it is counted."""

    def __init__(self, child: Process, broker_pid: int, kafka: KafkaSettings) -> None:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the reader has no pipes")
        self._to, self._from = child.stdin, child.stdout
        self._broker = psutil.Process(broker_pid)
        self._kafka = kafka

    async def measure(self, setting: Setting, load: Load, producer: AIOKafkaProducer) -> Figures:
        """Let it read under this setting while the load runs.

        Raises:
            RuntimeError: the reader has ended, or messages did not arrive.
        """
        task = Task(self._kafka.bootstrap, setting, load)
        self._to.write(task.to_json().encode() + b"\n")
        await self._line()  # it is ready
        before = self._broker_cpu_s()
        if load.rate:
            await send(producer, load)
        figures = Figures.from_json(await self._line())
        figures.broker_cpu_s = self._broker_cpu_s() - before
        if figures.received < load.count:
            raise RuntimeError(f"{setting}, {load.name}: {figures.received} of {load.count} came")
        return figures

    async def _line(self) -> str:
        async with asyncio.timeout(ANSWER_LIMIT_S):
            line = await self._from.readline()
        if not line:
            raise RuntimeError("the reader has ended")
        return line.decode()

    def _broker_cpu_s(self) -> float:
        times = self._broker.cpu_times()
        return float(times.user + times.system)


@asynccontextmanager
async def reading_process(broker_pid: int, kafka: KafkaSettings) -> AsyncIterator[Reader]:
    """Start it; it ends with its input, or is killed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.kafka_reader", stdin=PIPE, stdout=PIPE, cwd=ROOT,
        limit=LINE_LIMIT,
    )  # fmt: skip
    try:
        yield Reader(child, broker_pid, kafka)
    finally:
        if child.stdin is not None:
            child.stdin.close()
        try:
            await asyncio.wait_for(child.wait(), END_LIMIT_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()


async def send(producer: AIOKafkaProducer, load: Load) -> None:
    """An open loop: each message at its time, whatever became of those before."""
    began = time.perf_counter()
    under_way = []
    for n in range(load.count):
        ahead_s = began + n / load.rate - time.perf_counter()
        if ahead_s > 0:
            await asyncio.sleep(ahead_s)
        under_way.append(
            await producer.send(load.topic, stamped_message(), partition=n % load.partitions)
        )
    await asyncio.gather(*under_way)


async def fill(producer: AIOKafkaProducer, count: int) -> None:
    """Write the backlog."""
    under_way = []
    for n in range(count):
        under_way.append(
            await producer.send(ORDERBOOK_UPDATES, stamped_message(), partition=n % PARTITIONS)
        )
        if len(under_way) == FILL_AT_ONCE:
            await asyncio.gather(*under_way)
            under_way.clear()
    await asyncio.gather(*under_way)


def stamped_message() -> bytes:
    """300 bytes that begin with when they were made."""
    return time.monotonic_ns().to_bytes(8, "big").ljust(MESSAGE_BYTES, b".")


async def sweep(
    console: Console, servers: Servers, seconds: float, backlog: int, sweep_of: Sweep
) -> Results:
    """Every setting under every load."""
    kafka = Settings.from_environment(servers.environment()).kafka
    rows, columns = settings(sweep_of), loads(seconds, backlog)
    producer = await create_producer(kafka)
    found: Results = {}
    try:
        console.print(f"writing a backlog of {backlog:,} messages")
        await fill(producer, backlog)
        async with reading_process(servers.child("kafka").pid, kafka) as reader:
            console.print("warming up")
            for load in columns:
                await reader.measure(rows[0], load, producer)
            began = time.perf_counter()
            for n, row in enumerate(rows):
                console.print(
                    f"[{n + 1:>2}/{len(rows)}] max_poll_records {row.max_poll_records},"
                    f" fetch_min_bytes {row.min_bytes}, fetch_max_wait_ms {row.max_wait_ms},"
                    f" poll wait {row.poll_wait_ms} ms"
                    + (f" (about {left_s(began, n, len(rows)):.0f} s left)" if n else ""),
                    highlight=False,
                )
                found[row] = {
                    load.name: await reader.measure(row, load, producer) for load in columns
                }
    finally:
        await producer.stop()
    return found


def left_s(began: float, done: int, of: int) -> float:
    """How long the rest takes, if it goes on like this."""
    return (time.perf_counter() - began) / done * (of - done)


async def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of Kafka consumer settings.")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each setting and load")
    parser.add_argument("--backlog", type=int, default=100_000, help="messages")
    sweeps = parser.add_mutually_exclusive_group()
    sweeps.add_argument("--quick", action="store_true", help="1 s, and the fetches alone")
    sweeps.add_argument("--full", action="store_true", help="every combination")
    options = parser.parse_args()
    seconds: float = 1.0 if options.quick else options.seconds
    backlog: int = options.backlog
    sweep_of = Sweep.QUICK if options.quick else Sweep.FULL if options.full else Sweep.USUAL
    if seconds < 0.5 or not 1 <= backlog <= 10_000_000:
        parser.error("--seconds at least 0.5; --backlog from 1 to 10,000,000")
    # Topics that were made a moment ago have no leader yet: the producer says so, and waits.
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="tf-") as data_dir:
        console.print("starting a Kafka broker for the benchmark")
        async with Servers(Path(data_dir), ("kafka",)) as servers:
            await create_topics(Settings.from_environment(servers.environment()))
            report(console, await sweep(console, servers, seconds, backlog, sweep_of))


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(130)  # all is stopped by now
