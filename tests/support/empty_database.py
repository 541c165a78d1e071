"""Empty tables for each test, without making the databases anew each time."""

from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError

from adapters.mysql import create_engine, error_code, in_transaction
from config.settings import MySQLSettings
from workers.provision import provision_databases

NO_SUCH_DATABASE, NO_SUCH_TABLE = 1049, 1146


async def empty_database(mysql: MySQLSettings, name: str, tables: MetaData) -> None:
    """Delete every row of these tables; make the databases where there are none."""
    assert mysql.root is not None
    engine = create_engine(mysql, mysql.root, name)
    try:
        for _ in range(2):
            try:
                for table in tables.sorted_tables:
                    await in_transaction(
                        engine,
                        lambda c, name=table.name: c.execute(text(f"DELETE FROM {name}")),  # noqa: S608
                    )
                return
            except DBAPIError as error:
                if error_code(error) not in {NO_SUCH_DATABASE, NO_SUCH_TABLE}:
                    raise
                await provision_databases(mysql)
    finally:
        await engine.dispose()
