"""Orders of before the other order types live on: their rows, their states, their answers."""

from collections.abc import AsyncIterator

import pytest
from alembic import command
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy import create_engine as create_plain_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import create_engine, error_code
from config.settings import Settings
from contracts.amounts import Amount
from contracts.orders import OrderStatus, SelfTradePrevention
from contracts.topology import ORDERS_DATABASE
from migrations.run import alembic_config, upgrade
from orders.queries import OrderQueries
from orders.service import OrderService
from orders.tables import metadata
from tests.integration.orders.conftest import Queue
from tests.support.databases import drop_databases
from tests.support.orders import place_order
from workers.provision import provision_databases

pytestmark = pytest.mark.mysql

OLD_ROW = text(
    "INSERT INTO orders (order_id, user_id, client_order_id, reuse, body_hash, symbol, side,"
    " order_type, time_in_force, price, quantity, filled_quantity, filled_quote, commission,"
    " status, engine_sequence, answered, finalized, accepted_at_ms, updated_at_ms,"
    " working_at_ms, correlation_id) VALUES (5, 7, 'old', 0, 'hash', 'BTCUSDT', 'BUY', 'LIMIT',"
    " 'GTC', 100, 1, 0.5, 50, 0.0005, 'PARTIALLY_FILLED', 2, 1, 0, 1750000000000,"
    " 1750000000100, 1750000000050, 'test')"
)


@pytest.fixture
async def old_engine(mysql_settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The database as the first revision left it, with one order that rests."""
    mysql = mysql_settings.mysql
    assert mysql.root is not None
    await drop_databases(mysql)
    await provision_databases(mysql)
    _to_revision(mysql_settings, "orders_0001")
    engine = create_engine(mysql, mysql.root, ORDERS_DATABASE)
    async with engine.begin() as connection:
        await connection.execute(OLD_ROW)
    yield engine
    await engine.dispose()
    await drop_databases(mysql)


def _to_revision(settings: Settings, revision: str) -> None:
    mysql = settings.mysql
    assert mysql.root is not None
    plain = create_plain_engine(
        URL.create(
            "mysql+pymysql",
            username=mysql.root.user,
            password=mysql.root.password.get_secret_value(),
            host=mysql.host,
            port=mysql.port,
            database=ORDERS_DATABASE,
        )
    )
    with plain.connect() as connection:
        config = alembic_config(ORDERS_DATABASE)
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
    plain.dispose()


async def test_order_that_rested_before_the_revision_is_read_and_goes_on(
    mysql_settings: Settings, old_engine: AsyncEngine
) -> None:
    mysql = mysql_settings.mysql
    assert mysql.root is not None
    for _ in range(2):
        upgrade(mysql, mysql.root, ORDERS_DATABASE)
    view = await OrderQueries(old_engine).any_order(7, 5)
    assert view is not None
    assert (view.status, view.filled_quantity) == (OrderStatus.PARTIALLY_FILLED, Amount("0.5"))
    assert view.self_trade_prevention is SelfTradePrevention.NONE
    assert (view.quote_quantity, view.stop_price, view.list_id) == (Amount(0), Amount(0), 0)

    service = OrderService(old_engine, Queue())
    repeat = place_order(client_order_id="old", accepted_at_ms=1_750_000_000_500)
    answer = (await service.register(repeat)).answer
    assert answer is not None
    assert (answer.order_id, answer.repeated, answer.working) == (5, True, True)
    assert await service.read_state(5) is None, "the row never knew its lots"


async def test_revisions_make_the_columns_that_the_code_knows(
    mysql_settings: Settings, old_engine: AsyncEngine
) -> None:
    mysql = mysql_settings.mysql
    assert mysql.root is not None
    upgrade(mysql, mysql.root, ORDERS_DATABASE)

    def columns(connection: Connection) -> dict[str, dict[str, bool]]:
        look = inspect(connection)
        return {
            name: {column["name"]: bool(column["nullable"]) for column in look.get_columns(name)}
            for name in metadata.tables
        }

    async with old_engine.connect() as connection:
        found = await connection.run_sync(columns)
    assert found == {
        name: {column.name: bool(column.nullable) for column in table.columns}
        for name, table in metadata.tables.items()
    }


async def test_half_of_the_revision_may_run_again(
    mysql_settings: Settings, old_engine: AsyncEngine
) -> None:
    """The server died after the first table was made."""
    mysql = mysql_settings.mysql
    assert mysql.root is not None
    upgrade(mysql, mysql.root, ORDERS_DATABASE)
    async with old_engine.connect() as connection:
        tables = await connection.execute(text("SHOW CREATE TABLE order_list"))
        creation = tables.one()[1]
    _to_revision(mysql_settings, "orders_0001")
    async with old_engine.begin() as connection:
        await connection.execute(text(creation))
    upgrade(mysql, mysql.root, ORDERS_DATABASE)
    assert await OrderQueries(old_engine).any_order(7, 5) is not None


async def test_filled_quantity_is_still_bounded_but_for_orders_by_value(
    mysql_settings: Settings, old_engine: AsyncEngine
) -> None:
    mysql = mysql_settings.mysql
    assert mysql.root is not None
    upgrade(mysql, mysql.root, ORDERS_DATABASE)
    with pytest.raises(DBAPIError) as refused:
        async with old_engine.begin() as connection:
            await connection.execute(text("UPDATE orders SET filled_quantity = 1.1"))
    assert error_code(refused.value) in {4025, 3819}
    async with old_engine.begin() as connection:
        await connection.execute(text("UPDATE orders SET filled_quantity = 2, quote_quantity = 9"))
