"""The whole process: answers, stops when told, and may be killed at any moment."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.rabbitmq import CommandClient, assert_topology, connect
from config.settings import Settings
from contracts.amounts import Amount
from contracts.topology import WALLET_QUEUE
from contracts.wallet import FundsDeposited, FundsRefused, WalletCommand, WalletReply
from tests.support.servers import TestServers
from tests.support.wallet import deposit, reserve
from tests.support.wallet_soundness import require_sound
from wallet.client import WalletClient
from wallet.errors import WalletSilent
from wallet.queries import WalletQueries

pytestmark = [pytest.mark.mysql, pytest.mark.rabbitmq, pytest.mark.kafka, pytest.mark.redis]


@pytest.fixture
async def client(
    wallet_engine: AsyncEngine,
    topics: Settings,
    redis_settings: Settings,
    rabbitmq_settings: Settings,
) -> AsyncIterator[WalletClient]:
    connection = await connect(rabbitmq_settings.rabbitmq)
    await assert_topology(connection)
    async with connection.channel() as channel:
        await (await channel.get_queue(WALLET_QUEUE)).purge()
    commands = CommandClient(connection)
    await commands.start()
    yield WalletClient(commands, timeout_s=2)
    await commands.close()
    await connection.close()


async def start_worker(servers: TestServers) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "workers.wallet",
        env={**os.environ, **servers.environment()},
        stdout=asyncio.subprocess.DEVNULL,
    )


async def ask_until_answered(client: WalletClient, command: WalletCommand) -> WalletReply:
    """What the saga does: the same command again, for as long as the outcome is unknown."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await client.ask(command)
            except WalletSilent:
                continue


async def test_it_answers_and_stops_when_told(servers: TestServers, client: WalletClient) -> None:
    worker = await start_worker(servers)
    try:
        assert isinstance(await ask_until_answered(client, deposit(7, "USDT", "1")), FundsDeposited)
        refused = await ask_until_answered(client, reserve(1, 7, "2"))
        assert isinstance(refused, FundsRefused)
        worker.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await worker.wait() == 0
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()


async def test_killed_under_load_it_loses_and_repeats_nothing(
    servers: TestServers, client: WalletClient, wallet_engine: AsyncEngine
) -> None:
    worker = await start_worker(servers)
    try:
        await ask_until_answered(client, deposit(7, "USDT", "1"))
        asked = [
            asyncio.create_task(ask_until_answered(client, deposit(7, "USDT", "1")))
            for _ in range(300)
        ]
        for _ in range(3):
            await asyncio.wait(asked, timeout=0.15, return_when=asyncio.FIRST_COMPLETED)
            worker.kill()
            await worker.wait()
            worker = await start_worker(servers)
        replies = await asyncio.gather(*asked)
        assert all(isinstance(reply, FundsDeposited) for reply in replies)
    finally:
        worker.kill()
        await worker.wait()
    balances = {b.currency: b.available for b in await WalletQueries(wallet_engine).balances(7)}
    assert balances["USDT"] == Amount(301)
    await require_sound(wallet_engine)
