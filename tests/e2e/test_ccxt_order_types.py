"""Unmodified ccxt places every type of order, and reads back what it placed."""

from typing import Any

import ccxt
import pytest
from ccxt.async_support import binance

from reconciliation.sources import Sources
from tests.e2e.conftest import SYMBOL, NewClient, NewTrader
from tests.support.ledger_checks import require_own_money, require_reconciled
from tests.support.waits import until

PAIR = "ETH/BTC"

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def _market(new_trader: NewTrader, ccxt_of: NewClient) -> tuple[binance, binance]:
    """A client under test and one that stands against it; the last price is 0.05."""
    mine, others = ccxt_of(await new_trader()), ccxt_of(await new_trader())
    await others.create_order(PAIR, "limit", "sell", 1, 0.05)
    await others.create_order(PAIR, "limit", "buy", 1, 0.05)
    return mine, others


async def _reads_back(client: binance, order: dict[str, Any], **facts: object) -> None:
    """What a query tells agrees with what ccxt was told, and with these facts."""
    fetched = await client.fetch_order(order["id"], PAIR)
    for name in ("id", "clientOrderId", "status", "filled", "amount", "side", "type", "price"):
        assert fetched[name] == order[name], name
    assert {name: fetched[name] for name in facts} == facts


async def test_market_orders_by_quantity_and_by_cost(
    new_trader: NewTrader, ccxt_of: NewClient
) -> None:
    mine, others = await _market(new_trader, ccxt_of)
    await others.create_order(PAIR, "limit", "sell", 3, 0.05)
    bought = await mine.create_order(PAIR, "market", "buy", 2)
    assert (bought["status"], bought["filled"], bought["cost"]) == ("closed", 2, 0.1)
    await _reads_back(mine, bought, type="market", average=0.05)
    by_cost = await mine.create_market_buy_order_with_cost(PAIR, 0.025)
    assert (by_cost["status"], by_cost["filled"], by_cost["cost"]) == ("closed", 0.5, 0.025)
    await _reads_back(mine, by_cost, type="market")
    short = await mine.create_order(PAIR, "market", "buy", 2)
    assert (short["status"], short["filled"]) == ("expired", 0.5)
    await _reads_back(mine, short, remaining=1.5)


@pytest.mark.parametrize(
    ("terms", "status", "filled"), [("IOC", "expired", 1), ("FOK", "expired", 0)]
)
async def test_limit_orders_that_do_not_rest(
    new_trader: NewTrader, ccxt_of: NewClient, terms: str, status: str, filled: float
) -> None:
    mine, others = await _market(new_trader, ccxt_of)
    await others.create_order(PAIR, "limit", "sell", 1, 0.05)
    order = await mine.create_order(PAIR, "limit", "buy", 2, 0.051, {"timeInForce": terms})
    assert (order["status"], order["filled"]) == (status, filled)
    await _reads_back(mine, order, timeInForce=terms, type="limit")


async def test_post_only(new_trader: NewTrader, ccxt_of: NewClient) -> None:
    mine, others = await _market(new_trader, ccxt_of)
    await others.create_order(PAIR, "limit", "sell", 1, 0.051)
    order = await mine.create_order(PAIR, "limit", "buy", 1, 0.05, {"postOnly": True})
    # ccxt is told no more than the id: Binance acknowledges a LIMIT_MAKER.
    fetched = await mine.fetch_order(order["id"], PAIR)
    assert (fetched["status"], fetched["postOnly"], fetched["amount"]) == ("open", True, 1)
    with pytest.raises(ccxt.OrderImmediatelyFillable):
        await mine.create_order(PAIR, "limit", "buy", 1, 0.051, {"postOnly": True})


CONDITIONAL: dict[str, tuple[str, float, dict[str, float]]] = {
    "stop_loss_limit": ("sell", 0.047, {"stopLossPrice": 0.048}),
    "take_profit_limit": ("sell", 0.053, {"takeProfitPrice": 0.052}),
}


@pytest.mark.parametrize("type", CONDITIONAL)
async def test_conditional_limit_orders(
    new_trader: NewTrader, ccxt_of: NewClient, type: str
) -> None:
    side, price, trigger = CONDITIONAL[type]
    mine, others = await _market(new_trader, ccxt_of)
    order = await mine.create_order(PAIR, "limit", side, 1, price, trigger)
    (stop_price,) = trigger.values()
    fetched = await mine.fetch_order(order["id"], PAIR)
    assert fetched["info"]["type"] == type.upper()  # ccxt's own word for it is "limit"
    assert (fetched["status"], fetched["type"], fetched["price"]) == ("open", "limit", price)
    assert (fetched["triggerPrice"], fetched["filled"]) == (stop_price, 0)
    assert [o["id"] for o in await mine.fetch_open_orders(PAIR)] == [order["id"]]

    if type == "stop_loss_limit":
        await others.create_order(PAIR, "limit", "buy", 1, price)
    await others.create_order(PAIR, "limit", "sell", 0.5, stop_price)
    await others.create_order(PAIR, "limit", "buy", 0.5, stop_price)
    if type == "take_profit_limit":
        await others.create_order(PAIR, "limit", "buy", 1, price)

    async def closed() -> bool:
        return bool((await mine.fetch_order(order["id"], PAIR))["status"] == "closed")

    await until(closed, "the triggered order is filled")
    filled = await mine.fetch_order(order["id"], PAIR)
    assert (filled["filled"], filled["average"]) == (1, price)


async def test_conditional_order_of_the_other_side_is_refused(
    new_trader: NewTrader, ccxt_of: NewClient
) -> None:
    mine, _ = await _market(new_trader, ccxt_of)
    with pytest.raises(ccxt.OrderImmediatelyFillable):
        await mine.create_order(PAIR, "limit", "sell", 1, 0.047, {"stopLossPrice": 0.051})


async def test_cancel_all_orders(
    new_trader: NewTrader, ccxt_of: NewClient, sources: Sources
) -> None:
    trader = await new_trader()
    client = ccxt_of(trader)
    placed = [await client.create_order(PAIR, "limit", "buy", 1, p) for p in (0.04, 0.041, 0.042)]
    cancelled = await client.cancel_all_orders(PAIR)
    assert {o["id"] for o in cancelled} == {o["id"] for o in placed}
    assert {o["status"] for o in cancelled} == {"canceled"}
    assert await client.fetch_open_orders(PAIR) == []
    balance = await client.fetch_balance()
    assert (balance["BTC"]["free"], balance["BTC"]["used"]) == (100, 0)
    with pytest.raises(ccxt.OrderNotFound):
        await client.cancel_all_orders(PAIR)
    await require_own_money(trader, SYMBOL)
    await require_reconciled(sources)


async def test_edit_order_is_a_cancel_replace(
    new_trader: NewTrader, ccxt_of: NewClient, sources: Sources
) -> None:
    trader = await new_trader()
    client = ccxt_of(trader)
    old = await client.create_order(PAIR, "limit", "buy", 1, 0.04)
    new = await client.edit_order(old["id"], PAIR, "limit", "buy", 2, 0.041)
    assert new["id"] != old["id"]
    assert (new["status"], new["amount"], new["price"]) == ("open", 2, 0.041)
    await _reads_back(client, new)
    assert (await client.fetch_order(old["id"], PAIR))["status"] == "canceled"
    assert [o["id"] for o in await client.fetch_open_orders(PAIR)] == [new["id"]]
    with pytest.raises(ccxt.BaseError, match="-2011"):
        await client.edit_order(old["id"], PAIR, "limit", "buy", 2, 0.041)
    assert [o["id"] for o in await client.fetch_open_orders(PAIR)] == [new["id"]]
    await require_own_money(trader, SYMBOL)
    await require_reconciled(sources)
