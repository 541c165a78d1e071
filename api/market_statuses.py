"""Which markets are halted, as the gateway describes them: looked up beside the requests.

An order is refused by the engine, whatever is known here.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from api.looking import keep_looking, read_rows
from contracts.instruments import Instrument

TRADING: Final = "TRADING"
HALT: Final = "HALT"
BREAK: Final = "BREAK"


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
        found = await read_rows("market_statuses", self._read)
        if found is not None:
            self.halted = found

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        await keep_looking(self.look)
