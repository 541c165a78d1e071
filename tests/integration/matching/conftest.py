"""A broker of our own: these tests fill the engine's topics, kill the process and the broker."""

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
    settings = await own_servers.start("kafka")
    await create_topics(settings)
    return settings
