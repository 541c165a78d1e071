"""Empties the SQL server between tests."""

import aiomysql

from config.settings import MySQLSettings
from contracts.topology import DATABASES

LOCK_LIMIT_S = 10  # the default is a day; a test that leaks a transaction shall fail instead


async def drop_databases(mysql: MySQLSettings) -> None:
    """Drop all three databases; provisioning makes them again."""
    assert mysql.root is not None
    connection = await aiomysql.connect(
        host=mysql.host,
        port=mysql.port,
        user=mysql.root.user,
        password=mysql.root.password.get_secret_value(),
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute("SET lock_wait_timeout = %s, sql_notes = 0", (LOCK_LIMIT_S,))
            for database in DATABASES:
                await cursor.execute(f"DROP DATABASE IF EXISTS {database}")
    finally:
        connection.close()
