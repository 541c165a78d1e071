"""Which markets are halted, on the real server: the newest command of the log counts."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import in_transaction
from orders.market_status import MarketStatusQueries, apply_statuses

pytestmark = pytest.mark.mysql


async def apply(engine: AsyncEngine, **statuses: tuple[bool, int]) -> frozenset[str]:
    await in_transaction(engine, lambda c: apply_statuses(c, statuses))
    return await MarketStatusQueries(engine).halted()


async def test_a_halt_is_there_until_it_is_resumed(orders_engine: AsyncEngine) -> None:
    assert await apply(orders_engine) == frozenset()
    assert await apply(orders_engine, BTCUSDT=(True, 5), ETHUSDT=(True, 9)) == {
        "BTCUSDT",
        "ETHUSDT",
    }
    assert await apply(orders_engine, BTCUSDT=(False, 7)) == {"ETHUSDT"}


async def test_what_is_told_again_or_late_changes_nothing(orders_engine: AsyncEngine) -> None:
    await apply(orders_engine, BTCUSDT=(True, 5))
    assert await apply(orders_engine, BTCUSDT=(False, 5)) == {"BTCUSDT"}
    assert await apply(orders_engine, BTCUSDT=(False, 4)) == {"BTCUSDT"}
    assert await apply(orders_engine, BTCUSDT=(False, 6)) == frozenset()
    assert await apply(orders_engine, BTCUSDT=(True, 5)) == frozenset()
