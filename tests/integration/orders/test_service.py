"""Registering, recording and finalizing on the real server: each counts once, in any order."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts import topology
from contracts.amounts import Amount
from contracts.message import decode
from contracts.orders import (
    FinalizeOrder,
    OrderFinalized,
    OrderStatus,
    PlaceOrder,
    Refusal,
    SagaState,
    Side,
)
from contracts.registration import Report
from contracts.topology import order_command_id
from orders.duplicates import REUSE_AFTER_MS
from orders.service import OrderService
from tests.integration.orders.conftest import Queue
from tests.support.orders import fill, place_order, state

pytestmark = pytest.mark.mysql

AT_ONCE = 8


async def _rows(engine: AsyncEngine, statement: str) -> Sequence[Row[tuple[object, ...]]]:
    async with engine.connect() as connection:
        return (await connection.execute(text(statement))).all()


def _again(order: PlaceOrder, number: int = 1, **changes: object) -> PlaceOrder:
    """Another request under the same client order id."""
    changes = {"order_id": order.order_id + number * 10_000, **changes}
    return msgspec.structs.replace(order, **changes)


def _final(order: PlaceOrder, status: OrderStatus, sequence: int = 2) -> FinalizeOrder:
    return FinalizeOrder(
        command_id=order_command_id(order.order_id, "finalize"),
        order_id=order.order_id,
        user_id=order.user_id,
        symbol=order.symbol,
        state=state(order, sequence, status, "0.5"),
        refusal=None,
        saga_state=SagaState.COMPLETED,
        correlation_id=order.correlation_id,
    )


def _report(order: PlaceOrder, sequence: int, status: OrderStatus, filled: str = "0") -> Report:
    fills = (fill(1, filled),) if filled != "0" else ()
    return Report(
        symbol=order.symbol,
        user_id=order.user_id,
        side=Side(order.side),
        state=state(order, sequence, status, filled),
        fills=fills,
    )


async def test_repeated_attempt_registers_one_row(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    answers = [await service.register(order) for _ in range(3)]
    assert {(a.order_id, a.answer) for a in answers} == {(order.order_id, None)}
    (row,) = await _rows(orders_engine, "SELECT status, engine_sequence, answered FROM orders")
    assert tuple(row) == (OrderStatus.PENDING_VALIDATION, 0, 0)


async def test_same_request_at_once_is_one_order_and_the_others_get_its_answer(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    requests = [_again(order, number) for number in range(AT_ONCE)]
    registrations = await asyncio.gather(*(service.register(request) for request in requests))
    (row,) = await _rows(orders_engine, "SELECT order_id FROM orders")
    winners = [r for r in registrations if r.answer is None]
    assert [r.order_id for r in winners] == [row.order_id]
    for registration in registrations:
        if registration.answer is not None:
            assert registration.order_id == registration.answer.order_id == row.order_id
            assert registration.answer.repeated
            assert registration.answer.refusal is None


async def test_repeats_among_new_orders_do_not_spoil_their_neighbours(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    first = place_order()
    await service.register(first)
    fresh = [place_order() for _ in range(20)]
    other = _again(first, 2, body_hash="other")
    requests = [*fresh[:10], _again(first), other, first, *fresh[10:]]
    answers = await asyncio.gather(*(service.register(request) for request in requests))
    told = {a.order_id: a.answer for a in answers}
    assert all(told[order.order_id] is None for order in fresh)
    assert len(await _rows(orders_engine, "SELECT 1 FROM orders")) == 21
    refused = told[other.order_id]
    assert refused is not None
    assert refused.refusal is Refusal.DUPLICATE_ORDER
    assert [a.answer is None for a in answers if a.order_id == first.order_id] == [False, True]


async def test_row_that_no_column_can_hold_spoils_only_itself(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders = [place_order() for _ in range(6)]
    for order in orders:
        await service.register(order)
    reports = [_report(order, 2, OrderStatus.PARTIALLY_FILLED, "0.5") for order in orders]
    beyond = msgspec.structs.replace(reports[3].state, filled_quantity=Amount(2))
    reports[3] = msgspec.structs.replace(reports[3], state=beyond)
    done = await asyncio.gather(*(service.record(r) for r in reports), return_exceptions=True)
    assert [type(error) for error in done if error] == [type(done[3])]
    assert isinstance(done[3], DBAPIError)
    rows = await _rows(orders_engine, "SELECT status FROM orders ORDER BY order_id")
    expected = [OrderStatus.PARTIALLY_FILLED] * 6
    expected[3] = OrderStatus.PENDING_VALIDATION
    assert [row.status for row in rows] == expected


async def test_registrations_and_reports_of_two_workers_meet_without_harm(
    orders_engine: AsyncEngine, queue: Queue
) -> None:
    """Both do everything, in opposite order, as after a worker that was thought dead."""
    workers = [OrderService(orders_engine, queue) for _ in range(2)]
    orders = [place_order() for _ in range(100)]
    for turn in (orders, list(reversed(orders))):
        await asyncio.gather(*(w.register(o) for o in turn for w in workers))
    reports = [_report(o, 2, OrderStatus.FILLED, "1") for o in orders]
    await asyncio.gather(
        *(workers[0].record(r) for r in reports),
        *(workers[1].record(r) for r in reversed(reports)),
    )
    finals = [_final(o, OrderStatus.FILLED) for o in orders]
    await asyncio.gather(*(w.apply_finalize(*finals) for w in workers))
    (row,) = await _rows(
        orders_engine, "SELECT COUNT(*), SUM(answered), SUM(finalized) FROM orders"
    )
    assert tuple(row) == (100, 100, 100)
    (counted,) = await _rows(orders_engine, "SELECT orders, filled_quote FROM order_statistics")
    assert tuple(counted) == (100, Amount(5000))
    assert len(await _rows(orders_engine, "SELECT 1 FROM outbox")) == 100


async def test_other_request_under_the_same_id_is_refused(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    refused = await service.register(_again(order, body_hash="other"))
    assert refused.answer is not None
    assert refused.answer.refusal is Refusal.DUPLICATE_ORDER
    assert len(await _rows(orders_engine, "SELECT 1 FROM orders")) == 1


async def test_repeat_is_told_what_the_row_says_now(service: OrderService) -> None:
    order = place_order()
    await service.register(order)
    await service.record(_report(order, 2, OrderStatus.PARTIALLY_FILLED, "0.5"))
    repeated = await service.register(_again(order))
    assert repeated.answer is not None
    assert repeated.answer.status is OrderStatus.PARTIALLY_FILLED
    assert repeated.answer.filled_quantity == Amount("0.5")


async def test_id_of_a_finished_order_is_used_again_after_ten_minutes(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    await service.apply_finalize(_final(order, OrderStatus.CANCELLED))
    later = _again(order, body_hash="x", accepted_at_ms=order.accepted_at_ms + REUSE_AFTER_MS)
    assert (await service.register(later)).answer is None
    rows = await _rows(orders_engine, "SELECT order_id, reuse FROM orders ORDER BY reuse")
    assert [tuple(r) for r in rows] == [(order.order_id, 0), (later.order_id, 1)]


async def test_client_ids_differ_by_case_and_by_user(service: OrderService) -> None:
    order = place_order(client_order_id="Mine")
    for other in (
        order,
        _again(order, 1, client_order_id="mine", body_hash="other"),
        _again(order, 2, user_id=8, body_hash="other"),
    ):
        assert (await service.register(other)).answer is None


async def test_older_event_never_overwrites_a_newer_one(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    await service.record(_report(order, 3, OrderStatus.PARTIALLY_FILLED, "0.5"))
    await service.record(_report(order, 1, OrderStatus.OPEN))
    await service.record(_report(order, 3, OrderStatus.OPEN))
    (row,) = await _rows(
        orders_engine,
        "SELECT status, filled_quantity, engine_sequence, answered, working_at_ms FROM orders",
    )
    assert tuple(row) == (
        OrderStatus.PARTIALLY_FILLED,
        Amount("0.5"),
        3,
        1,
        state(order, 3, OrderStatus.OPEN).at_ms,
    )


async def test_answer_that_is_old_news_still_marks_the_order_answered(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    async with orders_engine.begin() as connection:
        await connection.execute(text("UPDATE orders SET engine_sequence = 5"))
    await service.record(_report(order, 1, OrderStatus.OPEN))
    (row,) = await _rows(orders_engine, "SELECT answered, engine_sequence FROM orders")
    assert tuple(row) == (1, 5)


async def test_execution_that_is_told_twice_is_one_fill(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    for _ in range(2):
        await service.record(_report(order, 2, OrderStatus.PARTIALLY_FILLED, "0.5"))
    (row,) = await _rows(orders_engine, "SELECT trade_id, order_id, quantity FROM order_fill")
    assert tuple(row) == (1, order.order_id, Amount("0.5"))


async def test_finalize_counts_once_however_often_it_comes(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    final = _final(order, OrderStatus.CANCELLED)
    await asyncio.gather(*(service.apply_finalize(final) for _ in range(AT_ONCE)))
    (row,) = await _rows(orders_engine, "SELECT status, finalized, filled_quantity FROM orders")
    assert tuple(row) == (OrderStatus.CANCELLED, 1, Amount("0.5"))
    (counted,) = await _rows(
        orders_engine, "SELECT status, orders, filled_quote FROM order_statistics"
    )
    assert tuple(counted) == (OrderStatus.CANCELLED, 1, Amount("50"))
    (event,) = await _rows(orders_engine, "SELECT topic, message_key, payload FROM outbox")
    assert (event.topic, event.message_key) == (topology.ORDERS_AUDIT, "7")
    told: OrderFinalized = decode(event.payload, OrderFinalized)
    assert (told.order_id, told.status) == (order.order_id, OrderStatus.CANCELLED)


async def test_finalize_of_an_order_that_is_not_there_does_nothing(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    await service.apply_finalize(_final(place_order(), OrderStatus.CANCELLED))
    assert await _rows(orders_engine, "SELECT 1 FROM outbox") == []
    assert await _rows(orders_engine, "SELECT 1 FROM order_statistics") == []


async def test_finalize_is_one_command_in_its_queue(service: OrderService, queue: Queue) -> None:
    order = place_order()
    final = _final(order, OrderStatus.FILLED)
    await service.finalize(final)
    ((key, body, command_id),) = queue.sent
    assert (key, command_id) == (topology.ORDER_FINALIZE, final.command_id)
    assert decode(body, FinalizeOrder) == final
