"""Market watches kept current by REST: the way in where there are no streams."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from simulator.api import Api, ApiRefused
from simulator.market_watch import TRADES_KEPT, MarketWatch
from simulator.pauses import Pauses

DEPTH: Final = 20


class PolledFeed:
    """Keeps watches current by REST: two requests a market and look, of weight 5 and 4."""

    def __init__(
        self, api: Api, watches: Sequence[MarketWatch], every_s: float, clock_s: Callable[[], float]
    ) -> None:
        self._api = api
        self._watches = watches
        self._every_s = every_s
        self._clock_s = clock_s
        self.seen_at_s: float | None = None

    async def run(self) -> None:
        """Look until cancelled; an exchange that does not answer is looked at less often."""
        pauses = Pauses()
        while True:
            try:
                await self.look()
                pauses.forget()
                await asyncio.sleep(self._every_s)
            except ApiRefused as refused:
                await asyncio.sleep(pauses.after(refused))

    async def look(self) -> None:
        """Look at every market once. Raises ApiRefused."""
        for watch in self._watches:
            symbol = watch.market.symbol
            watch.show_book(await self._api.public("depth", symbol=symbol, limit=DEPTH))
            seen = watch.last_trade_id
            since = {"limit": 1} if seen < 0 else {"fromId": seen + 1, "limit": TRADES_KEPT}
            for row in await self._api.public("aggTrades", symbol=symbol, **since):
                watch.show_trade(row)
        self.saw()

    def saw(self) -> None:
        """The markets were seen just now, in whichever way."""
        self.seen_at_s = self._clock_s()
