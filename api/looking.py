"""Rows that the gateway reads again and again beside the requests, so that none waits for them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

LOOK_EVERY_S: Final = 1.0

T = TypeVar("T")

log = structlog.get_logger()


async def read_rows(what: str, read: Callable[[], Awaitable[T]]) -> T | None:
    """Read once. None from a database that is away, or too slow to be waited for."""
    try:
        async with asyncio.timeout(LOOK_EVERY_S):
            return await read()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning(f"{what}.not_read", error=repr(error))
        return None


async def keep_looking(look: Callable[[], Awaitable[None]]) -> None:
    """Look again and again, until cancelled."""
    while True:
        await look()
        await asyncio.sleep(LOOK_EVERY_S)
