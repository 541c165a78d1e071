"""The log holds as many trades as were asked for, over the time that was asked for."""

from bench.trade_log import LEVELS, TradeLog
from config.markets import BENCH_PATH, load_markets

(MARKET,) = load_markets(BENCH_PATH).values()
FIRST_MS, LAST_MS = 1_800_000_000_000, 1_800_086_400_000


def test_every_trade_is_there_and_the_book_has_depth() -> None:
    log = TradeLog(MARKET, count=90, first_ms=FIRST_MS, last_ms=LAST_MS)
    outcomes = list(log.outcomes())
    traded = [outcome for outcome in outcomes if outcome.trades]
    assert [len(outcome.trades) for outcome in traded] == [1] * 90
    assert (traded[0].at_ms, traded[-1].at_ms) == (FIRST_MS, LAST_MS)
    assert log.trade_id == 90
    assert log.book_seq == sum(outcome.update is not None for outcome in outcomes)
    book = log.engine.markets[MARKET.symbol].book
    assert (len(book.bids.levels), len(book.asks.levels)) == (LEVELS, LEVELS)


def test_the_same_seed_is_the_same_log() -> None:
    one, other = (
        [
            outcome.trades
            for outcome in TradeLog(
                MARKET, count=40, first_ms=FIRST_MS, last_ms=LAST_MS, seed=seed
            ).outcomes()
        ]
        for seed in (7, 7)
    )
    assert one == other
