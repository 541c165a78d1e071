"""Orders straight into the engine's log, at a rate, for the market of benchmarks.

    python -m bench.command_feed --rate 200 --seconds 60 [--bootstrap host:port]

The platform must offer that market: TRADEFLOW_BENCH_MARKET=true. No gateway, wallet or saga has
a part in it: what reads the engine's output meets a busy market without one.
"""

import argparse
import asyncio
import time
from collections import deque
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import Any, Final, Self

from aiokafka import AIOKafkaProducer
from rich.console import Console
from rich.progress import Progress

from adapters.kafka import create_producer
from bench.order_flow import FIRST_ORDER, OrderFlow
from config.markets import BENCH_PATH, load_markets
from config.settings import KafkaSettings
from contracts.ids import EPOCH_MS
from contracts.instruments import Instrument
from contracts.matching import EngineCommand
from contracts.message import encode
from contracts.topology import ORDERS_INCOMING

TURN_S: Final = 0.01
UNDER_WAY: Final = 1_000  # commands that the log has not acknowledged; the feed then waits
IDS_PER_MS: Final = 1 << 12  # as order ids are made: runs never share one

(BENCH_MARKET,) = load_markets(BENCH_PATH).values()


class CommandFeed:
    """Feeds from `async with` on until its end; `rate` is book changes a second.

    `sent` counts them. What it cannot keep up with is sent late, never left out. It raises what
    broke it when the block ends.
    """

    def __init__(
        self,
        kafka: KafkaSettings,
        *,
        rate: float,
        seed: int = 1,
        market: Instrument = BENCH_MARKET,
        first_order: int | None = None,
    ) -> None:
        if rate <= 0:
            raise ValueError(f"a feed's rate must be positive, not {rate}")
        if first_order is None:
            first_order = FIRST_ORDER + (_now_ms() - EPOCH_MS) * IDS_PER_MS
        self.sent = 0
        self.rate = rate
        self._kafka = kafka
        self._market = market
        self._flow = OrderFlow(market, seed, first_order=first_order)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        producer = await create_producer(self._kafka)
        try:
            for command in self._flow.clearing():
                await (await self._send(producer, command))
        except BaseException:
            await producer.stop()
            raise
        self._task = asyncio.create_task(self._run(producer), name="command-feed")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, producer: AIOKafkaProducer) -> None:
        began = time.monotonic()
        under_way: deque[asyncio.Future[Any]] = deque()
        try:
            while True:
                due = int((time.monotonic() - began) * self.rate) - self.sent
                for command in islice(self._flow.commands(_now_ms()), min(due, UNDER_WAY)):
                    under_way.append(await self._send(producer, command))
                    self.sent += 1
                while under_way and (under_way[0].done() or len(under_way) > UNDER_WAY):
                    await under_way.popleft()
                await asyncio.sleep(TURN_S)
        finally:
            await producer.stop()  # sends what is under way

    async def _send(
        self, producer: AIOKafkaProducer, command: EngineCommand
    ) -> asyncio.Future[Any]:
        sending: asyncio.Future[Any] = await producer.send(
            ORDERS_INCOMING,
            encode(command),
            key=self._market.symbol.encode(),
            partition=self._market.partition,
        )
        return sending


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def main() -> None:
    parser = argparse.ArgumentParser(description="Orders straight into the engine's log.")
    parser.add_argument("--rate", type=float, default=200.0, help="book changes a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bootstrap", default="127.0.0.1:9092", help="of Kafka")
    options = parser.parse_args()
    if options.rate <= 0 or options.seconds <= 0:
        parser.error("--rate and --seconds must be positive")
    kafka = KafkaSettings(bootstrap=options.bootstrap)
    console = Console()
    async with CommandFeed(kafka, rate=options.rate, seed=options.seed) as feed:
        with Progress(console=console, transient=True) as progress:
            shown = progress.add_task("feeding", total=options.seconds)
            ends = time.monotonic() + options.seconds
            while (left := ends - time.monotonic()) > 0:
                progress.update(shown, completed=options.seconds - left)
                await asyncio.sleep(min(left, 0.2))
    console.print(f"{feed.sent:,} changes of {BENCH_MARKET.symbol} in {options.seconds:g} s")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
