"""Redis in front of the inbox: it spares the database, and its absence changes nothing."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import msgspec
import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.redis import create_redis
from config.settings import Settings
from contracts.amounts import Amount
from contracts.wallet import CommandConflict, FundsDeposited
from tests.support.servers import TestServers
from tests.support.wallet import SettledLog, deposit
from tests.support.wallet_bank import Bank
from wallet.directory import WalletDirectory
from wallet.prefilter import Prefilter
from wallet.service import WalletService

pytestmark = [pytest.mark.mysql, pytest.mark.redis]


@pytest.fixture
async def redis(redis_settings: Settings) -> AsyncIterator[Redis]:
    made = create_redis(redis_settings.redis)
    yield made
    await made.aclose()


def filtered(engine: AsyncEngine, redis: Redis) -> WalletService:
    return WalletService(
        engine, WalletDirectory(), SettledLog(), Prefilter(redis), currencies=["USDT"]
    )


async def test_a_completed_command_is_answered_without_the_database(
    first: Bank, redis: Redis, servers: TestServers
) -> None:
    service = filtered(first.engine, redis)
    command = deposit(7, "USDT", "1")
    once = await service.handle_batch([command])
    other = msgspec.structs.replace(command, amount=Amount(2))
    servers.pause("mysql")
    try:
        async with asyncio.timeout(2):
            assert await service.handle_batch([command]) == once
            [conflict] = await service.handle_batch([other])
    finally:
        servers.resume("mysql")
    assert isinstance(conflict, CommandConflict)


async def test_an_emptied_redis_changes_nothing(first: Bank, redis: Redis) -> None:
    service = filtered(first.engine, redis)
    command = deposit(7, "USDT", "1")
    once = await service.handle_batch([command])
    await redis.flushall()
    assert await service.handle_batch([command]) == once
    assert [b.available for b in await first.queries.balances(7)] == [Amount(1)]


async def test_a_hanging_redis_is_left_alone(
    first: Bank, redis: Redis, servers: TestServers
) -> None:
    service = filtered(first.engine, redis)
    command_id = uuid4()
    await service.handle_batch([deposit(7, "USDT", "1", command_id=command_id)])
    servers.pause("redis")
    try:
        started = time.monotonic()
        for _ in range(3):
            [reply] = await service.handle_batch([deposit(7, "USDT", "1", command_id=command_id)])
            assert isinstance(reply, FundsDeposited)
        assert time.monotonic() - started < 2
    finally:
        servers.resume("redis")
    assert [b.available for b in await first.queries.balances(7)] == [Amount(1)]
