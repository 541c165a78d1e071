"""The short way back: an order's answer from the saga worker in this process to its request.

Where the gateway runs sagas itself, an order's first workflow task runs here as well, and the
steps that settle what the client is told pass through this process. Whoever asked is told at
once, before the task has gone back to Temporal. That promises no more than the long way does:
the saga's start is durable by then, and every step has the same answer however often it is
repeated, so a worker that dies now is followed by one that comes to the same answer.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from activities.ports import OrdersPort
from contracts.orders import (
    FinalizeOrder,
    OrderState,
    PlacementAnswer,
    PlaceOrder,
    PlaceOrderList,
)
from contracts.registration import ListRegistration, Registration, Report
from workflows import order_messages


class Answers:
    """Who waits in this process, by order id."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[PlaceOrder, asyncio.Future[PlacementAnswer]]] = {}

    @contextmanager
    def expected(self, order: PlaceOrder) -> Iterator[asyncio.Future[PlacementAnswer]]:
        """A future that this order's answer resolves, for as long as the block runs."""
        answer: asyncio.Future[PlacementAnswer] = asyncio.get_running_loop().create_future()
        self._waiting[order.order_id] = (order, answer)
        try:
            yield answer
        finally:
            del self._waiting[order.order_id]

    def registered(self, order: PlaceOrder, registration: Registration) -> None:
        """The request had been answered before, or its client order id is another's."""
        if registration.answer is not None:
            self._tell(order.order_id, registration.answer)

    def reported(self, report: Report) -> None:
        """The engine's first answer is in the order's row."""
        waiting = self._waiting.get(report.state.order_id)
        if waiting is not None:
            answer = order_messages.placement_answer(waiting[0], report.state, report.fills)
            self._tell(report.state.order_id, answer)

    def finalized(self, command: FinalizeOrder) -> None:
        """The order has ended without having been open: refused, and undone."""
        waiting = self._waiting.get(command.order_id)
        if waiting is not None:
            answer = order_messages.placement_answer(waiting[0], command.state, (), command.refusal)
            self._tell(command.order_id, answer)

    def _tell(self, order_id: int, answer: PlacementAnswer) -> None:
        waiting = self._waiting.get(order_id)
        if waiting is not None and not waiting[1].done():
            waiting[1].set_result(answer)


class AnsweringOrders:
    """The order management system, as the sagas of this process see it: it tells who waits."""

    def __init__(self, orders: OrdersPort, answers: Answers) -> None:
        self._orders = orders
        self._answers = answers

    async def register(self, order: PlaceOrder) -> Registration:
        registration = await self._orders.register(order)
        self._answers.registered(order, registration)
        return registration

    async def register_list(self, order_list: PlaceOrderList) -> ListRegistration:
        return await self._orders.register_list(order_list)

    async def record(self, report: Report) -> None:
        await self._orders.record(report)
        self._answers.reported(report)

    async def read_state(self, order_id: int) -> OrderState | None:
        return await self._orders.read_state(order_id)

    async def finalize(self, command: FinalizeOrder) -> None:
        await self._orders.finalize(command)
        self._answers.finalized(command)
