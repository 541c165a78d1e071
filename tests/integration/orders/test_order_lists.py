"""Order lists on the real server: three rows or none, duplicates, one saga for both legs."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import in_transaction
from api.order_payloads import trade_payload
from contracts.order_views import OpenCounts
from contracts.orders import OrderStatus, PlaceOrderList, Refusal, Side
from contracts.registration import Report
from contracts.topology import order_list_workflow_id, order_workflow_id
from orders import repository, soundness
from orders.duplicates import REUSE_AFTER_MS
from orders.queries import OrderQueries
from orders.service import OrderService
from tests.support.orders import fill, place_list, place_order, state

pytestmark = pytest.mark.mysql

AT_ONCE = 6


async def _rows(engine: AsyncEngine, statement: str) -> Sequence[Row[tuple[object, ...]]]:
    async with engine.connect() as connection:
        return (await connection.execute(text(statement))).all()


def _again(orders: PlaceOrderList, number: int = 1, **changes: object) -> PlaceOrderList:
    """Another request under the same client ids."""
    legs = tuple(
        msgspec.structs.replace(
            leg,
            order_id=leg.order_id + number * 10_000,
            list_id=orders.list_id + number * 10_000,
            accepted_at_ms=changes.get("accepted_at_ms", leg.accepted_at_ms),
        )
        for leg in orders.legs
    )
    changes = {"list_id": orders.list_id + number * 10_000, "legs": legs, **changes}
    return msgspec.structs.replace(orders, **changes)


async def _close(service: OrderService, orders: PlaceOrderList) -> None:
    reports = [
        Report(
            symbol=leg.symbol,
            user_id=leg.user_id,
            side=Side.SELL,
            state=state(leg, 2, OrderStatus.CANCELLED),
        )
        for leg in orders.legs
    ]
    await service.record_all(tuple(reports))


async def test_list_and_legs_are_registered_once_in_every_attempt(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders = place_list()
    for _ in range(2):
        registration = await service.register_list(orders)
        assert (registration.list_id, registration.answer) == (orders.list_id, None)
    rows = await _rows(
        orders_engine,
        "SELECT order_id, list_id, list_client_order_id, stop_price FROM orders ORDER BY order_id",
    )
    assert [tuple(row)[:3] for row in rows] == [
        (leg.order_id, orders.list_id, orders.list_client_order_id) for leg in orders.legs
    ]
    assert len(await _rows(orders_engine, "SELECT 1 FROM order_list")) == 1


async def test_same_list_at_once_is_registered_once_and_the_others_get_its_answer(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders = place_list()
    requests = [_again(orders, number) for number in range(AT_ONCE)]
    answers = await asyncio.gather(*(service.register_list(request) for request in requests))
    (row,) = await _rows(orders_engine, "SELECT list_id FROM order_list")
    assert len(await _rows(orders_engine, "SELECT 1 FROM orders")) == 2
    assert [a.list_id for a in answers if a.answer is None] == [row.list_id]
    for registration in answers:
        if registration.answer is not None:
            assert registration.answer.repeated
            assert registration.answer.refusal is None
            assert registration.list_id == registration.answer.list_id == row.list_id
            assert len(registration.answer.legs) == 2


async def test_another_list_under_the_same_id_is_refused_until_the_first_is_long_closed(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders = place_list()
    await service.register_list(orders)
    late_ms = orders.accepted_at_ms + REUSE_AFTER_MS
    for number, changes in ((1, {}), (2, {"accepted_at_ms": late_ms})):
        other = _again(orders, number, body_hash="other", **changes)
        refused = (await service.register_list(other)).answer
        assert refused is not None
        assert (refused.refusal, refused.legs) == (Refusal.DUPLICATE_ORDER, ())
    await _close(service, orders)
    later = _again(orders, 3, body_hash="other", accepted_at_ms=late_ms)
    assert (await service.register_list(later)).answer is None
    rows = await _rows(orders_engine, "SELECT list_id, reuse FROM order_list ORDER BY reuse")
    assert [tuple(row) for row in rows] == [(orders.list_id, 0), (later.list_id, 1)]


async def test_leg_whose_client_id_is_taken_leaves_nothing_of_the_list(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    taken = place_order()
    await service.register(taken)
    orders = place_list()
    first, second = orders.legs
    clash = msgspec.structs.replace(second, client_order_id=taken.client_order_id)
    twins = msgspec.structs.replace(second, client_order_id=first.client_order_id)
    for legs in ((first, clash), (first, twins)):
        request = msgspec.structs.replace(orders, legs=legs)
        refused = (await service.register_list(request)).answer
        assert refused is not None
        assert refused.refusal is Refusal.DUPLICATE_ORDER
    assert len(await _rows(orders_engine, "SELECT 1 FROM orders")) == 1
    assert await _rows(orders_engine, "SELECT 1 FROM order_list") == []


async def test_legs_are_told_to_their_lists_saga(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders, single = place_list(), place_order()
    await service.register_list(orders)
    await service.register(single)
    ids = [*(leg.order_id for leg in orders.legs), single.order_id]
    of_list = order_list_workflow_id(7, orders.list_client_order_id)
    expected = dict.fromkeys(ids[:2], of_list) | {
        single.order_id: order_workflow_id(7, single.client_order_id)
    }
    for ask in (repository.owners, repository.unanswered):
        assert await in_transaction(orders_engine, lambda c, ask=ask: ask(c, ids)) == expected


async def test_trade_tells_the_list_that_its_order_is_a_leg_of(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders, single = place_list(), place_order()
    await service.register_list(orders)
    await service.register(single)
    for trade_id, order in ((1, orders.legs[0]), (2, single)):
        filled = state(order, 2, OrderStatus.FILLED, "1")
        await service.record(
            Report(
                symbol=order.symbol,
                user_id=order.user_id,
                side=order.side,
                state=filled,
                fills=(fill(trade_id, "1"),),
            )
        )

    trades = await OrderQueries(orders_engine).trades(single.user_id, single.symbol)

    assert [(t.order_id, t.list_id) for t in trades] == [
        (orders.legs[0].order_id, orders.list_id),
        (single.order_id, 0),
    ]
    payloads = [trade_payload(trade) for trade in trades]
    assert [payload["orderListId"] for payload in payloads] == [orders.list_id, -1]


async def test_money_of_both_legs_is_looked_for_under_the_first(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders, single = place_list(), place_order()
    await service.register_list(orders)
    await service.register(single)
    async with orders_engine.connect() as connection:
        found = {row.order_id: row for row in await soundness.all_orders(connection)}
    first, second = orders.legs
    assert {order_id: row.reservation_id for order_id, row in found.items()} == {
        first.order_id: first.order_id,
        second.order_id: first.order_id,
        single.order_id: single.order_id,
    }
    assert found[second.order_id].price_ticks == second.price_ticks


async def test_lists_are_found_by_id_by_client_id_by_time_and_while_open(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    closed, newer = place_list(), place_list(accepted_at_ms=1_750_000_060_000)
    for orders in (closed, newer, place_list(user_id=8)):
        await service.register_list(orders)
    await _close(service, closed)
    queries = OrderQueries(orders_engine)

    found = await queries.order_list(7, list_id=closed.list_id)
    by_client_id = await queries.order_list(7, list_client_order_id=closed.list_client_order_id)
    assert found is not None
    assert found == by_client_id
    assert [leg.order_id for leg in found.legs] == [leg.order_id for leg in closed.legs]
    assert [leg.status for leg in found.legs] == [OrderStatus.CANCELLED] * 2
    assert await queries.order_list(8, list_id=closed.list_id) is None

    async def ids(**wanted: int | bool) -> list[int]:
        return [view.list_id for view in await queries.order_lists(7, **wanted)]

    assert await ids() == [closed.list_id, newer.list_id]
    assert await ids(limit=1) == [newer.list_id]
    assert await ids(from_id=closed.list_id, limit=1) == [closed.list_id]
    assert await ids(start_ms=1_750_000_030_000) == [newer.list_id]
    assert await ids(end_ms=1_750_000_030_000) == [closed.list_id]
    assert await ids(open_only=True) == [newer.list_id]
    counts = await queries.open_counts(7, "BTCUSDT")
    assert counts == OpenCounts(orders=2, conditional=1, lists=1)


async def test_list_that_was_refused_is_no_list_of_its_users(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders = place_list()
    await service.register_list(orders)
    async with orders_engine.begin() as connection:
        await connection.execute(
            text("UPDATE orders SET status = 'CANCELLED', refusal = 'WOULD_TAKE'")
        )
    assert await OrderQueries(orders_engine).order_lists(7) == []
    repeated = (await service.register_list(_again(orders))).answer
    assert repeated is not None
    assert (repeated.refusal, repeated.repeated) == (Refusal.WOULD_TAKE, True)
