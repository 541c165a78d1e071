"""Commands over the real broker: answered once, whatever dies; poison does not circle."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractRobustConnection

from adapters.rabbitmq import CommandClient, CommandConsumer, assert_topology, connect
from config.settings import Settings
from contracts.amounts import Amount
from contracts.message import decode, encode
from contracts.topology import (
    COMMANDS_EXCHANGE,
    DEAD_LETTER_QUEUE,
    WALLET_DEPOSIT,
    WALLET_QUEUE,
)
from contracts.wallet import FundsDeposited, FundsReserved, WalletCommand, WalletReply
from tests.support.servers import TestServers
from tests.support.waits import ended
from tests.support.wallet import deposit, reserve
from tests.support.wallet_bank import Bank
from tests.support.wallet_soundness import require_sound
from wallet.client import WalletClient
from wallet.command_loop import CommandLoop
from wallet.errors import WalletSilent
from wallet.queries import Balance

pytestmark = [pytest.mark.mysql, pytest.mark.rabbitmq]

ALICE = 7


@pytest.fixture
async def broker(rabbitmq_settings: Settings) -> AsyncIterator[AbstractRobustConnection]:
    connection = await connect(rabbitmq_settings.rabbitmq)
    await assert_topology(connection)
    async with connection.channel() as channel:
        for name in (WALLET_QUEUE, DEAD_LETTER_QUEUE):
            await (await channel.get_queue(name)).purge()
    yield connection
    await connection.close()


@pytest.fixture
async def client(broker: AbstractRobustConnection) -> AsyncIterator[WalletClient]:
    commands = CommandClient(broker)
    await commands.start()
    yield WalletClient(commands, timeout_s=10)
    await commands.close()


@asynccontextmanager
async def working(settings: Settings, bank: Bank) -> AsyncIterator[CommandLoop]:
    connection = await connect(settings.rabbitmq)
    consumer = CommandConsumer(connection, WALLET_QUEUE)
    await consumer.start()
    loop = CommandLoop(consumer, bank.service)
    task = asyncio.create_task(loop.run())
    yield loop
    await ended(task)
    await consumer.close()
    await connection.close()


async def publish(broker: AbstractRobustConnection, body: bytes) -> None:
    async with broker.channel() as channel:
        exchange = await channel.get_exchange(COMMANDS_EXCHANGE)
        await exchange.publish(aio_pika.Message(body, message_id=str(uuid4())), WALLET_DEPOSIT)


async def test_a_command_is_answered(
    rabbitmq_settings: Settings, first: Bank, client: WalletClient
) -> None:
    async with working(rabbitmq_settings, first):
        commands = [deposit(user, "USDT", "5") for user in range(1, 101)]
        replies = await asyncio.gather(*(client.ask(command) for command in commands))
        assert [r.user_id for r in replies if isinstance(r, FundsDeposited)] == [*range(1, 101)]
        reserved = await client.ask(reserve(1, 1, "5"))
        assert isinstance(reserved, FundsReserved)
    await require_sound(first.engine)


async def test_a_crash_between_commit_and_ack_repeats_the_reply_not_the_effect(
    rabbitmq_settings: Settings, first: Bank, second: Bank, client: WalletClient
) -> None:
    doomed = await connect(rabbitmq_settings.rabbitmq)
    consumer = CommandConsumer(doomed, WALLET_QUEUE)
    await consumer.start()
    command = deposit(ALICE, "USDT", "100")
    asked = asyncio.create_task(client.ask(command))
    async for batch in consumer.batches(1):
        taken: WalletCommand = decode(batch[0].body, WalletCommand)
        [committed] = await first.service.handle_batch([taken])
        break
    await doomed.close()  # neither reply nor ack
    async with working(rabbitmq_settings, second):
        assert await asked == committed
    assert await first.queries.balances(ALICE) == [Balance("USDT", Amount(100), Amount(0))]


async def test_a_worker_that_dies_before_its_commit_loses_no_command(
    rabbitmq_settings: Settings,
    first: Bank,
    second: Bank,
    client: WalletClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sent once; an ack before the commit would lose it."""
    monkeypatch.setattr("wallet.command_loop.FINISH_TIMEOUT_S", 0.1)
    taken = asyncio.Event()

    async def hang(commands: Sequence[WalletCommand]) -> list[WalletReply | None]:
        taken.set()
        await asyncio.Event().wait()
        return []

    first.service.decide = hang  # type: ignore[method-assign]
    async with working(rabbitmq_settings, first):
        asked = asyncio.create_task(client.ask(deposit(ALICE, "USDT", "1")))
        await taken.wait()
    async with working(rabbitmq_settings, second):
        assert isinstance(await asked, FundsDeposited)


async def test_poison_is_parked_and_the_next_command_is_served(
    rabbitmq_settings: Settings,
    first: Bank,
    client: WalletClient,
    broker: AbstractRobustConnection,
) -> None:
    good = encode(deposit(ALICE, "USDT", "1"))
    poison = [
        b"\xff\x00",
        good.replace(b'"schema_version":1', b'"schema_version":2'),
        good.replace(b'"1.00000000"', b'"1e3"'),
        good.replace(b'"user_id":7', b'"user_id":"7"'),
        b"[" * 100_000,
    ]
    async with working(rabbitmq_settings, first):
        for body in poison:
            await publish(broker, body)
        assert isinstance(await client.ask(deposit(ALICE, "USDT", "1")), FundsDeposited)
    async with broker.channel() as channel:
        dead = await channel.get_queue(DEAD_LETTER_QUEUE)
        bodies = [message.body async for message in _drain(dead, len(poison))]
    assert sorted(bodies) == sorted(poison)
    assert await first.queries.balances(ALICE) == [Balance("USDT", Amount(1), Amount(0))]


async def test_a_database_that_hangs_delays_the_answer_and_loses_nothing(
    rabbitmq_settings: Settings, servers: TestServers, first: Bank, client: WalletClient
) -> None:
    async with working(rabbitmq_settings, first):
        await client.ask(deposit(ALICE, "USDT", "1"))
        servers.pause("mysql")
        try:
            asked = [asyncio.create_task(client.ask(deposit(ALICE, "USDT", "1"))) for _ in "abc"]
            done, _ = await asyncio.wait(asked, timeout=1.5)
            assert not done
        finally:
            servers.resume("mysql")
        assert all(isinstance(r, FundsDeposited) for r in await asyncio.gather(*asked))
    assert await first.queries.balances(ALICE) == [Balance("USDT", Amount(4), Amount(0))]


async def test_a_database_that_restarts_delays_the_answer_and_loses_nothing(
    rabbitmq_settings: Settings, servers: TestServers, first: Bank, client: WalletClient
) -> None:
    async with working(rabbitmq_settings, first):
        await client.ask(deposit(ALICE, "USDT", "1"))
        await servers.kill("mysql")
        command = deposit(ALICE, "USDT", "1")
        asked = asyncio.create_task(client.ask(command))
        await servers.restart("mysql")
        try:
            assert isinstance(await asked, FundsDeposited)
        except WalletSilent:
            assert isinstance(await client.ask(command), FundsDeposited)
    assert await first.queries.balances(ALICE) == [Balance("USDT", Amount(2), Amount(0))]


async def test_a_refusal_that_waits_for_settlement_does_not_hold_up_others(
    rabbitmq_settings: Settings, first: Bank, client: WalletClient
) -> None:
    behind = asyncio.Event()

    async def caught_up(timeout_s: float) -> bool:
        await behind.wait()
        return True

    first.log.caught_up = caught_up  # type: ignore[method-assign]
    async with working(rabbitmq_settings, first):
        poor = asyncio.create_task(client.ask(reserve(1, ALICE, "5")))
        assert isinstance(await client.ask(deposit(ALICE, "USDT", "5")), FundsDeposited)
        assert not poor.done()
        behind.set()
        assert isinstance(await poor, FundsReserved), "the money came while it waited"


async def test_nobody_at_work_means_silence_not_refusal(client: WalletClient) -> None:
    client = WalletClient(client._commands, timeout_s=0.2)
    with pytest.raises(WalletSilent):
        await client.ask(deposit(ALICE, "USDT", "1"))


async def _drain(
    queue: aio_pika.abc.AbstractQueue, count: int
) -> AsyncIterator[aio_pika.abc.AbstractIncomingMessage]:
    async with asyncio.timeout(10):
        while count:
            message = await queue.get(no_ack=True, fail=False)
            if message is None:
                await asyncio.sleep(0.05)
                continue
            count -= 1
            yield message
