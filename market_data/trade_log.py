"""A market's newest trades and aggregate trades, as bounded streams in Redis.

An entry's id is `<trade id>-<time in ms>`: it is found by either, as both rise together.
"""

from collections.abc import Sequence
from typing import Final

from market_data.records import AggregateTrade, Trade

TRADES_KEPT: Final = 100_000  # a market, and as many aggregate trades
_FIELD: Final = "t"

APPEND: Final = """
for i = 2, #ARGV, 2 do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], ARGV[i], 't', ARGV[i + 1])
end
"""


def trade_entries(trades: Sequence[Trade]) -> list[str | int]:
    """What APPEND takes behind the key."""
    entries: list[str | int] = [TRADES_KEPT]
    for trade in trades:
        maker = int(trade.buyer_is_maker)
        entries += (
            f"{trade.trade_id}-{trade.at_ms}",
            f"{trade.price_e8} {trade.quantity_e8} {trade.quote_e8} {maker}",
        )
    return entries


def aggregate_entries(aggregates: Sequence[AggregateTrade]) -> list[str | int]:
    """The same for aggregate trades."""
    entries: list[str | int] = [TRADES_KEPT]
    for trade in aggregates:
        maker = int(trade.buyer_is_maker)
        entries += (
            f"{trade.aggregate_id}-{trade.at_ms}",
            f"{trade.price_e8} {trade.quantity_e8} {trade.first_id} {trade.last_id} {maker}",
        )
    return entries


def trade_from(symbol: str, entry: tuple[str, dict[str, str]]) -> Trade:
    """A stream's entry as the trade it is."""
    trade_id, at_ms = map(int, entry[0].split("-"))
    price_e8, quantity_e8, quote_e8, maker = map(int, entry[1][_FIELD].split())
    return Trade(
        symbol=symbol,
        trade_id=trade_id,
        price_e8=price_e8,
        quantity_e8=quantity_e8,
        quote_e8=quote_e8,
        at_ms=at_ms,
        buyer_is_maker=bool(maker),
    )


def aggregate_from(symbol: str, entry: tuple[str, dict[str, str]]) -> AggregateTrade:
    """A stream's entry as the aggregate trade it is."""
    aggregate_id, at_ms = map(int, entry[0].split("-"))
    price_e8, quantity_e8, first_id, last_id, maker = map(int, entry[1][_FIELD].split())
    return AggregateTrade(
        symbol=symbol,
        aggregate_id=aggregate_id,
        price_e8=price_e8,
        quantity_e8=quantity_e8,
        first_id=first_id,
        last_id=last_id,
        at_ms=at_ms,
        buyer_is_maker=bool(maker),
    )
