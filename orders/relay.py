"""From the engine's events to rows and sagas: what the relay does with each run of records.

An event that a counterparty caused is signalled at once. An own event has gone to the waiting
activity; it is signalled only when the order's saga has not heard of it a second later: a
signal that lands while the first workflow task closes makes Temporal run the whole task again.
The end of a cancelled order is told to its saga a second later, whatever its row says: Temporal
may have dropped the task that cancelled, released and finalized, and with it the saga's memory
that it was asked to. A saga that has ended needs no telling.

Users are told of every change after the commit of its row, beside the sagas. Whoever calls
`take` moves its own position afterwards, so that what a relay that dies has not told is told by
the next one; what it had told comes again.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.mysql import in_transaction
from contracts.instruments import Instrument
from contracts.matching import HaltMarket, OrderBatch
from contracts.orders import OrderState, OrderStatus
from contracts.repetitions import EntryHashes, Repetition, contradiction_halt
from contracts.topology import ORDERS_EVENTS
from contracts.user_events import UserEvent
from orders import projector, repository
from orders.user_event_rows import read_rows
from orders.user_events import Rows, reports

OWN_EVENT_PATIENCE_S: Final = 1.0
MAX_HELD_BACK: Final = 10_000
SIGNALS_AT_ONCE: Final = 32

Signal = Callable[[str, OrderState], Awaitable[None]]
"""Tells the saga with this workflow id; returns where that saga has ended."""

Halt = Callable[[HaltMarket], Awaitable[None]]
"""Puts the command into the engine's log; returns when it is there."""

TellUsers = Callable[[Sequence[UserEvent]], Coroutine[Any, Any, None]]
"""Publishes what users are told; returns when the log has all of it, in this order per user."""


@dataclass(frozen=True)
class HeldBack:
    """An own event, until its saga has had time to hear of it by itself."""

    due: float
    partition: int
    offset: int
    state: OrderState


class Relay:
    """Applies records of `orders.events` and tells sagas. One instance, one task."""

    def __init__(
        self,
        engine: AsyncEngine,
        markets: dict[str, Instrument],
        signal: Signal,
        halt: Halt,
        tell_users: TellUsers,
        *,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._markets = markets
        self._unsettled = {m.symbol for m in markets.values() if not m.settles}
        self._signal = signal
        self._halt = halt
        self._tell_users = tell_users
        self._seen = EntryHashes()
        self._clock_s = clock_s
        self._held_back: deque[HeldBack] = deque()

    async def take(
        self, partition: int, offset: int, next_offset: int, batches: list[OrderBatch]
    ) -> None:
        """Project one partition's records `offset`..`next_offset`, then tell who must know."""
        batches = [
            self._settling(await self._without_contradictions(partition, batch))
            for batch in batches
        ]
        projection = projector.project(batches, self._markets)

        async def apply(connection: AsyncConnection) -> tuple[dict[int, str], Rows]:
            await projector.apply(connection, projection, partition, next_offset)
            owners = await repository.owners(connection, sorted(projection.counterparty))
            return owners, await read_rows(connection, batches)

        owners, rows = await in_transaction(self._engine, apply)
        due = self._clock_s() + OWN_EVENT_PATIENCE_S
        for state in projection.own.values():
            self._held_back.append(HeldBack(due, partition, offset, state))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._signal_all(owners, projection.counterparty))
            group.create_task(self._tell_users(reports(batches, self._markets, rows)))
        if len(self._held_back) > MAX_HELD_BACK:
            await self.tell_unanswered(everything=True)

    async def _without_contradictions(self, partition: int, batch: OrderBatch) -> OrderBatch:
        """What two engines disagree on halts its markets; the first version stands."""
        entries = []
        for entry in batch.entries:
            met = self._seen.meet(partition, entry.offset, entry.hash)
            if met is not Repetition.CONTRADICTION:
                entries.append(entry)
                continue
            named = {event.symbol for event in entry.events} & self._markets.keys()
            ours = {m.symbol for m in self._markets.values() if m.partition == partition}
            for symbol in sorted(named or ours):
                await self._halt(contradiction_halt(ORDERS_EVENTS, partition, entry.offset, symbol))
        return replace(batch, entries=tuple(entries))

    def _settling(self, batch: OrderBatch) -> OrderBatch:
        """Without what happened in markets that nobody's orders, money or sagas are in."""
        return replace(
            batch,
            entries=tuple(
                replace(
                    entry, events=tuple(e for e in entry.events if e.symbol not in self._unsettled)
                )
                for entry in batch.entries
            ),
        )

    async def tell_unanswered(self, *, everything: bool = False) -> None:
        """Signal own events whose patience is over and whose saga may not have heard of them."""
        now = self._clock_s()
        late: dict[int, OrderState] = {}
        while self._held_back and (everything or self._held_back[0].due <= now):
            state = self._held_back.popleft().state
            late[state.order_id] = state
        if not late:
            return
        ended = [i for i, state in late.items() if state.status is OrderStatus.CANCELLED]

        async def ask(connection: AsyncConnection) -> dict[int, str]:
            unheard = await repository.unanswered(connection, sorted(late.keys() - ended))
            return unheard | await repository.owners(connection, ended)

        await self._signal_all(await in_transaction(self._engine, ask), late)

    def safe_offset(self, partition: int, position: int) -> int:
        """Where a restart must begin: before the oldest event that is still held back."""
        held = [h.offset for h in self._held_back if h.partition == partition]
        return min(held, default=position)

    async def _signal_all(self, owners: dict[int, str], states: dict[int, OrderState]) -> None:
        """Different sagas side by side; one saga never has two signals of ours under way."""
        news: dict[str, list[OrderState]] = {}
        for order_id, workflow_id in owners.items():
            news.setdefault(workflow_id, []).append(states[order_id])
        at_once = asyncio.Semaphore(SIGNALS_AT_ONCE)

        async def signal(workflow_id: str) -> None:
            async with at_once:
                for state in news[workflow_id]:
                    await self._signal(workflow_id, state)

        async with asyncio.TaskGroup() as group:
            for workflow_id in news:
                group.create_task(signal(workflow_id))
