"""Where the facts are read: two databases, the engine, its topics, the workflows. Reads only."""

from dataclasses import dataclass
from typing import Final

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from contracts.message import decode
from contracts.topology import ORDERS_EVENTS
from matching.open_orders import OpenOrders
from orders import soundness as orders_soundness
from orders.event_offsets import offsets
from reconciliation.event_logs import EventLogs
from reconciliation.facts import BookFacts, Facts, LedgerFacts, OrdersFacts
from wallet import log_position, soundness

RUNNING_SAGAS: Final = (
    "WorkflowType IN ('PlaceOrderWorkflow', 'PlaceOrderListWorkflow')"
    " AND ExecutionStatus = 'Running'"
)


@dataclass(frozen=True)
class Sources:
    """The connections. The logins can only read."""

    wallet: AsyncEngine
    orders: AsyncEngine
    logs: EventLogs
    matching: httpx.AsyncClient
    temporal: Client

    async def look(self) -> Facts:
        """Read everything once, the log last: what it ends with, nobody can be ahead of."""
        book = await _book(self.matching)
        ledger = await _ledger(self.wallet)
        orders = await _orders(self.orders)
        sagas = await _running_sagas(self.temporal)
        log = await self.logs.read()
        return Facts(ledger=ledger, orders=orders, book=book, log=log, running_sagas=sagas)


async def _book(matching: httpx.AsyncClient) -> BookFacts:
    answer = await matching.get("/open-orders")
    answer.raise_for_status()
    found: OpenOrders = decode(answer.content, OpenOrders)
    return BookFacts(orders=found.orders, next_offsets=found.next_offsets)


async def _ledger(engine: AsyncEngine) -> LedgerFacts:
    async with soundness.snapshot(engine) as connection:
        return LedgerFacts(
            currency_sums=await soundness.currency_sums(connection),
            unbalanced_transfers=await soundness.unbalanced_transfers(connection),
            drifted_balances=await soundness.drifted_balances(connection),
            negative_balances=await soundness.negative_balances(connection),
            drifted_reservations=await soundness.drifted_reservations(connection),
            parked_trades=await soundness.parked_trades(connection),
            reservations=await soundness.open_reservations(connection),
            settled=await soundness.settled_lines(connection),
            positions=await log_position.read_positions(connection),
            unpublished=await soundness.unpublished_events(connection),
        )


async def _orders(engine: AsyncEngine) -> OrdersFacts:
    async with soundness.snapshot(engine) as connection:
        return OrdersFacts(
            orders={o.order_id: o for o in await orders_soundness.all_orders(connection)},
            fills=await orders_soundness.all_fills(connection),
            contested_client_ids=await orders_soundness.contested_client_ids(connection),
            positions=await offsets(connection, ORDERS_EVENTS),
            unpublished=await orders_soundness.unpublished_events(connection),
        )


async def _running_sagas(client: Client) -> dict[int, str]:
    found = {}
    async for workflow in client.list_workflows(RUNNING_SAGAS):
        for pair in workflow.typed_search_attributes:
            if pair.key.name == "OrderId":
                found[int(str(pair.value))] = workflow.id
    return found
