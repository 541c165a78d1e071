"""The order rows on the real server, and a queue that remembers what was put into it."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import create_engine
from config.settings import Settings
from contracts.topology import ORDERS_DATABASE
from orders.service import OrderService
from orders.tables import metadata
from tests.support.empty_database import empty_database


@pytest.fixture
async def orders_engine(mysql_settings: Settings) -> AsyncIterator[AsyncEngine]:
    await empty_database(mysql_settings.mysql, ORDERS_DATABASE, metadata)
    assert mysql_settings.mysql.orders is not None
    engine = create_engine(mysql_settings.mysql, mysql_settings.mysql.orders, ORDERS_DATABASE)
    yield engine
    await engine.dispose()


class Queue:
    """Takes commands."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes, UUID]] = []

    async def send(self, routing_key: str, body: bytes, command_id: UUID) -> None:
        self.sent.append((routing_key, body, command_id))


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def service(orders_engine: AsyncEngine, queue: Queue) -> OrderService:
    return OrderService(orders_engine, queue)
