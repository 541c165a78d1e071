"""What everybody may see of one market: the best of its book, and what was traded."""

from collections import deque
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from simulator.market import Market
from simulator.view import Level, Trade

TRADES_KEPT: Final = 1_000


class MarketWatch:
    """The book's best levels and the latest trades."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.bids: Sequence[Level] = ()
        self.asks: Sequence[Level] = ()
        self.last_price: Decimal | None = None
        self._trades: deque[Trade] = deque(maxlen=TRADES_KEPT)

    def show_book(self, book: Mapping[str, Any]) -> None:
        """REST `depth`, or a `<symbol>@depth20` event: best levels first."""
        self.bids, self.asks = (_levels(book[side]) for side in ("bids", "asks"))

    def show_trade(self, row: Mapping[str, Any]) -> None:
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


def _levels(rows: Sequence[Sequence[str]]) -> list[Level]:
    return [Level(Decimal(price), Decimal(quantity)) for price, quantity in rows]
