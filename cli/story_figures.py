"""The figures of the demo's story, each read from the public API, the ledger or the workflow."""

import asyncio
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from temporalio.client import Client

from adapters import mysql, temporal
from cli.trader import Trader
from config.settings import Settings
from contracts.amounts import Amount
from contracts.message import decode
from contracts.orders import SagaView
from contracts.topology import WALLET_DATABASE
from contracts.wallet import ReferenceType
from wallet.queries import PostingView, WalletQueries
from workflows.place_order import PlaceOrderWorkflow

SYMBOL: Final = "BTCUSDT"
QUANTITY: Final = Decimal("0.5")
USUAL_PRICE: Final = Decimal(60_000)
BELOW_LIMIT: Final = Decimal(100)  # the buyer's limit is that much above the offer
SETTLED_WITHIN_S: Final = 10.0


class OrderFailed(RuntimeError):
    """The order did not do what the story is about."""


@dataclass(frozen=True)
class Workflow:
    """The order's workflow, as the Temporal server tells it."""

    workflow_id: str
    run_id: str
    status: str
    events: int
    saga: SagaView


async def offer_price(trader: Trader) -> Decimal:
    """A price for the offer that makes it the best ask: inside the spread of a living book."""
    book = await trader.public("depth", symbol=SYMBOL, limit=5)
    bid = Decimal(book["bids"][0][0]) if book["bids"] else None
    ask = Decimal(book["asks"][0][0]) if book["asks"] else None
    if bid is None:
        return USUAL_PRICE if ask is None else min(USUAL_PRICE, ask - Decimal("0.01"))
    if ask is None:
        return max(USUAL_PRICE, bid + Decimal("0.01"))
    return max(bid + Decimal("0.01"), ask - Decimal("0.01"))


async def balances(trader: Trader) -> dict[str, tuple[Amount, Amount]]:
    """Currency → available and reserved."""
    return {
        row["currency"]: (Amount(row["available"]), Amount(row["reserved"]))
        for row in await trader.own("balances")
    }


async def limit_order(trader: Trader, side: str, price: Decimal) -> dict[str, Any]:
    """Place a limit order and return the exchange's full answer."""
    answer: dict[str, Any] = await trader.signed(
        "POST",
        "order",
        symbol=SYMBOL,
        side=side,
        type="LIMIT",
        timeInForce="GTC",
        quantity=str(QUANTITY),
        price=str(price),
    )
    return answer


async def trades(trader: Trader, order_id: int) -> list[dict[str, Any]]:
    """The executions of one order."""
    found: list[dict[str, Any]] = await trader.signed(
        "GET", "myTrades", symbol=SYMBOL, orderId=order_id
    )
    return found


async def ledger_postings(
    settings: Settings, order_id: int, trade_ids: list[int]
) -> list[PostingView]:
    """Every posting of the order: its own, and both sides and the house of its trades.

    Settlement follows the trade by milliseconds; waits for it.
    """
    login = mysql.require_login(settings.mysql.reader, "reader")
    engine = mysql.create_engine(settings.mysql, login, WALLET_DATABASE)
    queries = WalletQueries(engine)
    try:
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while True:
            own = await queries.postings_of_order(order_id)
            settled = [
                await queries.postings_of(ReferenceType.TRADE, f"{SYMBOL}:{trade_id}")
                for trade_id in trade_ids
            ]
            if all(settled):
                break
            if time.monotonic() > deadline:
                raise OrderFailed(f"its trades were not settled within {SETTLED_WITHIN_S} s")
            await asyncio.sleep(0.05)
    finally:
        await engine.dispose()
    rows = {row.posting_id: row for group in (own, *settled) for row in group}
    return [rows[key] for key in sorted(rows)]


async def workflow(settings: Settings, order_id: int) -> Workflow:
    """Find the order's workflow by its OrderId, as ops would, and read its history."""
    client = await temporal.connect(settings.temporal)
    workflow_id, run_id = await _find(client, order_id)
    handle = client.get_workflow_handle(workflow_id, run_id=run_id)
    history = await handle.fetch_history()
    described = await handle.describe()
    view = await handle.query(PlaceOrderWorkflow.saga)
    return Workflow(
        workflow_id=workflow_id,
        run_id=run_id,
        status=described.status.name if described.status else "UNKNOWN",
        events=len(history.events),
        saga=view if isinstance(view, SagaView) else decode(view, SagaView),
    )


async def _find(client: Client, order_id: int) -> tuple[str, str]:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while time.monotonic() < deadline:
        async for found in client.list_workflows(f'OrderId = "{order_id}"'):
            if found.run_id is not None:
                return found.id, found.run_id
        await asyncio.sleep(0.1)
    raise OrderFailed(f'no workflow is found by OrderId = "{order_id}"')
