"""One order makes at most 500 matches."""

import asyncio

import pytest

from tests.e2e.outcomes.actor import Actor
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MAKERS = 6
ORDERS_EACH = 84  # the exchange takes 100 of one user in ten seconds
AT_ONCE = 4


async def _rest(maker: Actor) -> None:
    """84 asks of 0.003 ETH, a few at a time."""
    for start in range(0, ORDERS_EACH, AT_ONCE):
        count = min(AT_ONCE, ORDERS_EACH - start)
        await asyncio.gather(*(maker.sells("0.003", "2000") for _ in range(count)))


@pytest.mark.parametrize("type", ["LIMIT", "MARKET"])
async def test_row_50_more_than_500_makers(stage: Stage, type: str) -> None:
    await asyncio.gather(*(_rest(maker) for maker in await stage.guests(MAKERS)))
    await stage.shows("asks", ("2000", "1.512"))
    limited = {"price": "2000", "timeInForce": "GTC"} if type == "LIMIT" else {}
    taker = await stage.me.places("BUY", type, quantity="1.512", **limited)
    fills = [("2000", "0.003", "0.000003")] * 500
    await taker.stands("EXPIRED", "1.5", "3000", "TOO_MANY_MATCHES", fills)
    await stage.me.owns(usdt="97000", eth="101.4985")
    await stage.shows("asks", ("2000", "0.012"))
    assert await stage.me.open_ids() == []
