"""Kafka: every setting that matters for safety stated here, none left to a default."""

from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from config.settings import KafkaSettings
from contracts.message import MAX_MESSAGE_BYTES

REQUEST_TIMEOUT_MS: Final = 15_000
LARGE_FETCH_BYTES: Final = 10_240
LARGE_FETCH_WAIT_MS: Final = 500
PROMPT_WAIT_MS: Final = 50  # for the first byte; docs/decisions/0017 says why no longer
MAX_POLL_RECORDS: Final = 500
SESSION_TIMEOUT_MS: Final = 45_000


@dataclass(frozen=True)
class Fetches:
    """How long the broker gathers before it answers a reader, and what one poll may take.

    It answers once it has `min_bytes` or has waited `max_wait_ms`, whichever is first; a poll
    then hands out at most `max_poll_records`. `make bench-kafka` compares the choices.
    """

    min_bytes: int
    max_wait_ms: int
    max_poll_records: int = MAX_POLL_RECORDS


PROMPT: Final = Fetches(1, PROMPT_WAIT_MS)
"""The order path: the first byte is an answer."""

LARGE: Final = Fetches(LARGE_FETCH_BYTES, LARGE_FETCH_WAIT_MS)
"""Those who only observe: fewer and fuller answers."""


async def create_producer(settings: KafkaSettings) -> AIOKafkaProducer:
    """A started producer: acknowledged by all replicas, idempotent within its session."""
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.bootstrap,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        max_request_size=MAX_MESSAGE_BYTES,
    )
    await producer.start()
    return producer


async def create_consumer(
    settings: KafkaSettings, *, group: str | None = None, large_fetches: bool = False
) -> AIOKafkaConsumer:
    """A started consumer with no topic yet: `assign` or `subscribe` it.

    It never commits by itself, begins at the earliest record where it has no position, and
    reads only what is committed. `large_fetches` is for those who only observe: they wait up
    to 500 ms for 10 KiB; the order path never waits for bytes, and asks again after 50 ms.
    """
    return await open_consumer(settings, LARGE if large_fetches else PROMPT, group=group)


async def open_consumer(
    settings: KafkaSettings, fetches: Fetches, *, group: str | None = None
) -> AIOKafkaConsumer:
    """The same with fetches of one's own, for measurements; else use `create_consumer`."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        fetch_min_bytes=fetches.min_bytes,
        fetch_max_wait_ms=fetches.max_wait_ms,
        max_poll_records=fetches.max_poll_records,
        session_timeout_ms=SESSION_TIMEOUT_MS,
        request_timeout_ms=REQUEST_TIMEOUT_MS + SESSION_TIMEOUT_MS,
        check_crcs=True,
    )
    try:
        await consumer.start()
    except BaseException:  # whoever waits for no longer than so long cancels it too
        await consumer.stop()
        raise
    return consumer
