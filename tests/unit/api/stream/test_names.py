"""Which streams there are, and how clients may write them."""

import pytest

from api.stream.names import StreamNames, has_facts

NAMES = StreamNames(("BTCUSDT", "ETHBTC"))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("btcusdt@trade", "btcusdt@trade"),
        ("ethbtc@aggTrade", "ethbtc@aggTrade"),
        ("btcusdt@kline_1M", "btcusdt@kline_1M"),
        ("btcusdt@kline_1d@+08:00", "btcusdt@kline_1d@+08:00"),
        ("btcusdt@depth@100ms", "btcusdt@depth@100ms"),
        ("btcusdt@depth@1000ms", "btcusdt@depth"),
        ("btcusdt@depth5@1000ms", "btcusdt@depth5"),
        ("!miniTicker@arr", "!miniTicker@arr"),
        ("!miniTicker@arr@1000ms", "!miniTicker@arr"),
        ("!ticker@arr@1000ms", "!ticker@arr"),
        ("!ticker_1h@arr", "!ticker_1h@arr"),
        ("!ticker_4h@arr", "!ticker_4h@arr"),
        ("!ticker_1d@arr", "!ticker_1d@arr"),
        ("!ticker_2h@arr", None),
        ("!bookTicker", None),
        ("!miniTicker@arr@3000ms", None),
        ("BTCUSDT@trade", None),
        ("btcusdt@aggtrade", None),
        ("btcusdt@trade@1000ms", None),
        ("btcusdt@depth7", None),
        ("btcusdt@kline_7m", None),
        ("dogeusdt@trade", None),
        ("btcusdt", None),
        ("0", None),
        ("", None),
        ("user:7", None),
    ],
)
def test_resolve(asked: str, name: str | None) -> None:
    assert NAMES.resolve(asked) == name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("btcusdt@trade", "frames:BTCUSDT"),
        ("!ticker@arr", "frames:!"),
        ("!ticker_4h@arr", "frames:!"),
        ("dogeusdt@trade", None),
        ("user:7", None),
    ],
)
def test_where_a_streams_frames_come_from(name: str, key: str | None) -> None:
    assert NAMES.key_of(name) == key


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("btcusdt@trade", True),
        ("btcusdt@depth@100ms", True),
        ("btcusdt@kline_1m", True),
        ("btcusdt@kline_1d@+08:00", True),
        ("!miniTicker@arr", True),
        ("btcusdt@depth5", False),
        ("btcusdt@ticker", False),
        ("btcusdt@bookTicker", False),
    ],
)
def test_which_streams_cannot_be_missed_without_harm(name: str, facts: bool) -> None:
    assert has_facts(name) is facts
