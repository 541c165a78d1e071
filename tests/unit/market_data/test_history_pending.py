"""What waits to be written: in order, in portions, and bounded however long Redis is away."""

from contracts.streams import Interval
from market_data import history_pending
from market_data.history_pending import MINUTES_MAX, PORTION_CANDLES, Pending, Position
from market_data.intervals import LENGTHS_MS
from market_data.records import Candle, Trade, flat_candle
from market_data.trade_log import TRADES_KEPT

NOTHING = Position()


def minute(n: int) -> Candle:
    length = LENGTHS_MS[Interval.MINUTE_1]
    return flat_candle(1, n * length, (n + 1) * length - 1)


def trade(trade_id: int) -> Trade:
    return Trade(
        symbol="BTCUSDT",
        trade_id=trade_id,
        price_e8=1,
        quantity_e8=1,
        quote_e8=1,
        at_ms=trade_id,
        buyer_is_maker=True,
    )


def test_portions_follow_one_another_without_a_gap() -> None:
    pending = Pending()
    pending.minutes.extend(minute(n) for n in range(2 * PORTION_CANDLES + 1))
    pending.trades.extend(trade(n) for n in range(1, 4))
    position, found, lasts = NOTHING, [], []
    while (portion := pending.portion(position, minutes_only=False)) is not None:
        found += [candle.open_ms for candle in portion.minutes]
        lasts.append(portion.last)
        position = portion.position
    assert found == [minute(n).open_ms for n in range(2 * PORTION_CANDLES + 1)]
    assert lasts == [False, False, True]
    assert (position.trade_id, position.aggregate_id) == (3, -1)


def test_what_was_written_before_is_passed_over() -> None:
    pending = Pending()
    pending.minutes.extend(minute(n) for n in range(5))
    pending.trades.extend(trade(n) for n in range(1, 6))
    position = Position(trade_id=5, minute_ms=minute(3).open_ms)
    portion = pending.portion(position, minutes_only=False)
    assert portion is not None
    assert (portion.minutes, portion.trades) == ([minute(4)], [])


def test_while_the_log_is_replayed_only_minutes_are_handed_out() -> None:
    pending = Pending()
    pending.trades.append(trade(1))
    assert pending.portion(NOTHING, minutes_only=True) is None
    pending.minutes.append(minute(0))
    portion = pending.portion(NOTHING, minutes_only=True)
    assert portion is not None
    assert (portion.minutes, portion.trades, portion.last) == ([minute(0)], [], False)


def test_the_newest_trades_are_kept_and_too_many_minutes_are_noticed() -> None:
    pending = Pending()
    pending.trades.extend(trade(n) for n in range(TRADES_KEPT + 10))
    assert len(pending.trades) == TRADES_KEPT
    assert pending.trades[0].trade_id == 10
    pending.minutes.extend(minute(n) for n in range(MINUTES_MAX))
    assert not pending.too_many
    pending.minutes.append(minute(MINUTES_MAX))
    assert pending.too_many
    assert pending.seconds.maxlen == history_pending.SECONDS_MAX
