"""Depth as the gateway asks for it: a book that is not there yet is no failure of Redis."""

from api.errors import Overloaded
from api.ports import DepthView
from contracts.amounts import Amount
from market_data.errors import DepthUnavailable
from market_data.queries import MarketDataQueries


class DepthQueries:
    """Answers from the display copies."""

    def __init__(self, queries: MarketDataQueries) -> None:
        self._queries = queries

    async def depth(self, symbol: str, limit: int) -> DepthView:
        """The best levels. Raises Overloaded while the copy is being rebuilt."""
        try:
            return await self._queries.depth(symbol, limit)
        except DepthUnavailable as error:
            raise Overloaded from error

    async def last_price(self, symbol: str) -> Amount | None:
        """The price of the newest trade, None before the first."""
        return await self._queries.last_price(symbol)
