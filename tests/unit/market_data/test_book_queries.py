"""Prices and figures are those of now, or an error: never old ones, and none that are made up."""

from collections.abc import Callable

import msgspec
import pytest

from api.market_payloads import window_figures, window_ticker
from contracts.amounts import Amount
from contracts.message import encode
from contracts.streams import Interval
from contracts.topology import (
    DISPLAY_FRESH_KEY,
    last_price_key,
    order_book_key,
    order_book_meta_key,
    ticker_key,
)
from market_data.book_queries import BestPrices, BookQueries, Depth
from market_data.depth import Best
from market_data.errors import MarketDataUnavailable
from market_data.forming import Timeline
from market_data.intervals import DAY_MS
from market_data.records import RollingFigures, Trade, flat_candle
from market_data.rolling import RollingWindow, rolling_figures
from tests.unit.market_data.fake_redis import FakeRedis

SYMBOL = "BTCUSDT"
NOW_MS = 1_800_000_000_123
PRICE_E8 = 6_000_000_000_000
META = {
    "book_seq": "7",
    "bid_price": "59999.00000000",
    "bid_quantity": "1.00000000",
    "ask_price": "60001.00000000",
    "ask_quantity": "2.00000000",
}
TRADE = Trade(
    symbol=SYMBOL,
    trade_id=41,
    price_e8=PRICE_E8,
    quantity_e8=10**8,
    quote_e8=PRICE_E8,
    at_ms=NOW_MS - DAY_MS // 2,
    buyer_is_maker=False,
)


def figures(at_ms: int) -> RollingFigures:
    """As the projector writes them, after one trade."""
    second = Timeline(Interval.SECOND_1)
    window = RollingWindow(DAY_MS, second)
    second.take(TRADE)
    return rolling_figures(SYMBOL, window.figures(at_ms), TRADE.quantity_e8, Best((0, 0), (0, 0)))


@pytest.fixture
def redis() -> FakeRedis:
    made = FakeRedis()
    made.texts = {
        DISPLAY_FRESH_KEY: "1",
        last_price_key(SYMBOL): "60000.00000000",
        ticker_key(SYMBOL): encode(figures(TRADE.at_ms)).decode(),
    }
    made.hashes = {
        order_book_meta_key(SYMBOL): dict(META),
        order_book_key(SYMBOL, "bids"): {"59999.00000000": "1.00000000"},
        order_book_key(SYMBOL, "asks"): {"60001.00000000": "2.00000000"},
    }
    return made


@pytest.fixture
def queries(redis: FakeRedis) -> BookQueries:
    return BookQueries(redis, lambda: NOW_MS)


async def test_what_is_there(queries: BookQueries) -> None:
    bid, ask = (Amount("59999"), Amount(1)), (Amount("60001"), Amount(2))
    assert await queries.depth(SYMBOL, 5) == Depth(7, (bid,), (ask,))
    assert await queries.best_prices([SYMBOL]) == [BestPrices(SYMBOL, *bid, *ask)]
    assert await queries.last_prices([SYMBOL]) == [Amount("60000")]
    assert await queries.last_prices([]) == await queries.rolling_figures([]) == []


async def test_a_market_without_a_trade_has_no_price(
    redis: FakeRedis, queries: BookQueries
) -> None:
    del redis.texts[last_price_key(SYMBOL)]
    assert await queries.last_price(SYMBOL) is None


def no_longer_fresh(redis: FakeRedis) -> None:
    del redis.texts[DISPLAY_FRESH_KEY]


def flushed(redis: FakeRedis) -> None:
    redis.texts, redis.hashes = {}, {}


def being_written_again(redis: FakeRedis) -> None:
    """Another market is, this one is not yet."""
    redis.texts, redis.hashes = {DISPLAY_FRESH_KEY: "1"}, {}


@pytest.mark.parametrize("happens", [no_longer_fresh, flushed, being_written_again])
async def test_what_may_be_old_or_is_not_there_is_an_error(
    redis: FakeRedis, queries: BookQueries, happens: Callable[[FakeRedis], None]
) -> None:
    happens(redis)
    for ask in (
        queries.depth(SYMBOL, 5),
        queries.best_prices([SYMBOL]),
        queries.last_price(SYMBOL),
        queries.last_prices([SYMBOL]),
        queries.rolling_figures([SYMBOL]),
    ):
        with pytest.raises(MarketDataUnavailable):
            await ask


async def test_the_day_moves_with_the_clock(queries: BookQueries) -> None:
    (found,) = await queries.rolling_figures([SYMBOL])
    assert (found.open_ms, found.close_ms) == (1_800_000_001_000 - DAY_MS, NOW_MS)
    times = {"open_ms": found.open_ms, "close_ms": found.close_ms}
    assert found == msgspec.structs.replace(figures(TRADE.at_ms), **times)


async def test_an_empty_day_says_what_any_empty_window_says(
    redis: FakeRedis, queries: BookQueries
) -> None:
    redis.texts[ticker_key(SYMBOL)] = encode(figures(TRADE.at_ms + DAY_MS + 1_000)).decode()
    (day,) = await queries.rolling_figures([SYMBOL])
    flat = flat_candle(PRICE_E8, day.open_ms, day.close_ms)
    window = window_ticker(window_figures(SYMBOL, flat, day.open_ms, day.close_ms))
    assert window_ticker(day) == window
    assert (window["lastPrice"], window["openPrice"], window["count"]) == (
        "60000.00000000",
        "60000.00000000",
        0,
    )
    assert day.previous_close_e8 == PRICE_E8
