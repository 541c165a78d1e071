"""One fixture a server: the settings that reach it. The server starts with the first use."""

import pytest

from config.settings import Settings
from tests.support.databases import drop_databases
from tests.support.servers import TestServers
from workers.provision import create_topics, provision_databases


@pytest.fixture(scope="session")
async def mysql_settings(servers: TestServers) -> Settings:
    return await servers.start("mysql")


@pytest.fixture(scope="session")
async def rabbitmq_settings(servers: TestServers) -> Settings:
    return await servers.start("rabbitmq")


@pytest.fixture(scope="session")
async def kafka_settings(servers: TestServers) -> Settings:
    """The broker, without topics: see `topics`."""
    return await servers.start("kafka")


@pytest.fixture(scope="session")
async def redis_settings(servers: TestServers) -> Settings:
    return await servers.start("redis")


@pytest.fixture(scope="session")
async def mongo_settings(servers: TestServers) -> Settings:
    return await servers.start("mongo")


@pytest.fixture(scope="session")
async def temporal_settings(servers: TestServers) -> Settings:
    return await servers.start("temporal")


@pytest.fixture(scope="session")
async def topics(kafka_settings: Settings) -> Settings:
    """The broker with the topics of topology.TOPICS."""
    await create_topics(kafka_settings)
    return kafka_settings


@pytest.fixture
async def databases(mysql_settings: Settings) -> Settings:
    """The three databases at their newest revision, with their logins, and without rows."""
    await drop_databases(mysql_settings.mysql)
    await provision_databases(mysql_settings.mysql)
    return mysql_settings
