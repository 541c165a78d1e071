"""What each destination stands for, and what a client is told of others."""

import pytest

from api.stream.destinations import (
    Book,
    Destination,
    Market,
    UnknownDestination,
    UserQueue,
    parse_destination,
)

SYMBOLS = ("BTCUSDT", "ETHBTC")


@pytest.mark.parametrize(
    ("text", "destination"),
    [
        ("/topic/ticker/BTCUSDT", Market("btcusdt@ticker")),
        ("/topic/trades/ETHBTC", Market("ethbtc@trade")),
        ("/topic/orderbook/BTCUSDT", Book("BTCUSDT", "btcusdt@depth@100ms")),
        ("/topic/kline/BTCUSDT/1m", Market("btcusdt@kline_1m")),
        ("/topic/kline/BTCUSDT/1M", Market("btcusdt@kline_1M")),
        ("/topic/miniTickers", Market("!miniTicker@arr")),
        ("/topic/pulse", Market("!pulse")),
        ("/user/queue/orders", UserQueue(frozenset({"executionReport", "listStatus"}))),
        (
            "/user/queue/balances",
            UserQueue(frozenset({"outboundAccountPosition", "balanceUpdate"})),
        ),
    ],
)
def test_destinations(text: str, destination: Destination) -> None:
    assert parse_destination(text, SYMBOLS) == destination


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("/topic/ticker/DOGEUSDT", "Symbols are BTCUSDT, ETHBTC"),
        ("/topic/ticker/btcusdt", "Symbols are BTCUSDT, ETHBTC, in capitals"),
        ("/topic/kline/BTCUSDT/2m", "Intervals are 1s, 1m,"),
        ("/topic/kline/BTCUSDT", "/topic/kline/{symbol}/{interval}"),
        ("/topic/ticker", "/topic/ticker/{symbol}"),
        ("/topic/ticker/", "Symbols are"),
        ("/topic/ticker/BTCUSDT/", "Destinations are"),
        ("topic/ticker/BTCUSDT", "Destinations are"),
        ("/user/queue/secrets", "/user/queue/orders"),
        ("/user/2/queue/orders", "/user/queue/orders"),
        ("/queue/orders", "Destinations are"),
        ("", "Destinations are"),
    ],
)
def test_unknown_destinations(text: str, advice: str) -> None:
    with pytest.raises(UnknownDestination) as refusal:
        parse_destination(text, SYMBOLS)
    assert advice in str(refusal.value)
