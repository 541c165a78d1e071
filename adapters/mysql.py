"""MySQL: bounded pools, READ COMMITTED, and transactions that retry what may be retried.

Plain repeatable reads lose updates, so every engine is READ COMMITTED and whoever moves money
locks the rows it decides on before it reads them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Final, TypeVar

import structlog
from pymysql.converters import encoders
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from config.settings import MySQLLogin, MySQLSettings
from contracts.amounts import Amount

RETRYABLE_CODES: Final = frozenset({1213, 1205, 1020})  # deadlock, lock timeout, snapshot
ATTEMPTS: Final = 6
FIRST_PAUSE_S: Final = 0.005
CONNECT_TIMEOUT_S: Final = 5
POOL_TIMEOUT_S: Final = 10.0

# The driver looks converters up by exact type; without this an Amount would be sent as quoted
# text, and SQL arithmetic on text is done in floating point.
encoders[Amount] = encoders[Decimal]

log = structlog.get_logger()
T = TypeVar("T")


def create_engine(settings: MySQLSettings, login: MySQLLogin, database: str) -> AsyncEngine:
    """A pool of at most `pool_size` connections to one database, with its own login."""
    return create_async_engine(
        URL.create(
            "mysql+aiomysql",
            username=login.user,
            password=login.password.get_secret_value(),
            host=settings.host,
            port=settings.port,
            database=database,
            query={"charset": "utf8mb4"},
        ),
        isolation_level="READ COMMITTED",
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        pool_recycle=3600,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )


def require_login(login: MySQLLogin | None, name: str) -> MySQLLogin:
    """The login that a process must have been given.

    Raises:
        LoginMissing: the process was started without it.
    """
    if login is None:
        prefix = f"TRADEFLOW_MYSQL__{name.upper()}"
        raise LoginMissing(f"set {prefix}__USER and {prefix}__PASSWORD")
    return login


class LoginMissing(RuntimeError):
    """This process needs a database login that its environment does not hold."""


def error_code(error: DBAPIError) -> int | None:
    """The server's error number, where there is one."""
    arguments = getattr(error.orig, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None


async def in_transaction(engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run `work` in one transaction and commit; run it whole again where the server says so.

    Deadlocks, lock time-outs and snapshot conflicts roll everything back, so running again is
    safe. Any other error is raised at once, after a rollback.
    """
    pause_s = FIRST_PAUSE_S
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with engine.begin() as connection:
                return await work(connection)
        except DBAPIError as error:
            if attempt == ATTEMPTS or error_code(error) not in RETRYABLE_CODES:
                raise
            log.info("transaction.retried", code=error_code(error), attempt=attempt)
            await asyncio.sleep(pause_s)
            pause_s *= 2
    raise RuntimeError("unreachable: the last attempt returns or raises")
