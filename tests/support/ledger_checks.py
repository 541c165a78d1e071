"""What every fault test ends with: the exchange comes to rest, and all of its parts agree."""

from decimal import Decimal
from typing import Any

from config.markets import load_markets
from contracts.instruments import MILLION, Instrument
from reconciliation.reconcile import Reconciliation, reconcile
from reconciliation.sources import Sources
from tests.support.trader import Trader

QUIET_LIMIT_S = 40.0
MARKETS = load_markets(bench=True)


async def require_reconciled(sources: Sources, patience_s: float = QUIET_LIMIT_S) -> Reconciliation:
    """Wait until nothing is in flight; fails with every break by name."""
    found = await reconcile(sources.look, MARKETS, patience_s=patience_s, until_quiet=True)
    assert found.sound, "\n".join(f"{b.rule}: {b.subject}: {b.detail}" for b in found.breaks[:40])
    return found


async def require_own_money(trader: Trader, symbol: str) -> None:
    """Deposits and the trades that the trader can see make the balances that it sees.

    Nothing of the exchange's own books is asked: this is the sum that a customer would do.
    """
    market = MARKETS[symbol]
    total = dict(trader.deposits)
    for trade in await every_trade(trader, symbol):
        sign = 1 if trade["isBuyer"] else -1
        for currency, amount in (
            (market.base, sign * Decimal(trade["qty"])),
            (market.quote, -sign * Decimal(trade["quoteQty"])),
            (trade["commissionAsset"], -Decimal(trade["commission"])),
        ):
            total[currency] = total.get(currency, Decimal(0)) + amount
    locked: dict[str, Decimal] = {}
    for orders in _sharing_money(await open_orders(trader, symbol)):
        currency = market.quote if orders[0]["side"] == "BUY" else market.base
        need = max(_need(order, market) for order in orders)
        locked[currency] = locked.get(currency, Decimal(0)) + need
    expected = {
        c: (t - locked.get(c, Decimal(0)), locked.get(c, Decimal(0))) for c, t in total.items()
    }
    assert await trader.balances() == {c: both for c, both in expected.items() if any(both)}


def _sharing_money(orders: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Each order by itself, but the legs of one list together."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for order in orders:
        in_list = order["orderListId"] != -1
        key = ("list", order["orderListId"]) if in_list else ("order", order["orderId"])
        found.setdefault(key, []).append(order)
    return list(found.values())


def _need(order: dict[str, Any], market: Instrument) -> Decimal:
    remaining = Decimal(order["origQty"]) - Decimal(order["executedQty"])
    if order["side"] == "SELL":
        return remaining
    price = Decimal(order["price"])
    if not price:  # it may take any price in the band around its stop price
        highest = Decimal(order["stopPrice"]) * market.bid_up_ppm / MILLION
        price = highest - highest % market.tick
    return remaining * price


async def every_trade(trader: Trader, symbol: str) -> list[dict[str, Any]]:
    """All of the trader's executions, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        start = found[-1]["id"] + 1 if found else 0
        page = await trader.ask("myTrades", symbol=symbol, fromId=start, limit=1000)
        assert isinstance(page, list)
        found += page
        if len(page) < 1000:
            return found


async def open_orders(trader: Trader, symbol: str) -> list[dict[str, Any]]:
    """The trader's orders that may still trade."""
    found = await trader.ask("openOrders", symbol=symbol)
    assert isinstance(found, list)
    return found
