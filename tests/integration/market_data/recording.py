"""Trades on their way to a history, as the recorder hands them on."""

from collections.abc import Sequence
from random import Random

from contracts.streams import Interval
from market_data.history import HistoryWriter
from market_data.records import AggregateTrade, Candle, Trade, candle_of

SYMBOL = "BTCUSDT"
MINUTE_MS = 60_000
FRESH_MS = 600_000  # longer than a test on a busy machine
START_MS = 1_675_036_799_500  # half a second before a Monday in UTC, two days before a month


class Recording:
    """Closes candles as trades pass their ends, and tells of the open ones."""

    def __init__(self, writer: HistoryWriter) -> None:
        self.writer = writer
        self._open: dict[Interval, list[Trade]] = {Interval.MINUTE_1: [], Interval.SECOND_1: []}

    def hold(self, trades: Sequence[Trade]) -> None:
        """Go on from these: they are written, and only their last candles are still open."""
        for interval, held in self._open.items():
            held += [one for one in trades if _opens(interval, one) == _opens(interval, trades[-1])]

    def take(self, trades: Sequence[Trade]) -> None:
        for trade in trades:
            self.writer.take([trade], [aggregate_of(trade)])
            for interval, held in self._open.items():
                if held and _opens(interval, held[0]) != _opens(interval, trade):
                    self.writer.close(SYMBOL, interval, _candle(interval, held))
                    held.clear()
                held.append(trade)
        minute, second = self._open.items()
        self.writer.form(SYMBOL, _candle(*minute), _candle(*second))

    async def replay(self, trades: Sequence[Trade], flushed_every: int = 500) -> None:
        """All of them from the beginning, as after a restart."""
        await self.writer.begin()
        for n in range(0, len(trades), flushed_every):
            self.take(trades[n : n + flushed_every])
            await self.writer.flush()
        await self.writer.complete()
        await self.writer.keep_fresh(FRESH_MS)

    async def follow(self, trades: Sequence[Trade]) -> None:
        self.take(trades)
        await self.writer.flush()


def _opens(interval: Interval, trade: Trade) -> int:
    length = MINUTE_MS if interval is Interval.MINUTE_1 else 1_000
    return trade.at_ms // length * length


def _candle(interval: Interval, held: list[Trade]) -> Candle:
    length = MINUTE_MS if interval is Interval.MINUTE_1 else 1_000
    opens = _opens(interval, held[0])
    return candle_of(held, opens, opens + length - 1)


def aggregate_of(trade: Trade) -> AggregateTrade:
    return AggregateTrade(
        symbol=trade.symbol,
        aggregate_id=trade.trade_id,
        price_e8=trade.price_e8,
        quantity_e8=trade.quantity_e8,
        first_id=trade.trade_id,
        last_id=trade.trade_id,
        at_ms=trade.at_ms,
        buyer_is_maker=trade.buyer_is_maker,
    )


def seeded_trades(seed: int, count: int) -> list[Trade]:
    """Bursts, quiet hours and quiet days; the last 40 within an hour."""
    random = Random(seed)  # noqa: S311
    at_ms, price_e8, trades = START_MS, 6_000_000_000_000, []
    for n in range(count):
        gap_ms = random.choice((0, 1, 400, 30_000, 90_000, 90_000, 4_000_000, 20_000_000))
        if random.random() < 0.004:
            gap_ms = 200_000_000
        at_ms += min(gap_ms, 90_000) if n > count - 40 else gap_ms
        price_e8 += random.randrange(-500, 501) * 1_000_000
        quantity_e8 = random.randrange(1, 90_000) * 1_000
        trades.append(
            Trade(
                symbol=SYMBOL,
                trade_id=n + 1,
                price_e8=price_e8,
                quantity_e8=quantity_e8,
                quote_e8=price_e8 * quantity_e8 // 10**8,
                at_ms=at_ms,
                buyer_is_maker=random.random() < 0.5,
            )
        )
    return trades


TRADES = seeded_trades(7, 300)
LATELY = 39  # trades that a history of seconds still knows
NOW_MS = TRADES[-1].at_ms + 150_000
PATIENCE_S = 10.0
