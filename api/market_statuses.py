"""Which markets are halted, as the gateway describes them: looked up beside the requests.

An order is refused by the engine, whatever is known here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from contracts.instruments import Instrument

LOOK_EVERY_S: Final = 1.0
TRADING: Final = "TRADING"
HALT: Final = "HALT"
BREAK: Final = "BREAK"

log = structlog.get_logger()


class MarketStatuses:
    """Binance's status of each market, at most a second old while the database answers."""

    def __init__(self, halted: Callable[[], Awaitable[frozenset[str]]] | None = None) -> None:
        self._read = halted
        self.halted: frozenset[str] = frozenset()

    def of(self, instrument: Instrument) -> str:
        """TRADING, HALT, or BREAK where nobody can ever trade."""
        if not instrument.settles:
            return BREAK
        return HALT if instrument.symbol in self.halted else TRADING

    async def look(self) -> None:
        """Read once. A database that is away leaves what was known."""
        if self._read is None:
            return
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                self.halted = await self._read()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("market_statuses.not_read", error=repr(error))

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)
