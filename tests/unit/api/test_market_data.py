"""What the routes ask of market data, and how they write what it answers."""

import httpx
import pytest

from contracts.streams import Interval
from tests.unit.api.conftest import NOW_MS, House

API = "/api/v3/"
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


async def get(client: httpx.AsyncClient, path: str, **headers: str) -> object:
    answer = await client.get(API + path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_trades(client: httpx.AsyncClient, house: House) -> None:
    row = {
        "id": 28457,
        "price": "60000.00000000",
        "qty": "0.25000000",
        "quoteQty": "15000.00000000",
        "time": 1_799_999_990_000,
        "isBuyerMaker": True,
        "isBestMatch": True,
    }
    assert await get(client, "trades?symbol=BTCUSDT") == [row]
    assert await get(client, "historicalTrades?symbol=BTCUSDT&fromId=7&limit=9999") == [row]
    assert house.market_data.asked == [(None, 500), (7, 1000)]


async def test_aggregate_trades_by_time_in_either_unit(
    client: httpx.AsyncClient, house: House
) -> None:
    path = "aggTrades?symbol=BTCUSDT&startTime=1799999990000000&endTime=1799999990000"
    assert await get(client, path) == [
        {
            "a": 26129,
            "p": "60000.00000000",
            "q": "0.25000000",
            "f": 28456,
            "l": 28457,
            "T": 1_799_999_990_000,
            "m": True,
            "M": True,
        }
    ]
    assert house.market_data.asked == [(None, 1_799_999_990_000, 1_799_999_990_000, 500)]


@pytest.mark.parametrize("path", ["klines", "uiKlines"])
async def test_candles(client: httpx.AsyncClient, house: House, path: str) -> None:
    assert await get(client, f"{path}?symbol=BTCUSDT&interval=1M&startTime=0&limit=1") == [
        [
            1_799_999_940_000,
            "60000.00000000",
            "61000.00000000",
            "59000.00000000",
            "59500.00000000",
            "1.50000000",
            1_799_999_999_999,
            "90000.00000000",
            3,
            "1.00000000",
            "60000.00000000",
            "0",
        ]
    ]
    assert house.market_data.asked == [(Interval.MONTH_1, 0, None, 1, 0)]


@pytest.mark.parametrize(
    ("zone", "offset_ms"),
    [
        ("0", 0),
        ("8", 8 * HOUR_MS),
        ("-1:00", -HOUR_MS),
        ("05:45", 345 * 60_000),
        ("%2B08:00", 8 * HOUR_MS),
        ("+08:00", 8 * HOUR_MS),
        ("-12:00", -12 * HOUR_MS),
        ("14", 14 * HOUR_MS),
    ],
)
async def test_time_zones(
    client: httpx.AsyncClient, house: House, zone: str, offset_ms: int
) -> None:
    await get(client, f"klines?symbol=BTCUSDT&interval=1d&timeZone={zone}")
    assert house.market_data.asked == [(Interval.DAY_1, None, None, 500, offset_ms)]


async def test_the_average_price_is_by_volume(client: httpx.AsyncClient) -> None:
    assert await get(client, "avgPrice?symbol=BTCUSDT") == {
        "mins": 5,
        "price": "60000.00000000",
        "closeTime": 1_799_999_990_000,
    }


FIGURES = {
    "symbol": "BTCUSDT",
    "openPrice": "60000.00000000",
    "highPrice": "61000.00000000",
    "lowPrice": "59000.00000000",
    "lastPrice": "59500.00000000",
    "volume": "1.50000000",
    "quoteVolume": "90000.00000000",
    "firstId": 28455,
    "lastId": 28457,
    "count": 3,
}
CHANGE = {
    "priceChange": "-500.00000000",
    "priceChangePercent": "-0.833",
    "weightedAvgPrice": "60000.00000000",
}
DAY = {"openTime": NOW_MS - DAY_MS, "closeTime": NOW_MS}


async def test_the_day_in_full_and_in_short(client: httpx.AsyncClient) -> None:
    full = {
        **FIGURES,
        **CHANGE,
        **DAY,
        "prevClosePrice": "60100.00000000",
        "lastQty": "0.25000000",
        "bidPrice": "60000.00000000",
        "bidQty": "0.50000000",
        "askPrice": "60001.00000000",
        "askQty": "1.00000000",
    }
    assert await get(client, "ticker/24hr?symbol=BTCUSDT") == full
    assert await get(client, "ticker/24hr?symbol=BTCUSDT&type=MINI") == FIGURES | DAY
    assert await get(client, 'ticker/24hr?symbols=["BTCUSDT"]&symbolStatus=TRADING') == [full]
    assert await get(client, "ticker/24hr?symbolStatus=HALT") == []
    rows = await get(client, "ticker/24hr")
    assert isinstance(rows, list)
    assert [row["symbol"] for row in rows] == ["BTCUSDT", "ETHUSDT", "ETHBTC"]


@pytest.mark.parametrize(
    ("size", "open_ms"),
    [
        ("", NOW_MS - DAY_MS),
        ("&windowSize=1m", NOW_MS - 60_000),
        ("&windowSize=23h", NOW_MS - 23 * HOUR_MS),
        ("&windowSize=7d", NOW_MS - 7 * DAY_MS),
    ],
)
async def test_windows_begin_on_a_minute(
    client: httpx.AsyncClient, house: House, size: str, open_ms: int
) -> None:
    house.now_ms += 59_999
    expected = {**FIGURES, **CHANGE, "openTime": open_ms, "closeTime": NOW_MS + 59_999}
    assert await get(client, f"ticker?symbol=BTCUSDT{size}") == expected
    assert house.market_data.asked == [open_ms]


async def test_a_window_without_any_trade_is_zero(client: httpx.AsyncClient, house: House) -> None:
    house.market_data.traded = []
    found = await get(client, "ticker?symbol=BTCUSDT")
    assert isinstance(found, dict)
    assert (found["lastPrice"], found["priceChangePercent"]) == ("0.00000000", "0.000")
    assert (found["firstId"], found["count"]) == (-1, 0)


async def test_the_trading_day_follows_the_time_zone(client: httpx.AsyncClient) -> None:
    midnight = NOW_MS // DAY_MS * DAY_MS
    assert midnight == NOW_MS - 8 * HOUR_MS
    for zone, open_ms in (("0", midnight), ("-8", NOW_MS), ("9", NOW_MS - 17 * HOUR_MS)):
        found = await get(client, f'ticker/tradingDay?symbols=["BTCUSDT"]&timeZone={zone}')
        day = {"openTime": open_ms, "closeTime": open_ms + DAY_MS - 1}
        assert found == [{**FIGURES, **CHANGE, **day}]


async def test_last_and_best_prices(client: httpx.AsyncClient, house: House) -> None:
    assert await get(client, "ticker/price?symbol=BTCUSDT") == {
        "symbol": "BTCUSDT",
        "price": "60000.00000000",
    }
    assert await get(client, "ticker/bookTicker?symbol=BTCUSDT") == {
        "symbol": "BTCUSDT",
        "bidPrice": "60000.00000000",
        "bidQty": "0.50000000",
        "askPrice": "60001.00000000",
        "askQty": "1.00000000",
    }
    house.market_data.last = None
    prices = await get(client, "ticker/price")
    assert isinstance(prices, list)
    assert [row["price"] for row in prices] == ["0.00000000"] * 3


async def test_price_bands_and_what_they_are_measured_from(client: httpx.AsyncClient) -> None:
    assert await get(client, "executionRules?symbol=BTCUSDT") == {
        "symbolRules": [
            {
                "symbol": "BTCUSDT",
                "rules": [
                    {
                        "ruleType": "PRICE_RANGE",
                        "bidLimitMultUp": "1.10000000",
                        "bidLimitMultDown": "0.20000000",
                        "askLimitMultUp": "5.00000000",
                        "askLimitMultDown": "0.90000000",
                    }
                ],
            }
        ]
    }
    assert await get(client, "referencePrice?symbol=BTCUSDT") == {
        "symbol": "BTCUSDT",
        "referencePrice": "60000.00000000",
        "timestamp": 1_799_999_990_000,
    }


@pytest.mark.parametrize("unit", ["MICROSECOND", "microsecond"])
async def test_times_are_told_in_microseconds_to_who_asks_for_them(
    client: httpx.AsyncClient, unit: str
) -> None:
    header = {"X-MBX-TIME-UNIT": unit}
    micro = 1_799_999_990_000_000
    assert await get(client, "time", **header) == {"serverTime": NOW_MS * 1000}
    (trade,) = await get(client, "trades?symbol=BTCUSDT", **header)  # type: ignore[misc]
    assert (trade["time"], trade["price"]) == (micro, "60000.00000000")
    (aggregate,) = await get(client, "aggTrades?symbol=BTCUSDT", **header)  # type: ignore[misc]
    assert aggregate["T"] == micro
    (candle,) = await get(client, "klines?symbol=BTCUSDT&interval=1m", **header)  # type: ignore[misc]
    assert (candle[0], candle[6]) == (1_799_999_940_000_000, 1_799_999_999_999_999)
    assert await get(client, "time") == {"serverTime": NOW_MS}  # and to nobody else
