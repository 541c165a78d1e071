"""Placing an order: the limits that need a look at the world, then the saga, then the answer."""

from collections.abc import Sequence

from api.calls import SignedCall
from api.completed_orders import CompletedOrder
from api.dependencies import correlation_id_of
from api.errors import refused
from api.filters import check_open_orders
from api.guarded import guarded
from api.new_order import NewOrder
from api.order_payloads import placed
from contracts.amounts import ZERO
from contracts.orders import Fill, PlacementAnswer


async def place(call: SignedCall, new: NewOrder) -> dict[str, object]:
    """Run the order's saga and return what the client is told.

    Raises:
        ApiError: refused, or OutcomeUnknown.
    """
    dependencies = call.dependencies
    known = await _answered_before(call, new)
    if known is not None:
        return placed(new, known, known.fills)
    await check_room(call, new)
    await call.count_order()
    answer = await dependencies.sagas.place(
        new.command(
            order_id=dependencies.order_ids.allocate(),
            user_id=call.user_id,
            accepted_at_ms=dependencies.clock_ms(),
            correlation_id=correlation_id_of(call.request),
        )
    )
    if answer.refusal is not None:
        raise refused(answer.refusal)
    await dependencies.completed_orders.remember(
        call.user_id, new.client_order_id, CompletedOrder(answer.order_id, new.body_hash)
    )
    return placed(new, answer, await _fills(call, answer))


async def check_room(call: SignedCall, new: NewOrder) -> None:
    """Raises ApiError where the user has as many open orders in this market as it allows."""
    dependencies = call.dependencies
    count = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.count_open,
        call.user_id,
        new.instrument.symbol,
    )
    check_open_orders(new.instrument, count)


async def _answered_before(call: SignedCall, new: NewOrder) -> PlacementAnswer | None:
    """The order that this very request has made, if that is remembered; else the saga decides."""
    dependencies = call.dependencies
    known = await dependencies.completed_orders.find(call.user_id, new.client_order_id)
    if known is None or known.body_hash != new.body_hash:
        return None
    row = await guarded(
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
    )
    fills = await _fills(call, answer)
    return PlacementAnswer(
        **{name: getattr(answer, name) for name in answer.__struct_fields__ if name != "fills"},
        fills=tuple(fills),
    )


async def _fills(call: SignedCall, answer: PlacementAnswer) -> Sequence[Fill]:
    """The answer's fills. An answer that the engine gave again comes without, so they are read."""
    if answer.fills or answer.filled_quantity == ZERO:
        return answer.fills
    dependencies = call.dependencies
    return await guarded(
        dependencies.breakers.orders, dependencies.orders.fills_of, answer.order_id
    )
