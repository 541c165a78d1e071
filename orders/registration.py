"""New orders and lists: their rows, or the answer that the row which is there demands."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.mysql import in_transaction
from contracts.answers import duplicate_list, duplicate_order
from contracts.orders import PlaceOrder, PlaceOrderList
from contracts.registration import ListRegistration, Registration
from orders import repository
from orders.duplicates import Verdict, judge, judge_list
from orders.rows import first_answer, first_list_answer

INSERT_ATTEMPTS: Final = 3
T = TypeVar("T")


class RegistrationContested(RuntimeError):
    """Several requests insist on one client id at once; trying again decides."""


class _LegTaken(Exception):
    """Another order has the client id of a leg; the list's row is rolled back."""


async def register_fresh(engine: AsyncEngine, orders: Sequence[PlaceOrder]) -> list[Registration]:
    """Insert orders whose client ids were never used: nearly all of them.

    Raises:
        IntegrityError: one was; nothing has been inserted, and `register` tells which.
    """
    rows = [(order, 0) for order in orders]
    await in_transaction(engine, lambda c: repository.insert_orders(c, rows))
    return [Registration(order_id=order.order_id) for order in orders]


async def register(engine: AsyncEngine, order: PlaceOrder) -> Registration:
    """Look at the newest row of the order's client id, and insert or answer as it demands."""
    return await _insist(
        lambda: in_transaction(engine, lambda c: _register(c, order)),
        f"{order.client_order_id} of user {order.user_id}",
    )


async def register_list(engine: AsyncEngine, orders: PlaceOrderList) -> ListRegistration:
    """The same for a list and both its legs, in one transaction."""
    try:
        return await _insist(
            lambda: in_transaction(engine, lambda c: _register_list(c, orders)),
            f"list {orders.list_client_order_id} of user {orders.user_id}",
        )
    except _LegTaken:
        return ListRegistration(list_id=orders.list_id, answer=duplicate_list(orders))


async def _insist(attempt: Callable[[], Awaitable[T]], what: str) -> T:
    for _ in range(INSERT_ATTEMPTS):
        try:
            return await attempt()
        except IntegrityError:
            continue  # another request took this use of the id: look again
    raise RegistrationContested(what)


async def _register(connection: AsyncConnection, order: PlaceOrder) -> Registration:
    newest = await repository.newest_of_client_id(connection, order.user_id, order.client_order_id)
    match judge(newest, order):
        case Verdict.FRESH:
            await repository.insert_orders(connection, [(order, newest.reuse + 1 if newest else 0)])
        case Verdict.REPEAT if newest is not None:
            return Registration(order_id=newest.order_id, answer=first_answer(newest))
        case Verdict.CONFLICT:
            return Registration(order_id=order.order_id, answer=duplicate_order(order))
    return Registration(order_id=order.order_id)


async def _register_list(connection: AsyncConnection, orders: PlaceOrderList) -> ListRegistration:
    found = await repository.newest_list_of_client_id(
        connection, orders.user_id, orders.list_client_order_id
    )
    newest, legs = found or (None, ())
    match judge_list(newest, legs, orders):
        case Verdict.REPEAT if newest is not None:
            return ListRegistration(list_id=newest.list_id, answer=first_list_answer(newest, legs))
        case Verdict.CONFLICT:
            return ListRegistration(list_id=orders.list_id, answer=duplicate_list(orders))
        case Verdict.FRESH:
            # The list first: its key makes the same request wait here, not find its own legs.
            await repository.insert_list(connection, orders, newest.reuse + 1 if newest else 0)
            await repository.insert_orders(connection, await _free_ids(connection, orders.legs))
    return ListRegistration(list_id=orders.list_id)


async def _free_ids(
    connection: AsyncConnection, legs: Sequence[PlaceOrder]
) -> list[tuple[PlaceOrder, int]]:
    """Each leg with the use of its client order id.

    Raises:
        _LegTaken: one of the ids is in use.
    """
    if len({leg.client_order_id for leg in legs}) < len(legs):
        raise _LegTaken
    rows = []
    for leg in legs:
        newest = await repository.newest_of_client_id(connection, leg.user_id, leg.client_order_id)
        if judge(newest, leg) is not Verdict.FRESH:
            raise _LegTaken
        rows.append((leg, newest.reuse + 1 if newest else 0))
    return rows
