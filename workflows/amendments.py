"""The amendments of one order: asked for, carried out one after the other, answered."""

from collections.abc import Awaitable, Callable
from typing import Final

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from contracts.orders import AmendAnswer, AmendRequest, OrderState, PlaceOrder
    from workflows import order_messages, steps
    from workflows.saga_log import SagaLog

REMEMBERED: Final = 100  # answers, for whoever asks again


class Amendments:
    """`held_lots` is the quantity that funds are held for."""

    def __init__(self, held_lots: int) -> None:
        self.held_lots = held_lots
        self._waiting: list[AmendRequest] = []
        self._answers: dict[str, AmendAnswer] = {}

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def ask(self, request: AmendRequest) -> None:
        """Note a wish; `carry_out` sees to it."""
        self._waiting.append(request)

    def answer(self, request: AmendRequest) -> AmendAnswer | None:
        """What came of a wish, None before it was carried out."""
        return self._answers.get(str(request.amend_id))

    async def carry_out(
        self, order: PlaceOrder, log: SagaLog, learn: Callable[[OrderState], Awaitable[None]]
    ) -> None:
        """Reduce the order in the engine as the first wish says, give back what it no longer
        needs, and let the saga `learn` the engine's word before the answer is told."""
        request = self._waiting[0]
        amendment = await steps.amend(order, request)
        if amendment.state is not None and amendment.refusal is None:
            freed = order_messages.reduce_reservation(order, request, self.held_lots)
            if freed is not None:
                await steps.reduce(freed)
                self.held_lots = request.new_quantity_lots
                log.step("amended", f"{request.new_quantity} left, {freed.amount} released")
            await learn(amendment.state)
        self._waiting.pop(0)
        if len(self._answers) >= REMEMBERED:
            del self._answers[next(iter(self._answers))]
        self._answers[str(request.amend_id)] = AmendAnswer(
            order_id=order.order_id, state=amendment.state, refusal=amendment.refusal
        )
