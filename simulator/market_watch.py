"""What everybody may see of one market, looked at again and again."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from simulator.api import Api, ApiRefused
from simulator.market import Market
from simulator.pauses import Pauses
from simulator.view import Level, Trade

DEPTH: Final = 20
TRADES_KEPT: Final = 1_000


class MarketWatch:
    """The book's best levels and the latest trades."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.bids: Sequence[Level] = ()
        self.asks: Sequence[Level] = ()
        self.last_price: Decimal | None = None
        self._trades: deque[Trade] = deque(maxlen=TRADES_KEPT)

    def show_book(self, book: dict[str, Any]) -> None:
        """REST `depth`, or a `<symbol>@depth20` event: best levels first."""
        self.bids, self.asks = (_levels(book[side]) for side in ("bids", "asks"))

    def show_trade(self, row: dict[str, Any]) -> None:
        """An element of REST `aggTrades`, or an `aggTrade` event. One seen before is ignored."""
        trade = Trade(int(row["a"]), Decimal(row["p"]), Decimal(row["q"]), not row["m"])
        if trade.trade_id > self.last_trade_id:
            self._trades.append(trade)
            self.last_price = trade.price

    @property
    def last_trade_id(self) -> int:
        """-1 before the first."""
        return self._trades[-1].trade_id if self._trades else -1

    def trades_since(self, trade_id: int) -> list[Trade]:
        """Those with a later id, oldest first."""
        return [trade for trade in self._trades if trade.trade_id > trade_id]


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
        self.seen_at_s = self._clock_s()


def _levels(rows: Sequence[Sequence[str]]) -> list[Level]:
    return [Level(Decimal(price), Decimal(quantity)) for price, quantity in rows]
