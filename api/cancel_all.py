"""Cancelling every order of a user in one market: one command of the engine, then the answer.

The engine takes all of them off the book at once. Their sagas give the money back a moment
later; the answer waits for that, so that what was reserved can be used again at once.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from api.calls import SignedCall
from api.errors import Overloaded, cancel_rejected
from api.guarded import guarded, guarded_afterwards
from api.list_payloads import cancelled_list
from api.new_order import new_client_order_id
from api.order_payloads import cancelled
from contracts.order_views import OrderView
from contracts.orders import CancelAllRequest, CancelAnswer, OrderState
from contracts.topology import market_command_id

WAIT_S: Final = 2.0
POLL_S: Final = 0.02


async def cancel_all(call: SignedCall, symbol: str, request_id: str) -> list[dict[str, object]]:
    """Cancel all open orders of one market. An order that closes by itself meanwhile is left out.

    `request_id` makes the command the same when the very same request comes again.

    Raises:
        ApiError: -2011 where none is open, or OutcomeUnknown.
    """
    dependencies = call.dependencies
    known = await guarded(
        dependencies.breakers.orders, dependencies.orders.open_orders, call.user_id, symbol
    )
    if not known:
        raise cancel_rejected()
    answer = await dependencies.sagas.cancel_all(
        CancelAllRequest(
            command_id=market_command_id(symbol, f"cancel-all:{call.user_id}:{request_id}"),
            user_id=call.user_id,
            symbol=symbol,
            requested_at_ms=dependencies.clock_ms(),
        )
    )
    if not answer.states:
        raise cancel_rejected()
    await wait_until_finalized(call, [state.order_id for state in answer.states])
    rows = {row.order_id: row for row in known}
    for state in answer.states:
        if state.order_id not in rows:  # it came in between
            row = await guarded_afterwards(
                dependencies.breakers.orders,
                dependencies.orders.any_order,
                call.user_id,
                state.order_id,
            )
            if row is not None:
                rows[row.order_id] = row
    return _payloads(rows, answer.states, new_client_order_id())


async def wait_until_finalized(call: SignedCall, order_ids: Sequence[int]) -> None:
    """Wait until the orders' sagas have given the money back, for WAIT_S at most: the orders are
    cancelled, whatever becomes of this wait."""
    try:
        async with asyncio.timeout(WAIT_S):
            left = await _unfinalized(call, order_ids)
            while left:
                await asyncio.sleep(POLL_S)
                left = await _unfinalized(call, order_ids)
    except (TimeoutError, Overloaded):
        return


async def _unfinalized(call: SignedCall, order_ids: Sequence[int]) -> int:
    dependencies = call.dependencies
    return await guarded(dependencies.breakers.orders, dependencies.orders.unfinalized, order_ids)


def _payloads(
    rows: dict[int, OrderView], states: Sequence[OrderState], client_cancel_id: str
) -> list[dict[str, object]]:
    """Single orders first, then lists with both their legs, each in the order of their ids."""
    singles: list[dict[str, object]] = []
    lists: dict[int, list[tuple[OrderView, CancelAnswer]]] = {}
    for state in sorted(states, key=lambda state: state.order_id):
        row = rows.get(state.order_id)
        if row is None:
            continue
        answer = CancelAnswer(
            order_id=state.order_id,
            status=state.status,
            filled_quantity=state.filled_quantity,
            filled_quote=state.filled_quote,
            transact_time_ms=state.at_ms,
        )
        if row.list_id:
            lists.setdefault(row.list_id, []).append((row, answer))
        else:
            singles.append(cancelled(row, answer, client_cancel_id))
    return singles + [cancelled_list(legs, client_cancel_id) for legs in lists.values()]
