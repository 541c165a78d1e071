"""Brings each database to its newest revision: one folder of revisions a database, no ini file.

Revisions are in migrations/<short name>/versions/*.py; each database has its own version table.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, create_engine

from config.settings import MySQLLogin, MySQLSettings
from contracts.topology import DATABASES

HERE = Path(__file__).parent
LOCK_TIMEOUT_S = 60


def upgrade_all(mysql: MySQLSettings, login: MySQLLogin) -> None:
    """Upgrade every database that has revisions. Blocking; safe to repeat, also concurrently."""
    for database in DATABASES:
        upgrade(mysql, login, database)


def upgrade(mysql: MySQLSettings, login: MySQLLogin, database: str) -> None:
    """Upgrade one database to the newest of its revisions."""
    engine = create_engine(
        URL.create(
            "mysql+pymysql",
            username=login.user,
            password=login.password.get_secret_value(),
            host=mysql.host,
            port=mysql.port,
            database=database,
        )
    )
    try:
        with engine.connect() as connection:
            # DDL is not transactional here: two provisioners at once would each run half of it.
            connection.exec_driver_sql("SELECT GET_LOCK(%s, %s)", (database, LOCK_TIMEOUT_S))
            config = alembic_config(database)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
            connection.exec_driver_sql("SELECT RELEASE_LOCK(%s)", (database,))
    finally:
        engine.dispose()


def alembic_config(database: str) -> Config:
    """What an ini file would hold: where the revisions of one database are."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(versions_dir(database)))
    return config


def versions_dir(database: str) -> Path:
    """`tradeflow_wallet` → migrations/wallet/versions."""
    return HERE / database.removeprefix("tradeflow_") / "versions"
