"""What the gateway asks of market data."""

from collections.abc import Sequence
from typing import Protocol

from contracts.amounts import Amount
from contracts.streams import Interval
from market_data.book_queries import BestPrices
from market_data.records import AggregateTrade, AveragePrice, Candle, RollingFigures, Trade


class DepthView(Protocol):
    """The best levels of a book, best first, as (price, quantity)."""

    @property
    def last_update_id(self) -> int: ...

    @property
    def bids(self) -> Sequence[tuple[Amount, Amount]]: ...

    @property
    def asks(self) -> Sequence[tuple[Amount, Amount]]: ...


class MarketDataQueries(Protocol):
    """What markets show to everybody. Times in ms.

    What is being rebuilt raises `market_data.errors.MarketDataUnavailable`.
    """

    async def depth(self, symbol: str, limit: int) -> DepthView: ...

    async def best_prices(self, symbols: Sequence[str]) -> list[BestPrices]: ...

    async def last_price(self, symbol: str) -> Amount | None:
        """The price of the newest trade, None before the first."""
        ...

    async def last_prices(self, symbols: Sequence[str]) -> list[Amount | None]: ...

    async def rolling_figures(self, symbols: Sequence[str]) -> list[RollingFigures]:
        """Of the last 24 hours."""
        ...

    async def candles(
        self,
        symbol: str,
        interval: Interval,
        *,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
        offset_ms: int = 0,
    ) -> list[Candle]:
        """With `start_ms` the first from there, else the newest, none missing between them; times
        are opening times, both included. `offset_ms` is the time zone that they are cut in."""
        ...

    async def window(self, symbol: str, start_ms: int) -> Candle | None:
        """All trades from the minute of `start_ms` on as one candle, None before the first."""
        ...

    async def average_price(self, symbol: str) -> AveragePrice | None:
        """Of the last five minutes, None before the first trade."""
        ...

    async def trades(self, symbol: str, *, from_id: int | None, limit: int) -> list[Trade]:
        """The first from this id on, or the newest."""
        ...

    async def aggregate_trades(
        self,
        symbol: str,
        *,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
    ) -> list[AggregateTrade]:
        """The first from this id or time on, or the newest."""
        ...
