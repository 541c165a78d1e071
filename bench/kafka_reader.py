"""The reading side of `bench.kafka`, a process of its own: its processor time is the reader's.

It takes one task a line on its standard input and answers each with `ready` and then one line
of figures. It ends with its input.
"""

import asyncio
import json
import sys
import time
from typing import Final

import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from adapters.kafka import Fetches, open_consumer
from bench.kafka_loads import Figures, Load, Setting, Task
from config.settings import KafkaSettings
from contracts.topology import PARTITIONS

PATIENCE_S: Final = 5.0  # beyond the load's own time, for what is still under way
ASK_AFTER_S: Final = 0.07  # and twice, three times...: not always at the same point of a fetch


async def main() -> None:
    """Do tasks until there are no more."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        task = Task.from_json(line)
        _tell((await _read(task)).to_json())


async def _read(task: Task) -> Figures:
    setting, load = task.setting, task.load
    fetches = Fetches(setting.min_bytes, setting.max_wait_ms, setting.max_poll_records)
    consumer = await open_consumer(KafkaSettings(bootstrap=task.bootstrap), fetches)
    try:
        places = [TopicPartition(load.topic, n) for n in range(PARTITIONS)]
        consumer.assign(places)
        await (consumer.seek_to_beginning if load.is_backlog else consumer.seek_to_end)(*places)
        for place in places:
            await consumer.position(place)
        _tell("ready")
        if load.asks:
            return await _ask(consumer, setting, places, load)
        return await _take(consumer, setting, load)
    finally:
        await consumer.stop()


async def _take(consumer: AIOKafkaConsumer, setting: Setting, load: Load) -> Figures:
    """Poll as a worker does until all has come, or the load's time is over."""
    figures = Figures()
    began, used = time.perf_counter(), time.process_time()
    patience_s = PATIENCE_S + load.count * load.works_s if load.count else 0.0
    deadline = began + load.seconds + patience_s
    while (left := deadline - time.perf_counter()) > 0:
        polled = await consumer.getmany(
            timeout_ms=min(setting.poll_wait_ms, max(1, round(left * 1000)))
        )
        now_ns = time.monotonic_ns()
        for records in polled.values():
            figures.received += len(records)
            if not load.is_backlog:
                figures.waits_ms += [_age_ms(record.value, now_ns) for record in records]
        if load.count and figures.received >= load.count:
            break
        if polled and load.works_s:
            await asyncio.sleep(load.works_s)
    figures.took_s = time.perf_counter() - began
    figures.cpu_s = time.process_time() - used
    return figures


async def _ask(
    consumer: AIOKafkaConsumer, setting: Setting, places: list[TopicPartition], load: Load
) -> Figures:
    """Ask for the end of the log while a fetch waits, as the wallet does before it refuses."""
    figures = Figures()
    began, used = time.perf_counter(), time.process_time()

    async def poll() -> None:
        while True:
            await consumer.getmany(timeout_ms=setting.poll_wait_ms)

    polling = asyncio.create_task(poll())
    for n in range(load.asks):
        await asyncio.sleep(ASK_AFTER_S * (n + 1))
        asked = time.perf_counter()
        await consumer.end_offsets(places)
        figures.waits_ms.append((time.perf_counter() - asked) * 1000)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    figures.received = load.asks
    figures.took_s = time.perf_counter() - began
    figures.cpu_s = time.process_time() - used
    return figures


def _age_ms(value: bytes, now_ns: int) -> float:
    """The sender writes the machine's monotonic clock at the front of each message."""
    return (now_ns - int.from_bytes(value[:8], "big")) / 1e6


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main())
    except KeyboardInterrupt:
        pass  # the terminal tells all of its processes; the benchmark says what there is to say
    except json.JSONDecodeError as error:
        sys.exit(f"not a task: {error}")
