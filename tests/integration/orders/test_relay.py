"""Projector and relay on the real server: records apply once, and rule 1 of the signals."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import in_transaction
from config.markets import load_markets
from contracts.amounts import Amount
from contracts.matching import OrderBatch
from contracts.orders import OrderState, OrderStatus, PlaceOrder, Side
from contracts.registration import Report
from orders import projector
from orders.relay import OWN_EVENT_PATIENCE_S, Relay
from orders.service import OrderService
from tests.support.engine_events import PARTITION, accepted, batch, cancelled, filled
from tests.support.orders import place_order, state
from tests.support.relays import TellsAtOnce, no_halt, tell_nobody

pytestmark = pytest.mark.mysql

MARKETS = load_markets()


async def _rows(engine: AsyncEngine, statement: str) -> Sequence[Row[tuple[object, ...]]]:
    async with engine.connect() as connection:
        return (await connection.execute(text(statement))).all()


async def _apply(engine: AsyncEngine, batches: list[OrderBatch], next_offset: int) -> bool:
    projection = projector.project(batches, MARKETS)
    return await in_transaction(
        engine, lambda c: projector.apply(c, projection, PARTITION, next_offset)
    )


def _fill_of(order: PlaceOrder) -> OrderBatch:
    return batch((accepted(order), filled(order, 2, 1, 40_000, 40_000)))


async def test_records_are_applied_once(service: OrderService, orders_engine: AsyncEngine) -> None:
    order = place_order()
    await service.register(order)
    assert await _apply(orders_engine, [_fill_of(order)], 1)
    assert not await _apply(orders_engine, [_fill_of(order)], 1)
    (row,) = await _rows(orders_engine, "SELECT status, filled_quantity, filled_quote FROM orders")
    assert tuple(row) == (OrderStatus.PARTIALLY_FILLED, Amount("0.4"), Amount("40"))
    assert len(await _rows(orders_engine, "SELECT 1 FROM order_fill")) == 1


async def test_batch_that_overlaps_what_was_applied_adds_only_what_is_new(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    assert await _apply(orders_engine, [_fill_of(order)], 1)
    assert await _apply(orders_engine, [_fill_of(order), batch((cancelled(order, 3, 40_000),))], 2)
    (row,) = await _rows(orders_engine, "SELECT status, engine_sequence FROM orders")
    assert tuple(row) == (OrderStatus.CANCELLED, 3)
    assert len(await _rows(orders_engine, "SELECT 1 FROM order_fill")) == 1


async def test_two_relays_on_one_partition_apply_a_record_once(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    await _apply(orders_engine, [], 1)  # the offset row is there: the second waits for its lock
    done = await asyncio.gather(*(_apply(orders_engine, [_fill_of(order)], 2) for _ in range(6)))
    assert sorted(done) == [False] * 5 + [True]


async def test_first_records_of_a_partition_meet_without_harm(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    await asyncio.gather(*(_apply(orders_engine, [_fill_of(order)], 1) for _ in range(6)))
    assert len(await _rows(orders_engine, "SELECT 1 FROM order_fill")) == 1
    (offset,) = await _rows(orders_engine, "SELECT next_offset FROM consumer_offset")
    assert offset.next_offset == 1


class Sagas:
    """Remembers who was told what."""

    def __init__(self) -> None:
        self.told: list[tuple[str, OrderStatus]] = []

    async def __call__(self, workflow_id: str, told: OrderState) -> None:
        self.told.append((workflow_id, told.status))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def _own_event_is_left_to_the_answer(
    kind: type[Relay], service: OrderService, engine: AsyncEngine
) -> None:
    """Rule 1: of two resting orders one saga has its answer, and the other's went astray."""
    answered, astray = (
        place_order(client_order_id="answered"),
        place_order(client_order_id="astray"),
    )
    sagas, clock = Sagas(), Clock()
    relay = kind(engine, MARKETS, sagas, no_halt, tell_nobody, clock_s=clock)
    for order in (answered, astray):
        await service.register(order)
    await relay.take(PARTITION, 0, 2, [batch((accepted(answered),), (accepted(astray),))])
    await service.record(
        Report(
            symbol=answered.symbol,
            user_id=answered.user_id,
            side=Side(answered.side),
            state=state(answered, 1, OrderStatus.OPEN),
            fills=(),
        )
    )
    assert sagas.told == []
    clock.now += OWN_EVENT_PATIENCE_S
    await relay.tell_unanswered()
    assert sagas.told == [("order:7:astray", OrderStatus.OPEN)]


async def test_own_event_is_signalled_only_when_unanswered_after_patience(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    await _own_event_is_left_to_the_answer(Relay, service, orders_engine)


async def test_relay_without_rule_1_is_caught(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    with pytest.raises(AssertionError):
        await _own_event_is_left_to_the_answer(TellsAtOnce, service, orders_engine)


async def test_counterpartys_fill_is_signalled_at_once_and_is_in_the_row_before(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    maker = place_order(side=Side.SELL, client_order_id="maker")
    await service.register(maker)
    seen: list[tuple[str, str]] = []

    async def look_at_the_row(workflow_id: str, _: OrderState) -> None:
        (row,) = await _rows(orders_engine, "SELECT status FROM orders")
        seen.append((workflow_id, row.status))

    relay = Relay(orders_engine, MARKETS, look_at_the_row, no_halt, tell_nobody)
    event = filled(maker, 2, 1, 100_000, 100_000, caused_by=maker.order_id + 1)
    await relay.take(PARTITION, 0, 1, [batch((accepted(maker),), (event,))])
    assert seen == [("order:7:maker", OrderStatus.FILLED)]


async def test_finished_order_is_not_signalled_for_its_own_event(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    sagas, clock = Sagas(), Clock()
    relay = Relay(orders_engine, MARKETS, sagas, no_halt, tell_nobody, clock_s=clock)
    await relay.take(PARTITION, 0, 1, [batch((accepted(order),))])
    async with orders_engine.begin() as connection:
        await connection.execute(text("UPDATE orders SET finalized = 1"))
    clock.now += OWN_EVENT_PATIENCE_S
    await relay.tell_unanswered()
    assert sagas.told == []


async def test_end_of_a_cancelled_order_is_told_though_its_row_is_final(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    """A dropped task may have finalized: the saga that it belonged to knows nothing of it."""
    order = place_order(client_order_id="mine")
    await service.register(order)
    sagas, clock = Sagas(), Clock()
    relay = Relay(orders_engine, MARKETS, sagas, no_halt, tell_nobody, clock_s=clock)
    await relay.take(PARTITION, 0, 2, [batch((accepted(order),), (cancelled(order, 2),))])
    async with orders_engine.begin() as connection:
        await connection.execute(text("UPDATE orders SET finalized = 1, answered = 1"))
    clock.now += OWN_EVENT_PATIENCE_S
    await relay.tell_unanswered()
    assert sagas.told == [("order:7:mine", OrderStatus.CANCELLED)]


async def test_signal_is_repeated_by_a_relay_that_died_before_it_committed(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    maker = place_order(side=Side.SELL, client_order_id="maker")
    await service.register(maker)
    sagas = Sagas()
    event = batch((filled(maker, 2, 1, 10, 10, caused_by=maker.order_id + 1),))
    for _ in range(2):
        await Relay(orders_engine, MARKETS, sagas, no_halt, tell_nobody).take(
            PARTITION, 0, 1, [event]
        )
    assert sagas.told == [("order:7:maker", OrderStatus.PARTIALLY_FILLED)] * 2
    assert len(await _rows(orders_engine, "SELECT 1 FROM order_fill")) == 1
