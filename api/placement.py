"""Placing an order: the limits that need a look at the world, then the saga, then the answer."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final

import msgspec

from api.budgets import budget_of
from api.calls import SignedCall
from api.completed_orders import CompletedOrder, key_of
from api.dependencies import correlation_id_of
from api.errors import bad_request, refused
from api.filters import check_counts
from api.guarded import guarded, guarded_afterwards
from api.in_flight import together
from api.new_order import Budget, NewOrder
from api.order_payloads import placed
from api.reference_price import reference_ticks
from contracts.amounts import ZERO
from contracts.order_views import OpenCounts
from contracts.orders import Fill, OrderType, PlacementAnswer

NONE: Final = OpenCounts()
GOOD_TILL_AHEAD_MIN_MS: Final = 1_000
GOOD_TILL_AHEAD_MAX_MS: Final = 365 * 86_400_000


async def place(call: SignedCall, new: NewOrder) -> dict[str, object]:
    """Run the order's saga and return what the client is told.

    Raises:
        ApiError: refused, or OutcomeUnknown.
    """
    remembered = await call.admit_orders(1, key_of(call.user_id, new.client_order_id))
    if remembered is not None:
        known = await _answered_before(call, new, CompletedOrder.read(remembered))
        if known is not None:
            return placed(new, known, known.fills)
    with in_flight(call, new.instrument.symbol, new.counts) as before:
        return await submit(call, new, await check_new(call, new, before))


async def check_new(call: SignedCall, new: NewOrder, before: OpenCounts = NONE) -> Budget:
    """What the order may cost. `before` are the user's orders that are on their way to be open.

    Raises:
        ApiError: its date is out of range, the user has as many open orders in this market as
            it allows, or a market order meets no price or too small a value.
    """
    check_good_till_date(new, call.dependencies.clock_ms())
    market = new.instrument
    if new.order_type is not OrderType.MARKET:
        check_counts(market, await open_counts(call, market.symbol, before), new.counts)
        return budget_of(new)
    counts, reference = await asyncio.gather(
        open_counts(call, market.symbol, before),
        reference_ticks(call.dependencies, market, new.side),
    )
    check_counts(market, counts, new.counts)
    return budget_of(new, reference)


async def submit(call: SignedCall, new: NewOrder, budget: Budget) -> dict[str, object]:
    """Ask the saga, and remember its answer. Raises ApiError: refused, or OutcomeUnknown."""
    dependencies = call.dependencies
    answer = await dependencies.sagas.place(
        new.command(
            budget,
            order_id=dependencies.order_ids.allocate(),
            user_id=call.user_id,
            accepted_at_ms=dependencies.clock_ms(),
            correlation_id=correlation_id_of(call.request),
        )
    )
    if answer.refusal is not None:
        raise refused(answer.refusal)
    completed = CompletedOrder(answer.order_id, new.body_hash)
    await asyncio.gather(
        dependencies.completed_orders.remember(call.user_id, new.client_order_id, completed),
        *([call.uncount_order()] if answer.filled_quantity > ZERO else ()),
    )
    return placed(new, answer, await fills_of(call, answer))


def in_flight(
    call: SignedCall, symbol: str, counts: OpenCounts
) -> AbstractContextManager[OpenCounts]:
    """Count the orders as the user's while they are placed; given are those that came before."""
    return call.dependencies.in_flight.adding(call.user_id, symbol, counts)


async def open_counts(call: SignedCall, symbol: str, before: OpenCounts) -> OpenCounts:
    """How many orders the user has open in one market, with those that are about to be."""
    dependencies = call.dependencies
    now = await guarded(
        dependencies.breakers.orders, dependencies.orders.open_counts, call.user_id, symbol
    )
    return together(now, before)


def check_good_till_date(new: NewOrder, now_ms: int) -> None:
    """Raises ApiError where the date is too near for the engine to read it in time, or so far
    that it bounds nothing."""
    if new.expires_at_ms == 0:
        return
    ahead_ms = new.expires_at_ms - now_ms
    if not GOOD_TILL_AHEAD_MIN_MS <= ahead_ms <= GOOD_TILL_AHEAD_MAX_MS:
        raise bad_request(
            -1130,
            "Data sent for parameter 'goodTillDate' is not valid: it must be at least one second"
            " and at most one year ahead.",
        )


async def _answered_before(
    call: SignedCall, new: NewOrder, known: CompletedOrder
) -> PlacementAnswer | None:
    """The order that this very request has made; None where the saga must decide.

    Raises:
        OutcomeUnknown: it cannot be read.
    """
    dependencies = call.dependencies
    if known.body_hash != new.body_hash:
        return None
    row = await guarded_afterwards(
        dependencies.breakers.orders,
        dependencies.orders.order,
        call.user_id,
        new.instrument.symbol,
        order_id=known.order_id,
    )
    if row is None:
        return None
    answer = PlacementAnswer(
        order_id=row.order_id,
        client_order_id=row.client_order_id,
        status=row.status,
        filled_quantity=row.filled_quantity,
        filled_quote=row.filled_quote,
        transact_time_ms=row.working_at_ms or row.created_at_ms,
        repeated=True,
        working=row.working_at_ms > 0 or not row.order_type.conditional,
        expiry=row.expiry,
    )
    return msgspec.structs.replace(answer, fills=tuple(await fills_of(call, answer)))


async def fills_of(call: SignedCall, answer: PlacementAnswer) -> Sequence[Fill]:
    """The answer's fills. An answer that the engine gave again comes without, so they are read.

    Raises:
        OutcomeUnknown: they cannot be read, though the order was placed.
    """
    if answer.fills or answer.filled_quantity == ZERO:
        return answer.fills
    dependencies = call.dependencies
    return await guarded_afterwards(
        dependencies.breakers.orders, dependencies.orders.fills_of, answer.order_id
    )
