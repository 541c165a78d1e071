"""The bands of operators, on the real server: the newest command of the log counts."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import in_transaction
from orders.market_band import MarketBand, MarketBandQueries, apply_bands

pytestmark = pytest.mark.mysql


def band(offset: int, width: int) -> MarketBand:
    return MarketBand(
        log_offset=offset,
        bid_up_ppm=1_000_000 + width,
        bid_down_ppm=1_000_000 - 2 * width,
        ask_up_ppm=1_000_000 + 3 * width,
        ask_down_ppm=1_000_000 - 4 * width,
    )


async def apply(engine: AsyncEngine, **bands: MarketBand) -> dict[str, MarketBand]:
    await in_transaction(engine, lambda c: apply_bands(c, bands))
    return await MarketBandQueries(engine).bands()


async def test_a_band_is_there_until_it_is_restored(orders_engine: AsyncEngine) -> None:
    assert await apply(orders_engine) == {}
    wide, narrow = band(5, 90_000), band(9, 10_000)
    both = {"BTCUSDT": wide, "ETHUSDT": narrow}
    assert await apply(orders_engine, **both) == both
    restored = MarketBand(log_offset=7)
    assert await apply(orders_engine, BTCUSDT=restored) == {"BTCUSDT": restored, "ETHUSDT": narrow}


async def test_what_is_told_again_or_late_changes_nothing(orders_engine: AsyncEngine) -> None:
    narrow = band(5, 10_000)
    await apply(orders_engine, BTCUSDT=narrow)
    for late in (band(5, 20_000), band(4, 20_000), MarketBand(log_offset=4)):
        assert await apply(orders_engine, BTCUSDT=late) == {"BTCUSDT": narrow}
    restored = MarketBand(log_offset=6)
    assert await apply(orders_engine, BTCUSDT=restored) == {"BTCUSDT": restored}
    assert await apply(orders_engine, BTCUSDT=narrow) == {"BTCUSDT": restored}
