"""MySQL: bounded pools, READ COMMITTED, and transactions that retry what may be retried.

Plain repeatable reads lose updates, so every engine is READ COMMITTED and whoever moves money
locks the rows it decides on before it reads them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Final, TypeVar

import structlog
from pymysql.converters import encoders
from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from config.settings import MySQLLogin, MySQLSettings
from contracts.amounts import Amount

DUPLICATE_KEY: Final = 1062
DATA_CODES: Final = frozenset({1264, 1406, 4025, 3819, 1366})
"""Out of range, too long, CHECK (MariaDB, MySQL), wrong value: the driver sorts errors into
classes of its own, and the servers differ; the numbers are what counts."""
RETRYABLE_CODES: Final = frozenset({1213, 1205, 1020})  # deadlock, lock timeout, snapshot
ATTEMPTS: Final = 6
FIRST_PAUSE_S: Final = 0.005
CONNECT_TIMEOUT_S: Final = 5
POOL_TIMEOUT_S: Final = 10.0
PING_AFTER_S: Final = 1.0
IDLE_SINCE: Final = "idle_since"
CLOSED_TRANSPORT: Final = "the handler is closed"
"""uvloop's words for a write to a connection that is gone. It is a RuntimeError, which neither
the driver nor SQLAlchemy takes for a lost connection."""

# The driver looks converters up by exact type; without this an Amount would be sent as quoted
# text, and SQL arithmetic on text is done in floating point.
encoders[Amount] = encoders[Decimal]

log = structlog.get_logger()
T = TypeVar("T")


def create_engine(
    settings: MySQLSettings, login: MySQLLogin, database: str, *, reads_only: bool = False
) -> AsyncEngine:
    """A pool of at most `pool_size` connections to one database, with its own login.

    With `reads_only` each statement stands alone (autocommit), and a connection is given back
    as it is: that spares the roll-back, which is every other trip of a single query.
    """
    engine = create_async_engine(
        URL.create(
            "mysql+aiomysql",
            username=login.user,
            password=login.password.get_secret_value(),
            host=settings.host,
            port=settings.port,
            database=database,
            query={"charset": "utf8mb4"},
        ),
        isolation_level="AUTOCOMMIT" if reads_only else "READ COMMITTED",
        pool_reset_on_return=None if reads_only else "rollback",
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_recycle=3600,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )
    _ping_the_idle(engine)
    return engine


def _ping_the_idle(engine: AsyncEngine) -> None:
    """Ask a connection whether it still lives only where it has had time to die.

    One that is taken right after it was given back needs no question; should it be dead all
    the same, `in_transaction` begins anew.
    """

    def given_back(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[IDLE_SINCE] = time.monotonic()

    def taken(
        connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection
    ) -> None:
        idle_s = time.monotonic() - record.info.get(IDLE_SINCE, time.monotonic())
        if idle_s > PING_AFTER_S and not _alive(engine, connection):
            raise InvalidatePoolError  # the others are as old: the pool connects anew

    event.listen(engine.sync_engine, "checkin", given_back)
    event.listen(engine.sync_engine, "checkout", taken)


def _alive(engine: AsyncEngine, connection: DBAPIConnection) -> bool:
    dialect = engine.sync_engine.dialect
    try:
        return dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        return False
    except RuntimeError as error:
        if CLOSED_TRANSPORT in str(error):
            return False
        raise


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


def is_duplicate_key(error: BaseException) -> bool:
    """A row with this key is there already."""
    return isinstance(error, DBAPIError) and error_code(error) == DUPLICATE_KEY


def is_refused_by_data(error: BaseException) -> bool:
    """The rows themselves are impossible; trying again changes nothing."""
    return isinstance(error, DBAPIError) and error_code(error) in DATA_CODES


async def in_transaction(engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run `work` in one transaction and commit; run it whole again where that is safe.

    Deadlocks, lock time-outs and snapshot conflicts roll everything back. A connection that is
    lost before the commit was sent leaves nothing behind, and is replaced once; one that is
    lost in the commit leaves the outcome unknown. Any other error is raised at once, after a
    rollback.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: what the server or the driver refuses.
        ConnectionResetError: the connection was gone, and so was the next one.
    """
    pause_s = FIRST_PAUSE_S
    may_reconnect = True
    for attempt in range(1, ATTEMPTS + 1):
        committing = False
        try:
            async with engine.connect() as connection, connection.begin() as transaction:
                result = await work(connection)
                committing = True
                await transaction.commit()
            return result
        except DBAPIError as error:
            lost = error.connection_invalidated and not committing and may_reconnect
            if attempt == ATTEMPTS or not (lost or error_code(error) in RETRYABLE_CODES):
                raise
            may_reconnect = may_reconnect and not lost
            log.info("transaction.retried", code=error_code(error), attempt=attempt)
        except RuntimeError as error:
            if CLOSED_TRANSPORT not in str(error):
                raise
            if _is_being_cancelled():  # the driver closes what a cancel interrupts
                raise asyncio.CancelledError from error
            if committing or not may_reconnect or attempt == ATTEMPTS:
                raise ConnectionResetError(str(error)) from error
            may_reconnect = False
            log.info("transaction.retried", code=None, attempt=attempt)
        await asyncio.sleep(pause_s)
        pause_s *= 2
    raise RuntimeError("unreachable: the last attempt returns or raises")


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
