"""What a database error means for the wallet: data that can never be written, or a bad moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from adapters.mysql import is_refused_by_data

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0

log = structlog.get_logger()
T = TypeVar("T")


def is_bad_moment(error: BaseException) -> bool:
    """The database is away, busy or restarting: hold the work and try again."""
    if isinstance(error, OSError | TimeoutError | PoolTimeout):
        return True
    return (
        isinstance(error, OperationalError | InterfaceError | InternalError)
        and not is_refused_by_data(error)
    ) or (isinstance(error, DBAPIError) and error.connection_invalidated)


async def until_done(what: str, attempt: Callable[[], Awaitable[T]]) -> T:
    """Try until it works or fails for good; waits 0.1 to 2 s between tries.

    Raises:
        Exception: whatever `attempt` raises that is not a bad moment of the database.
    """
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await attempt()
        except Exception as error:
            if not is_bad_moment(error):
                raise
            log.warning("wallet.database_away", work=what, error=repr(error), pause_s=pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
