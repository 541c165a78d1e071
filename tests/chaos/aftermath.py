"""R7, from the client's side: what was acknowledged exists once, what was refused never was."""

from decimal import Decimal
from typing import Any

import httpx

from reconciliation.reconcile import Reconciliation
from reconciliation.sources import Sources
from tests.chaos.flow import NO_SUCH_ORDER, SYMBOL, Flow, Request, Told, query
from tests.support.ledger_checks import every_trade, require_own_money, require_reconciled
from tests.support.trader import Trader


async def require_nothing_lost(flow: Flow, sources: Sources) -> Reconciliation:
    """Wait for rest, ask again for what is unknown, then compare every answer with what is there.

    Returns the reconciliation, which has no break.
    """
    found = await require_reconciled(sources)
    await flow.ask_again()
    traders = {r.trader.user_id: r.trader for r in flow.requests}
    for trader in traders.values():
        orders = await _all_orders(trader)
        mine = [r for r in flow.requests if r.trader is trader]
        for request in mine:
            _require_as_told(request, orders)
        await _require_not_there([r for r in mine if r.told is not Told.DONE])
        assert await _filled(trader) == {
            i: Decimal(o["executedQty"]) for i, o in orders.items() if Decimal(o["executedQty"])
        }
        await require_own_money(trader, SYMBOL)
    return found


async def _all_orders(trader: Trader) -> dict[int, dict[str, Any]]:
    listed = await trader.ask("allOrders", symbol=SYMBOL, orderId=0, limit=1000)
    assert isinstance(listed, list)
    assert len(listed) < 1000, "the page is full: some orders are not looked at"
    orders = {order["orderId"]: order for order in listed}
    assert len({o["clientOrderId"] for o in listed}) == len(listed) == len(orders)
    return orders


def _require_as_told(request: Request, orders: dict[int, dict[str, Any]]) -> None:
    if request.told is not Told.DONE:
        return
    order = orders.get(request.answer["orderId"])
    assert order is not None, f"acknowledged and lost: {request}"
    assert order["clientOrderId"] == request.client_order_id
    assert Decimal(order["origQty"]) == Decimal(request.quantity)
    assert Decimal(order["price"]) == Decimal(request.price)
    assert Decimal(order["executedQty"]) >= Decimal(request.answer["executedQty"])
    if request.cancel_told is Told.DONE:
        assert order["status"] == "CANCELED", f"cancelled, and {order['status']}: {request}"
    if request.cancel_told is Told.REFUSED:
        assert order["status"] in {"FILLED", "CANCELED"}


async def _require_not_there(requests: list[Request]) -> None:
    for request in requests:
        assert request.told in {Told.REFUSED, Told.OVERLOADED, Told.UNKNOWN}
        answer = await query(request)
        assert answer.status_code == httpx.codes.BAD_REQUEST, answer.text
        assert answer.json()["code"] == NO_SUCH_ORDER


async def _filled(trader: Trader) -> dict[int, Decimal]:
    """Order id → the sum of its executions, each counted once."""
    sums: dict[int, Decimal] = {}
    trades = await every_trade(trader, SYMBOL)
    assert len({(t["id"], t["orderId"]) for t in trades}) == len(trades)
    for trade in trades:
        sums[trade["orderId"]] = sums.get(trade["orderId"], Decimal(0)) + Decimal(trade["qty"])
    return sums
