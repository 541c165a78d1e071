"""Filters: read from what the gateway publishes, obeyed by every price and quantity."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exchange_info import symbol_info
from api.filters import check_price, check_quantity
from config.markets import load_markets
from simulator.market import Market, UnusableMarket, read_market
from tests.unit.simulator.views import BTCUSDT

MARKETS = load_markets()


def as_published(symbol: str) -> Market:
    """Through the gateway's own description: amounts arrive as text."""
    info = symbol_info(MARKETS[symbol], "TRADING")
    filters = [{k: str(v) for k, v in row.items()} for row in info["filters"]]
    return read_market({**info, "filters": filters})


@pytest.mark.parametrize("symbol", MARKETS)
def test_every_market_of_this_exchange_can_be_read(symbol: str) -> None:
    found, facts = as_published(symbol), MARKETS[symbol]
    assert (found.base, found.quote) == (facts.base, facts.quote)
    assert (found.tick, found.lot, found.min_notional) == (
        facts.tick,
        facts.lot,
        facts.min_notional,
    )
    assert (found.bid_down, found.bid_up) == (Decimal("0.2"), Decimal("1.1"))


@given(
    st.sampled_from(sorted(MARKETS)),
    st.decimals("0.00001", 2_000_000, places=7),
    st.decimals(0, 20_000, places=8),
)
def test_what_it_makes_of_any_wish_passes_the_gateways_filters(
    symbol: str, price: Decimal, quantity: Decimal
) -> None:
    found, facts = as_published(symbol), MARKETS[symbol]
    prices = (found.price_below(price), found.price_above(price), found.nearest_price(price))
    assert prices[0] <= prices[2] <= prices[1]
    for allowed in prices:
        check_price(facts, allowed)
        lots = found.quantity(quantity, allowed)
        if lots:
            check_quantity(facts, lots)
            assert facts.min_notional <= lots * allowed <= facts.max_notional
            assert lots <= quantity


def test_less_than_the_market_takes_is_nothing() -> None:
    assert BTCUSDT.quantity(Decimal("0.00008"), Decimal(60_000)) == 0
    assert BTCUSDT.quantity(Decimal("0.00009"), Decimal(60_000)) == Decimal("0.00009")
    assert BTCUSDT.quantity(Decimal("0.000009"), Decimal(1_000_000)) == 0


@pytest.mark.parametrize(
    ("side", "price", "allowed"),
    [
        ("BUY", "66000", True),
        ("BUY", "66000.01", False),
        ("BUY", "11999.99", False),
        ("SELL", "54000", True),
        ("SELL", "53999.99", False),
        ("SELL", "300000.01", False),
    ],
)
def test_the_band_is_measured_from_the_last_price(side: str, price: str, allowed: bool) -> None:
    assert BTCUSDT.allows(side, Decimal(price), Decimal(60_000)) is allowed
    assert BTCUSDT.allows(side, Decimal(price), None)


def test_a_market_without_its_filters_is_refused() -> None:
    info = {"symbol": "X", "baseAsset": "A", "quoteAsset": "B", "filters": []}
    with pytest.raises(UnusableMarket, match="X has no filter 'PRICE_FILTER'"):
        read_market(info)
