"""Each server of the stack: starts, answers a real call, keeps its data, admits nobody else."""

import asyncio
import os
import signal
from pathlib import Path
from uuid import uuid4

import aio_pika
import aio_pika.exceptions
import aiomysql
import pymysql.err
import pytest
import redis.asyncio
import redis.exceptions
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure
from temporalio.client import Client

from config.settings import MySQLLogin, Settings
from contracts import topology
from stack.errors import AlreadyRunning
from stack.servers import Servers
from tests.support.servers import TestServers


@pytest.mark.redis
async def test_redis_keeps_its_data_over_a_kill(
    servers: TestServers, redis_settings: Settings
) -> None:
    async with _redis(redis_settings) as client:
        await client.ts().add("kept", 1, 2.5)
        await client.execute_command("WAITAOF", 1, 0, 5000)
    await servers.kill("redis")
    await servers.restart("redis")
    async with _redis(redis_settings) as client:
        assert (await client.ts().get("kept"))[1] == 2.5


@pytest.mark.redis
async def test_redis_refuses_who_has_no_password(redis_settings: Settings) -> None:
    async with redis.asyncio.Redis(port=redis_settings.redis.port) as client:
        with pytest.raises(redis.exceptions.AuthenticationError):
            await client.ping()


@pytest.mark.mysql
async def test_mysql_keeps_its_data_over_a_stop(servers: TestServers, databases: Settings) -> None:
    await _sql(databases, "CREATE TABLE tradeflow_orders.kept (n INT)")
    await _sql(databases, "INSERT INTO tradeflow_orders.kept VALUES (7)")
    await servers.restart("mysql")
    assert await _sql(databases, "SELECT n FROM tradeflow_orders.kept") == [(7,)]


@pytest.mark.mysql
@pytest.mark.parametrize(("user", "password"), [("root", ""), ("", ""), ("root", "root")])
async def test_mysql_has_no_default_login(
    mysql_settings: Settings, user: str, password: str
) -> None:
    with pytest.raises(pymysql.err.OperationalError, match=r"1045|1698"):
        await aiomysql.connect(
            host="127.0.0.1", port=mysql_settings.mysql.port, user=user, password=password
        )


@pytest.mark.mysql
async def test_mysql_is_durable_and_read_committed(mysql_settings: Settings) -> None:
    rows = await _sql(
        mysql_settings,
        "SELECT @@innodb_flush_log_at_trx_commit, @@tx_isolation, @@bind_address, @@local_infile",
    )
    assert rows == [(1, "READ-COMMITTED", "127.0.0.1", 0)]


@pytest.mark.mysql
async def test_a_service_reaches_its_own_database_only(databases: Settings) -> None:
    login = databases.mysql.identity
    await _sql(databases, "CREATE TABLE IF NOT EXISTS tradeflow_identity.probe (n INT)")
    await _sql(databases, "INSERT INTO tradeflow_identity.probe VALUES (1)", login)
    with pytest.raises(pymysql.err.OperationalError, match=r"1142|1044"):
        await _sql(databases, "CREATE TABLE tradeflow_orders.mine (n INT)", login)
    with pytest.raises(pymysql.err.OperationalError, match=r"1142|1044|1049"):
        await _sql(databases, "SELECT * FROM tradeflow_wallet.alembic_version", login)


@pytest.mark.rabbitmq
async def test_rabbitmq_keeps_messages_over_a_kill(
    servers: TestServers, rabbitmq_settings: Settings
) -> None:
    queue = f"kept-{uuid4()}"
    async with await _rabbitmq(rabbitmq_settings) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(b"7", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key=queue)
    # The broker writes the registry of its quorum queues half a second after a declaration; a
    # kill before that leaves the queue without a leader. Nothing tells when it has been done.
    await asyncio.sleep(1.5)
    await servers.kill("rabbitmq")
    await servers.restart("rabbitmq")
    async with await _rabbitmq(rabbitmq_settings) as connection:
        found = await (await connection.channel()).get_queue(queue)
        kept = await found.get(timeout=10)
        assert kept.body == b"7"
        await kept.ack()


@pytest.mark.rabbitmq
@pytest.mark.parametrize("vhost", ["/", "tradeflow"])
async def test_rabbitmq_has_no_guest(rabbitmq_settings: Settings, vhost: str) -> None:
    with pytest.raises(aio_pika.exceptions.AMQPConnectionError):
        await aio_pika.connect(
            host="127.0.0.1",
            port=rabbitmq_settings.rabbitmq.port,
            login="guest",
            password="guest",
            virtualhost=vhost,
        )


@pytest.mark.kafka
async def test_kafka_keeps_records_over_a_kill(servers: TestServers, topics: Settings) -> None:
    bootstrap = topics.kafka.bootstrap
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        sent = await producer.send_and_wait(topology.WALLET_EVENTS, b"kept", partition=3)
    await servers.kill("kafka")
    await servers.restart("kafka")
    place = TopicPartition(topology.WALLET_EVENTS, 3)
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        consumer.assign([place])
        consumer.seek(place, sent.offset)  # other tests write there too
        record = await consumer.getone()
    assert record.value == b"kept"
    assert record.offset == sent.offset
    assert record.timestamp_type == 1  # the log's own time


@pytest.mark.mongo
async def test_mongo_keeps_documents_over_a_kill(
    servers: TestServers, mongo_settings: Settings
) -> None:
    mongo = mongo_settings.mongo
    login = {"username": mongo.user, "password": mongo.password.get_secret_value()}
    async with AsyncMongoClient(mongo.host, mongo.port, **login) as client:
        await client[mongo.database]["kept"].insert_one({"_id": 7})
    await servers.kill("mongo")
    await servers.restart("mongo")
    async with AsyncMongoClient(mongo.host, mongo.port, **login) as client:
        assert await client[mongo.database]["kept"].find_one() == {"_id": 7}


@pytest.mark.mongo
async def test_mongo_refuses_who_has_no_login(mongo_settings: Settings) -> None:
    async with AsyncMongoClient(mongo_settings.mongo.host, mongo_settings.mongo.port) as client:
        with pytest.raises(OperationFailure, match="authentication"):
            await client["tradeflow_audit"]["audit_logs"].insert_one({"a": 1})


@pytest.mark.temporal
async def test_temporal_knows_the_search_attributes(temporal_settings: Settings) -> None:
    client = await Client.connect(temporal_settings.temporal.address)
    query = " AND ".join(f"{name} = 'x'" for name in topology.SEARCH_ATTRIBUTES)
    assert [found async for found in client.list_workflows(query)] == []


@pytest.mark.redis
async def test_second_owner_of_a_data_directory_is_refused(tmp_path: Path) -> None:
    async with Servers(tmp_path, ["redis"]):
        with pytest.raises(AlreadyRunning, match=str(os.getpid())):
            await Servers(tmp_path, ["redis"]).start()


@pytest.mark.redis
async def test_paused_server_answers_again_after_resume(
    servers: TestServers, redis_settings: Settings
) -> None:
    async with _redis(redis_settings, socket_timeout=0.3) as client:
        servers.pause("redis")
        try:
            with pytest.raises(redis.exceptions.TimeoutError):
                await client.ping()
        finally:
            servers.resume("redis")
    async with _redis(redis_settings) as client:
        assert await client.ping()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL  # the stack leaves ours alone


def _redis(settings: Settings, **options: float) -> redis.asyncio.Redis:
    return redis.asyncio.Redis(
        port=settings.redis.port,
        password=settings.redis.password.get_secret_value(),
        retry=None,
        **options,
    )


async def _rabbitmq(settings: Settings) -> aio_pika.abc.AbstractConnection:
    return await aio_pika.connect(
        host=settings.rabbitmq.host,
        port=settings.rabbitmq.port,
        login=settings.rabbitmq.user,
        password=settings.rabbitmq.password.get_secret_value(),
        virtualhost=settings.rabbitmq.vhost,
    )


async def _sql(
    settings: Settings, statement: str, login: MySQLLogin | None = None
) -> list[tuple[object, ...]]:
    used = login or settings.mysql.root
    assert used is not None
    connection = await aiomysql.connect(
        host=settings.mysql.host,
        port=settings.mysql.port,
        user=used.user,
        password=used.password.get_secret_value(),
        autocommit=True,
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(statement)
            return list(await cursor.fetchall())
    finally:
        connection.close()
