"""Makes the places that the processes work in: databases, users, tables, topics, attributes.

Runs once before the others, and again whenever one likes: whatever exists is left as it is. It
alone gets the root login. `python -m workers.provision` is docker compose's way to call it.
"""

import asyncio
from collections.abc import Iterable

import aiomysql
import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client

from adapters.kafka import create_producer
from config.logs import configure_logging
from config.markets import load_markets
from config.settings import MySQLLogin, MySQLSettings, Settings
from contracts import topology
from contracts.instruments import Instrument
from contracts.matching import AddSymbol, SetBand
from contracts.message import encode
from migrations.run import upgrade_all

KEPT_FOR_EVER = frozenset(
    {
        topology.ORDERS_INCOMING,
        topology.ORDERS_EVENTS,
        topology.TRADES_EXECUTED,
        topology.ORDERBOOK_UPDATES,
    }
)
"""The topics that the engine, the settlement and the market data replay."""

APPEND_ONLY = frozenset({"wallet_transaction"})
"""Tables of which even their own service may only read and insert rows."""

READ_WRITE = "SELECT, INSERT, UPDATE, DELETE"
INDEXED_TYPES = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Text": IndexedValueType.INDEXED_VALUE_TYPE_TEXT,
    "Int": IndexedValueType.INDEXED_VALUE_TYPE_INT,
}

log = structlog.get_logger()


async def provision(settings: Settings) -> None:
    """Everything, in the order in which one part needs another."""
    await provision_databases(settings.mysql)
    await create_topics(settings)
    await register_search_attributes(settings)
    await open_markets(settings)
    log.info("provisioned")


async def provision_databases(mysql: MySQLSettings) -> None:
    """Databases, migrations, and one least-privilege login for each service."""
    if mysql.root is None:
        raise ValueError("provisioning needs TRADEFLOW_MYSQL__ROOT__USER and __PASSWORD")
    creations = [f"CREATE DATABASE IF NOT EXISTS {name}" for name in topology.DATABASES]
    await _execute(mysql, mysql.root, creations)
    await asyncio.to_thread(upgrade_all, mysql, mysql.root)
    await _create_logins(mysql, mysql.root)


async def create_topics(settings: Settings) -> None:
    """The topics of topology.TOPICS; an existing one keeps its settings."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka.bootstrap)
    try:
        await admin.start()
        existing = set(await admin.list_topics())
        missing = [
            NewTopic(name, partitions, settings.kafka.replication_factor, topic_configs=configs)
            for name, partitions in topology.TOPICS.items()
            if name not in existing
            for configs in (_topic_config(name),)
        ]
        if missing:
            response = await admin.create_topics(missing)
            for name, code, *message in response.topic_errors:
                error = for_code(code)
                if code and error is not TopicAlreadyExistsError:
                    raise error(f"{name}: {message}")
    finally:
        await admin.close()


async def register_search_attributes(settings: Settings) -> None:
    """What sagas are found by. The dev server gets them by flag, a cluster from here."""
    client = await Client.connect(settings.temporal.address, namespace=settings.temporal.namespace)
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=settings.temporal.namespace)
    )
    missing = {
        name: INDEXED_TYPES[kind]
        for name, kind in topology.SEARCH_ATTRIBUTES.items()
        if name not in known.custom_attributes
    }
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=settings.temporal.namespace, search_attributes=missing
            )
        )


async def open_markets(settings: Settings) -> None:
    """Put AddSymbol and SetBand for every listed market into the engine's log.

    Each start repeats them: the engine opens a market once, and the same facts again change
    nothing. The file's band waits beneath one that an operator has set.
    """
    producer = await create_producer(settings.kafka)
    try:
        for market in load_markets(bench=settings.bench_market).values():
            for command in market_commands(market):
                await producer.send_and_wait(
                    topology.ORDERS_INCOMING,
                    encode(command),
                    key=market.symbol.encode(),
                    partition=market.partition,
                )
    finally:
        await producer.stop()


def market_commands(market: Instrument) -> tuple[AddSymbol, SetBand]:
    """What opens a market and sets its price band: the same commands for the same facts."""
    band = (market.bid_up_ppm, market.bid_down_ppm, market.ask_up_ppm, market.ask_down_ppm)
    return AddSymbol(
        command_id=topology.market_command_id(market.symbol, "add"),
        symbol=market.symbol,
        base=market.base,
        quote=market.quote,
        tick_e8=market.tick_e8,
        lot_e8=market.lot_e8,
    ), SetBand(
        command_id=topology.market_command_id(market.symbol, f"band:{band}"),
        symbol=market.symbol,
        reference_ticks=0,
        bid_up_ppm=market.bid_up_ppm,
        bid_down_ppm=market.bid_down_ppm,
        ask_up_ppm=market.ask_up_ppm,
        ask_down_ppm=market.ask_down_ppm,
    )


async def _create_logins(mysql: MySQLSettings, root: MySQLLogin) -> None:
    grants = [
        (mysql.identity, [f"{READ_WRITE} ON {topology.IDENTITY_DATABASE}.*"]),
        (mysql.orders, [f"{READ_WRITE} ON {topology.ORDERS_DATABASE}.*"]),
        (mysql.wallet, await _wallet_grants(mysql, root)),
        (
            mysql.reader,
            [f"SELECT ON {d}.*" for d in (topology.ORDERS_DATABASE, topology.WALLET_DATABASE)],
        ),
    ]
    for login, allowed in grants:
        if login is None:
            continue
        user, password = login.user, login.password.get_secret_value()
        await _execute(
            mysql,
            root,
            (
                # Stated anew each time, so that a right that is taken away here is gone there.
                ("CREATE USER IF NOT EXISTS %s@'%%' IDENTIFIED BY %s", (user, password)),
                ("ALTER USER %s@'%%' IDENTIFIED BY %s", (user, password)),
                ("REVOKE ALL PRIVILEGES, GRANT OPTION FROM %s@'%%'", (user,)),
                *((f"GRANT {privileges} TO %s@'%%'", (user,)) for privileges in allowed),
            ),
        )


async def _wallet_grants(mysql: MySQLSettings, root: MySQLLogin) -> list[str]:
    """By table: a database-wide right could not be narrowed for the append-only ones."""
    tables = await _tables(mysql, root, topology.WALLET_DATABASE)
    return [
        f"{'SELECT, INSERT' if table in APPEND_ONLY else READ_WRITE}"
        f" ON {topology.WALLET_DATABASE}.{table}"
        for table in tables
        if table != "alembic_version"
    ]


async def _tables(mysql: MySQLSettings, root: MySQLLogin, database: str) -> list[str]:
    rows = await _execute(
        mysql,
        root,
        (("SELECT table_name FROM information_schema.tables WHERE table_schema=%s", (database,)),),
    )
    return sorted(str(row[0]) for row in rows)


Statement = str | tuple[str, tuple[str, ...]]


async def _execute(
    mysql: MySQLSettings, login: MySQLLogin, statements: Iterable[Statement]
) -> list[tuple[object, ...]]:
    """Run statements as that login; the rows of the last one."""
    connection = await aiomysql.connect(
        host=mysql.host,
        port=mysql.port,
        user=login.user,
        password=login.password.get_secret_value(),
        autocommit=True,
    )
    try:
        async with connection.cursor() as cursor:
            # "Database exists" is not news: it is what safe to repeat means.
            await cursor.execute("SET sql_notes = 0")
            for statement in statements:
                sql, values = (statement, None) if isinstance(statement, str) else statement
                await cursor.execute(sql, values)
            return list(await cursor.fetchall())
    finally:
        connection.close()


def _topic_config(name: str) -> dict[str, str]:
    config = {"message.timestamp.type": "LogAppendTime"}
    if name in KEPT_FOR_EVER:
        config["retention.ms"] = "-1"
    return config


def main() -> None:
    """Read the settings and provision once."""
    settings = Settings()
    configure_logging("provision", settings.log_level)
    asyncio.run(provision(settings))


if __name__ == "__main__":
    main()
