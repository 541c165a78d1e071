"""How long are market data away, with how many trades in the log?

    python -m bench.rebuild [--trades 1000000] [--days 10] [--quick]

Starts Kafka and Redis of its own, writes a log of trades that the real engine makes, and runs the
market data process beside them. Four times its readers have nothing: when it starts for the
first time, after FLUSHALL, when it was killed and goes on from its checkpoint, and when Redis was
emptied as well meanwhile. It is measured until each of them reads the log's last trade or the
book's last change again: a start from when the process is started, which includes Python's own.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from adapters.kafka import create_producer
from adapters.redis import create_redis
from bench.trade_log import TradeLog
from config.markets import BENCH_PATH, load_markets
from config.settings import Settings
from contracts.streams import Interval
from contracts.topology import DISPLAY_FRESH_KEY, HISTORY_FRESH_KEY
from market_data.errors import MarketDataUnavailable
from market_data.intervals import DAY_MS
from market_data.queries import MarketDataQueries
from stack.paths import ROOT
from stack.process import Command
from stack.servers import Servers
from stack.workers import WORKERS
from workers.provision import create_topics

LIMIT_S: Final = 900.0
POLL_S: Final = 0.02
REDIS_TIMEOUT_S: Final = 5.0
PROCESS: Final = "market_data"

(BENCH_MARKET,) = load_markets(BENCH_PATH).values()
SYMBOL: Final = BENCH_MARKET.symbol


@dataclass
class Rebuilt:
    """After what readers had nothing, and the seconds until each was shown everything again."""

    after: str
    seconds: dict[str, float]


class Readers:
    """Whoever asks for market data; each knows what the last thing in the log is."""

    def __init__(self, redis: Redis, log: TradeLog) -> None:
        self._queries = MarketDataQueries(redis)
        self._log = log

    async def shown(self, after: str, began_s: float) -> Rebuilt:
        """Wait until all are shown everything. Raises TimeoutError after LIMIT_S."""
        readers = {
            "depth": self._depth,
            "24 h ticker": self._ticker,
            "candles": self._candles,
            "trades": self._trades,
        }
        async with asyncio.timeout(LIMIT_S):
            times = await asyncio.gather(*(self._until(one, began_s) for one in readers.values()))
        return Rebuilt(after, dict(zip(readers, times, strict=True)))

    async def _until(self, is_shown: Callable[[], Awaitable[bool]], began_s: float) -> float:
        while True:
            try:
                if await is_shown():
                    return time.monotonic() - began_s
            except (MarketDataUnavailable, RedisError):
                pass  # not yet
            await asyncio.sleep(POLL_S)

    async def _depth(self) -> bool:
        book = await self._queries.depth(SYMBOL, 100)
        return book.last_update_id == self._log.book_seq

    async def _ticker(self) -> bool:
        (figures,) = await self._queries.rolling_figures([SYMBOL])
        return figures.last_id == self._log.trade_id

    async def _candles(self) -> bool:
        candles = await self._queries.candles(SYMBOL, Interval.HOUR_1, limit=1_000)
        return max((candle.last_id for candle in candles), default=0) == self._log.trade_id

    async def _trades(self) -> bool:
        newest = await self._queries.trades(SYMBOL, from_id=None, limit=1)
        return [trade.trade_id for trade in newest] == [self._log.trade_id]


def start(servers: Servers) -> float:
    """Start the market data process; returns when that was."""
    (worker,) = [worker for worker in WORKERS if worker.name == PROCESS]
    everything = {**servers.environment(), "TRADEFLOW_BENCH_MARKET": "true"}
    variables = worker.environment(everything) | {"PYTHONPATH": str(ROOT)}
    began_s = time.monotonic()
    command = Command((sys.executable, "-m", worker.module), variables, cwd=servers.data_dir)
    servers.processes.start(PROCESS, command)
    return began_s


async def write(console: Console, settings: Settings, log: TradeLog, count: int) -> None:
    """Fill the log."""
    producer = await create_producer(settings.kafka)
    try:
        with Progress(console=console, transient=True) as progress:
            shown = progress.add_task("writing trades", total=count)
            await log.write(producer, lambda written: progress.update(shown, completed=written))
    finally:
        await producer.stop()


async def measure(console: Console, servers: Servers, log: TradeLog) -> list[Rebuilt]:
    """The four times."""
    redis = create_redis(Settings.from_environment(servers.environment()).redis, REDIS_TIMEOUT_S)
    readers = Readers(redis, log)
    try:
        console.print("starting the market data process")
        found = [await readers.shown("first start", start(servers))]
        console.print("FLUSHALL")
        began_s = time.monotonic()
        await redis.flushall()
        found.append(await readers.shown("FLUSHALL", began_s))
        console.print("killing it, and starting it again")
        await servers.processes.kill(PROCESS)
        # What the dead process has said would hold for some seconds more.
        await redis.delete(DISPLAY_FRESH_KEY, HISTORY_FRESH_KEY)
        found.append(await readers.shown("restart", start(servers)))
        console.print("killing it, FLUSHALL, and starting it again")
        await servers.processes.kill(PROCESS)
        await redis.flushall()
        found.append(await readers.shown("both", start(servers)))
        return found
    finally:
        await redis.aclose()


def report(console: Console, found: list[Rebuilt], log: TradeLog) -> None:
    """Seconds, and trades a second by the slowest reader."""
    title = f"{log.trade_id:,} trades, {log.book_seq:,} changes of the book: seconds until shown"
    table = Table(title=title, box=None, padding=(0, 2))
    for column in ("after", *found[0].seconds, "trades/s"):
        table.add_column(column, justify="right")
    for one in found:
        rate = log.trade_id / max(one.seconds.values())
        table.add_row(one.after, *(f"{s:.1f}" for s in one.seconds.values()), f"{rate:,.0f}")
    console.print(table)


async def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of rebuilding market data.")
    parser.add_argument("--trades", type=int, default=1_000_000)
    parser.add_argument("--days", type=float, default=10.0, help="that the trades are spread over")
    parser.add_argument("--quick", action="store_true", help="50,000 trades at most")
    options = parser.parse_args()
    if options.trades < 1 or options.days <= 0:
        parser.error("--trades and --days must be positive")
    count: int = min(options.trades, 50_000) if options.quick else options.trades
    # Topics that were made a moment ago have no leader yet: the producer says so, and waits.
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    now_ms = time.time_ns() // 1_000_000
    log = TradeLog(
        BENCH_MARKET, count=count, first_ms=now_ms - int(options.days * DAY_MS), last_ms=now_ms
    )
    with tempfile.TemporaryDirectory(prefix="tf-") as directory:
        console.print("starting Kafka and Redis for the benchmark")
        async with Servers(Path(directory, "servers"), ("kafka", "redis")) as servers:
            settings = Settings.from_environment(servers.environment())
            await create_topics(settings)
            await write(console, settings, log, count)
            report(console, await measure(console, servers, log), log)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(130)  # all is stopped by now
