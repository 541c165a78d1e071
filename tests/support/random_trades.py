"""Seeded trades of one market, and the naive way to what they add up to."""

import random
from collections.abc import Iterator

from market_data.records import Trade

SYMBOL = "BTCUSDT"
E8 = 10**8


def made(trade_id: int, price_e8: int, quantity_e8: int, at_ms: int, *, maker: bool) -> Trade:
    """A trade; `maker`: the buyer is."""
    return Trade(
        symbol=SYMBOL,
        trade_id=trade_id,
        price_e8=price_e8,
        quantity_e8=quantity_e8,
        quote_e8=price_e8 * quantity_e8 // E8,
        at_ms=at_ms,
        buyer_is_maker=maker,
    )


def random_trades(seed: int, count: int, start_ms: int) -> Iterator[Trade]:
    """Bursts within a second, pauses of seconds, minutes, hours, days and weeks."""
    rng = random.Random(seed)  # noqa: S311 - the same trades each time
    at_ms, price = start_ms, 100_000
    for trade_id in range(1, count + 1):
        longest = rng.choice((0, 0, 300, 5_000, 90_000, 3_600_000, 3 * 86_400_000, 20 * 86_400_000))
        at_ms += rng.randint(0, longest)
        price = max(1, price + rng.randint(-50, 50))
        quantity = rng.randint(1, 10**6) * 1_000
        yield made(trade_id, price * 10**6, quantity, at_ms, maker=rng.random() < 0.5)
