"""Trades and aggregate trades, from the log's entries. Pure."""

from contracts.matching import TradeEntry, TradeExecuted
from market_data.records import AggregateTrade, Trade


class TradeTape:
    """The trades of one market in order, numbered as clients know them.

    Aggregates count from 1 from the log's beginning, so their ids are a function of the log.
    Time never runs back: an entry that seems earlier than the last one has the last one's time.
    """

    __slots__ = ("aggregates", "last", "symbol")

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.last: Trade | None = None
        self.aggregates = 0

    def restore(self, last: Trade | None, aggregates: int) -> None:
        """Be as another was after this trade."""
        self.last, self.aggregates = last, aggregates

    def take(self, entry: TradeEntry) -> tuple[list[Trade], list[AggregateTrade]]:
        """What this entry's trades of this market add; nothing where they were seen before."""
        last = self.last
        seen = 0 if last is None else last.trade_id
        at_ms = entry.at_ms if last is None else max(entry.at_ms, last.at_ms)
        executed = [t for t in entry.trades if t.symbol == self.symbol and t.trade_id > seen]
        if not executed:
            return [], []
        trades = [_trade(one, at_ms) for one in executed]
        self.last = trades[-1]
        return trades, self._aggregate(executed, at_ms)

    def _aggregate(self, executed: list[TradeExecuted], at_ms: int) -> list[AggregateTrade]:
        """Consecutive trades of one taker at one price are one."""
        aggregates = []
        first = 0
        what = _what_is_one(executed[0])
        for n in range(1, len(executed) + 1):
            if n < len(executed):
                following = _what_is_one(executed[n])
                if following == what:
                    continue
                what = following
            self.aggregates += 1
            aggregates.append(_joined(executed[first:n], self.aggregates, at_ms))
            first = n
        return aggregates


def _trade(executed: TradeExecuted, at_ms: int) -> Trade:
    return Trade(
        symbol=executed.symbol,
        trade_id=executed.trade_id,
        price_e8=executed.price_e8,
        quantity_e8=executed.quantity_e8,
        quote_e8=executed.quote_e8,
        at_ms=at_ms,
        buyer_is_maker=executed.buyer_is_maker,
    )


def _what_is_one(trade: TradeExecuted) -> tuple[int, int]:
    taker = trade.seller_order_id if trade.buyer_is_maker else trade.buyer_order_id
    return trade.price_e8, taker


def _joined(trades: list[TradeExecuted], aggregate_id: int, at_ms: int) -> AggregateTrade:
    return AggregateTrade(
        symbol=trades[0].symbol,
        aggregate_id=aggregate_id,
        price_e8=trades[0].price_e8,
        quantity_e8=sum(trade.quantity_e8 for trade in trades),
        first_id=trades[0].trade_id,
        last_id=trades[-1].trade_id,
        at_ms=at_ms,
        buyer_is_maker=trades[0].buyer_is_maker,
    )
