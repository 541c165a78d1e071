"""The matching process as a child of a test, and what a test reads of its topics."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
from aiokafka import TopicPartition
from aiokafka.structs import ConsumerRecord

from adapters.kafka import create_consumer
from config.settings import Settings
from contracts.amounts import Amount
from contracts.instruments import Instrument
from contracts.matching import EngineCommand
from contracts.message import MalformedMessage, decode
from contracts.topology import ORDERS_INCOMING
from matching.engine import Engine
from matching.output import OUTPUTS, Entry
from stack.ports import free_port

ROOT = Path(__file__).parent.parent.parent
START_TIMEOUT_S = 30


def instrument(symbol: str, partition: int) -> Instrument:
    """A market like BTCUSDT, on a partition that one test has for itself."""
    return Instrument(
        symbol=symbol,
        base="BTC",
        quote="USDT",
        partition=partition,
        tick=Amount("0.01"),
        lot=Amount("0.00001"),
        min_price=Amount("0.01"),
        max_price=Amount("1000000"),
        min_quantity=Amount("0.00001"),
        max_quantity=Amount("9000"),
        min_notional=Amount("5"),
        max_notional=Amount("9000000"),
        maker_fee_ppm=1000,
        taker_fee_ppm=1000,
    )


class MatchingProcess:
    """`python -m workers.matching` for some partitions, with snapshots in `data_dir`."""

    def __init__(
        self, settings: Settings, partitions: str, data_dir: Path, *, snapshot_every: int = 50_000
    ) -> None:
        self._port = free_port()
        self._environment = {
            **os.environ,
            "TRADEFLOW_KAFKA__BOOTSTRAP": settings.kafka.bootstrap,
            "TRADEFLOW_MATCHING_PARTITIONS": partitions,
            "TRADEFLOW_MATCHING_SNAPSHOT_EVERY": str(snapshot_every),
            "TRADEFLOW_MATCHING_FENCED_PAUSE_S": "0",
            "TRADEFLOW_DATA_DIR": str(data_dir),
            "TRADEFLOW_HEALTH_PORT": str(self._port),
        }
        self._child: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def spawn(self) -> None:
        """Start it; do not wait."""
        self._child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "workers.matching", cwd=ROOT, env=self._environment
        )

    async def start(self) -> None:
        """Start it and wait until it has replayed its log."""
        await self.spawn()
        async with asyncio.timeout(START_TIMEOUT_S), httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"{self.url}/healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    if self._child is not None and self._child.returncode is not None:
                        raise
                await asyncio.sleep(0.05)

    async def state_hash(self, partition: int) -> str:
        """Of the partition's engine as it is now."""
        async with httpx.AsyncClient(timeout=START_TIMEOUT_S) as client:
            shown = (await client.get(f"{self.url}/open-orders?hash=1")).json()
        found: str = shown["state_hashes"][str(partition)]
        return found

    def pause(self) -> None:
        """SIGSTOP: it keeps its connections and does nothing."""
        if self._child is not None:
            self._child.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT after `pause`."""
        if self._child is not None:
            self._child.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        """SIGKILL."""
        if self._child is not None and self._child.returncode is None:
            self._child.kill()
        await self.exit_code()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self._child is not None and self._child.returncode is None:
            self._child.terminate()
        return await self.exit_code()

    async def exit_code(self) -> int:
        """Wait for its end."""
        if self._child is None:
            return 0
        return await asyncio.wait_for(self._child.wait(), START_TIMEOUT_S)


async def read_partition(settings: Settings, topic: str, partition: int) -> list[ConsumerRecord]:
    """Every record that the partition holds now."""
    consumer = await create_consumer(settings.kafka)
    try:
        place = TopicPartition(topic, partition)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        first = (await consumer.beginning_offsets([place]))[place]
        consumer.seek(place, first)
        records: list[ConsumerRecord] = []
        while (records[-1].offset + 1 if records else first) < end:
            for found in (await consumer.getmany(timeout_ms=200)).values():
                records.extend(found)
        return records
    finally:
        await consumer.stop()


async def read_entries(settings: Settings, topic: str, partition: int) -> list[Entry]:
    """All entries on an output topic, repetitions too."""
    records = await read_partition(settings, topic, partition)
    return [e for r in records for e in decode(r.value, OUTPUTS[topic].kind).entries]


async def expected_output(
    settings: Settings, partition: int
) -> tuple[Engine, dict[str, list[Entry]]]:
    """What an uninterrupted engine makes of the log as it stands."""
    engine = Engine()
    expected: dict[str, list[Entry]] = {topic: [] for topic in OUTPUTS}
    for record in await read_partition(settings, ORDERS_INCOMING, partition):
        try:
            command: EngineCommand = decode(record.value, EngineCommand)
        except MalformedMessage:
            engine.skip(record.offset)
            continue
        outcome = engine.apply(command, record.offset, record.timestamp)
        for topic, output in OUTPUTS.items():
            entry = output.entry(outcome)
            if entry is not None:
                expected[topic].append(entry)
    return engine, expected


def without_repetitions(entries: list[Entry]) -> list[Entry]:
    """As a reader sees them that drops what it has seen, by offset."""
    seen: dict[int, Entry] = {}
    for entry in entries:
        if seen.setdefault(entry.offset, entry).hash != entry.hash:
            raise AssertionError(f"two outputs of offset {entry.offset}")
    if list(seen) != sorted(seen):
        raise AssertionError("entries out of order")
    return list(seen.values())
