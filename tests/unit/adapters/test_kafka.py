"""A consumer that could not be started leaves nothing open: it is opened while requests come in."""

import asyncio
import gc
import warnings

import pytest
from aiokafka.errors import KafkaConnectionError

from adapters.kafka import create_consumer
from config.settings import KafkaSettings

NOBODY = KafkaSettings(bootstrap="127.0.0.1:1")


async def test_a_consumer_that_meets_nobody_is_closed() -> None:
    with warnings.catch_warnings(record=True) as told:
        with pytest.raises(KafkaConnectionError):
            await create_consumer(NOBODY)
        gc.collect()
    assert told == []


async def test_a_consumer_that_is_not_waited_for_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def for_ever(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("aiokafka.client.AIOKafkaClient.bootstrap", for_ever)
    with warnings.catch_warnings(record=True) as told:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await create_consumer(NOBODY)
        gc.collect()
    assert told == []
