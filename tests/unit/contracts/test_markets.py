"""markets.toml: what it may say, and which contradictions are refused."""

from pathlib import Path

import pytest

from config.markets import InvalidMarkets, currencies, load_markets

GOOD = """
[[markets]]
symbol = "BTCUSDT"
base = "BTC"
quote = "USDT"
partition = 3
tick = "0.01"
lot = "0.00001"
min_price = "0.01"
max_price = "1000000.00"
min_quantity = "0.00001"
max_quantity = "9000.00000"
min_notional = "5"
max_notional = "9000000"
maker_fee_ppm = 1000
taker_fee_ppm = 1000
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "markets.toml"


def test_markets_stand_in_the_order_of_the_file(file: Path) -> None:
    file.write_text(GOOD.replace("BTCUSDT", "ZZZUSDT") + GOOD)

    assert list(load_markets(file)) == ["ZZZUSDT", "BTCUSDT"]


@pytest.mark.parametrize(
    ("true", "changed"),
    [
        pytest.param('tick = "0.01"', 'tick = "0.0001"', id="tick × lot not exact"),
        pytest.param('lot = "0.00001"', 'lot = "0"', id="no lot"),
        pytest.param('min_price = "0.01"', 'min_price = "0.015"', id="price off the tick"),
        pytest.param('max_quantity = "9000.00000"', 'max_quantity = "1.000001"', id="off the lot"),
        pytest.param("partition = 3", "partition = 10", id="partition beyond the last"),
        pytest.param("partition = 3", "partition = -1", id="partition below the first"),
        pytest.param('tick = "0.01"', 'tick = "1E-2"', id="exponent"),
        pytest.param('tick = "0.01"', 'tick = "0.000000001"', id="nine decimals"),
        pytest.param("maker_fee_ppm = 1000", "maker_fee_ppm = 0.1", id="fee not whole"),
        pytest.param('base = "BTC"\n', "", id="no base"),
        pytest.param('base = "BTC"\n', 'base = "BTC"\nbase_asset = "BTC"\n', id="unknown word"),
    ],
)
def test_contradiction_is_refused(file: Path, true: str, changed: str) -> None:
    assert true in GOOD
    file.write_text(GOOD.replace(true, changed))

    with pytest.raises(InvalidMarkets, match="BTCUSDT"):
        load_markets(file)


def test_symbol_that_stands_twice_is_refused(file: Path) -> None:
    file.write_text(GOOD + GOOD)

    with pytest.raises(InvalidMarkets, match="stands twice"):
        load_markets(file)


def test_shipped_markets_are_sound_and_name_their_currencies() -> None:
    assert currencies(load_markets()) == ("BTC", "ETH", "USDT")
