"""What a market trades at, for orders that name no price."""

from api.budgets import NO_PRICE
from api.dependencies import Dependencies
from api.guarded import guarded
from contracts.amounts import Amount
from contracts.instruments import Instrument
from contracts.orders import Side


async def reference_ticks(dependencies: Dependencies, market: Instrument, side: Side) -> int:
    """The last price, or until there is one the best price that the order would meet.

    NO_PRICE where there is neither. Raises Overloaded where nobody can tell.
    """
    price = await last_price(dependencies, market.symbol)
    if price is None:
        price = await _best_opposite(dependencies, market.symbol, side)
    return NO_PRICE if price is None else market.price_ticks(price)


async def last_price(dependencies: Dependencies, symbol: str) -> Amount | None:
    """The price of the newest trade. Raises Overloaded where nobody can tell."""
    return await guarded(
        dependencies.breakers.market_data, dependencies.market_data.last_price, symbol
    )


async def _best_opposite(dependencies: Dependencies, symbol: str, side: Side) -> Amount | None:
    book = await guarded(
        dependencies.breakers.market_data, dependencies.market_data.depth, symbol, 1
    )
    levels = book.asks if side is Side.BUY else book.bids
    return levels[0][0] if levels else None
