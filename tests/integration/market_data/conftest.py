"""A broker and a Redis of our own: these tests write the engine's topics and empty Redis."""

from collections.abc import AsyncIterator

import pytest

from config.settings import Settings
from tests.support.servers import TestServers
from workers.provision import create_topics


@pytest.fixture(scope="package")
async def own_servers() -> AsyncIterator[TestServers]:
    found = TestServers()
    await found.open()
    yield found
    await found.close()


@pytest.fixture(scope="package")
async def own_topics(own_servers: TestServers) -> Settings:
    settings = await own_servers.start("kafka", "redis")
    await create_topics(settings)
    return settings
