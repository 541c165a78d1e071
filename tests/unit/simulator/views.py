"""Views of a market as agents see them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from simulator.market import Market, read_market
from simulator.view import Balance, Level, OwnOrder, Trade, View

BTCUSDT = read_market(
    {
        "symbol": "BTCUSDT",
        "baseAsset": "BTC",
        "quoteAsset": "USDT",
        "filters": [
            {
                "filterType": "PRICE_FILTER",
                "minPrice": "0.01",
                "maxPrice": "1000000",
                "tickSize": "0.01",
            },
            {
                "filterType": "LOT_SIZE",
                "minQty": "0.00001",
                "maxQty": "9000",
                "stepSize": "0.00001",
            },
            {"filterType": "NOTIONAL", "minNotional": "5", "maxNotional": "9000000"},
            {
                "filterType": "PERCENT_PRICE_BY_SIDE",
                "bidMultiplierUp": "1.1",
                "bidMultiplierDown": "0.2",
                "askMultiplierUp": "5",
                "askMultiplierDown": "0.9",
            },
        ],
    }
)
START = Decimal(60_000)


def view(
    *,
    market: Market = BTCUSDT,
    bid: str | None = None,
    ask: str | None = None,
    trades: Sequence[Trade] = (),
    orders: Sequence[OwnOrder] = (),
    base: str = "10",
    quote: str = "1000000",
    last_price: str | None = None,
    reference: str | None = None,
) -> View:
    """One level a side at the most, and these means."""
    return View(
        market=market,
        start_price=START,
        bids=[Level(Decimal(bid), Decimal(1))] if bid else (),
        asks=[Level(Decimal(ask), Decimal(1))] if ask else (),
        trades=trades,
        orders=orders,
        base=Balance(Decimal(base)),
        quote=Balance(Decimal(quote)),
        last_price=Decimal(last_price) if last_price else None,
        reference=Decimal(reference) if reference else None,
    )


def two_sided(**changes: object) -> View:
    """59,990 to 60,010, last traded at 60,000."""
    return replace(view(bid="59990", ask="60010", last_price="60000"), **changes)


def trade(number: int, price: str, quantity: str = "1") -> Trade:
    """Somebody bought."""
    return Trade(number, Decimal(price), Decimal(quantity), buyer_takes=True)


def resting(name: str, side: str, price: str, remaining: str = "0.1") -> OwnOrder:
    """An order of the agent's own."""
    return OwnOrder(name, side, Decimal(price), Decimal(remaining))
