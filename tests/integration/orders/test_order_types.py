"""What the other order types write: values, stop prices, amendments, expiries, no matches."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import in_transaction
from config.markets import load_markets
from contracts.amounts import Amount
from contracts.matching import MatchPrevented, OrderBatch
from contracts.order_views import OpenCounts
from contracts.orders import (
    ExpiryReason,
    FinalizeOrder,
    OrderState,
    OrderStatus,
    OrderType,
    PlaceOrder,
    SagaState,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from contracts.registration import Report
from contracts.topology import order_command_id
from orders import projector
from orders.queries import OrderQueries
from orders.service import OrderService
from tests.support.engine_events import PARTITION, amended, batch, cancelled, expired, triggered
from tests.support.orders import fill, place_order, state

pytestmark = pytest.mark.mysql

MARKETS = load_markets()


def _by_value() -> PlaceOrder:
    """Buy for 50 USDT, at 100 as the engine will have it."""
    return place_order(
        order_type=OrderType.MARKET,
        time_in_force=TimeInForce.IOC,
        price=Amount(0),
        quantity=Amount(0),
        quantity_lots=0,
        quote_quantity=Amount(50),
        reserve_amount=Amount(50),
    )


def _stop_limit(**changes: object) -> PlaceOrder:
    values = {
        "order_type": OrderType.STOP_LOSS_LIMIT,
        "stop_price": Amount(101),
        "stop_ticks": 10_100,
    }
    return place_order(**(values | changes))


def _report(order: PlaceOrder, told: OrderState, *trades: int) -> Report:
    fills = tuple(fill(trade, "0.5") for trade in trades)
    return Report(symbol=order.symbol, user_id=7, side=Side(order.side), state=told, fills=fills)


def _final(order: PlaceOrder, told: OrderState) -> FinalizeOrder:
    return FinalizeOrder(
        command_id=order_command_id(order.order_id, "finalize"),
        order_id=order.order_id,
        user_id=order.user_id,
        symbol=order.symbol,
        state=told,
        refusal=None,
        saga_state=SagaState.COMPLETED,
        correlation_id=order.correlation_id,
    )


async def _project(engine: AsyncEngine, *batches: OrderBatch) -> None:
    projection = projector.project(list(batches), MARKETS)
    async with engine.connect() as connection:
        reached = await connection.scalar(text("SELECT MAX(next_offset) FROM consumer_offset")) or 0
    await in_transaction(
        engine, lambda c: projector.apply(c, projection, PARTITION, reached + len(batches))
    )


async def _row(engine: AsyncEngine, order: PlaceOrder, columns: str) -> tuple[Any, ...]:
    statement = text(f"SELECT {columns} FROM orders WHERE order_id = :id")  # noqa: S608
    async with engine.connect() as connection:
        return tuple((await connection.execute(statement, {"id": order.order_id})).one())


async def test_row_keeps_all_that_was_asked_for(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = _stop_limit(
        time_in_force=TimeInForce.GTD,
        expires_at_ms=1_750_000_900_000,
        iceberg_quantity=Amount("0.2"),
        self_trade_prevention=SelfTradePrevention.EXPIRE_BOTH,
    )
    await service.register(order)
    view = await OrderQueries(orders_engine).any_order(7, order.order_id)
    assert view is not None
    assert (view.stop_price, view.iceberg_quantity) == (Amount(101), Amount("0.2"))
    assert (view.time_in_force, view.expires_at_ms) == (TimeInForce.GTD, 1_750_000_900_000)
    assert view.self_trade_prevention is SelfTradePrevention.EXPIRE_BOTH
    assert (view.quote_quantity, view.expiry, view.list_id) == (Amount(0), None, 0)
    assert await _row(orders_engine, order, "price_ticks, reserve_amount") == (10_000, 100)


@pytest.mark.parametrize("told_quantity", ["0", "0.5", None])
async def test_quantity_of_an_order_by_value_is_what_it_has_filled(
    service: OrderService, orders_engine: AsyncEngine, told_quantity: str | None
) -> None:
    order = _by_value()
    await service.register(order)
    told = state(order, 2, OrderStatus.FILLED, "0.5", quantity=told_quantity)
    await service.record(_report(order, told, 1))
    assert await _row(orders_engine, order, "quantity, filled_quantity") == (
        Amount("0.5"),
        Amount("0.5"),
    )
    await service.apply_finalize(_final(order, told))
    again = msgspec.structs.replace(order, order_id=order.order_id + 5_000)
    repeated = (await service.register(again)).answer
    assert repeated is not None
    assert (repeated.quantity, repeated.status) == (Amount("0.5"), OrderStatus.FILLED)


async def test_amendment_lowers_the_rows_quantity(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    await service.register(order)
    await _project(orders_engine, batch((amended(order, 2, 60_000, 4 * 10**9),)))
    assert await _row(orders_engine, order, "quantity, status") == (
        Amount("0.6"),
        OrderStatus.OPEN,
    )


async def test_conditional_order_works_from_its_trigger_on(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = _stop_limit()
    await service.register(order)
    waiting = state(order, 1, OrderStatus.OPEN, working=False)
    await service.record(_report(order, waiting))
    assert await _row(orders_engine, order, "status, working_at_ms") == (OrderStatus.OPEN, None)
    told = await service.read_state(order.order_id)
    assert told is not None
    assert not told.working
    repeated = (
        await service.register(msgspec.structs.replace(order, order_id=order.order_id + 5_000))
    ).answer
    assert repeated is not None
    assert not repeated.working

    event = batch((triggered(order, 2),))
    await _project(orders_engine, event)
    view = await OrderQueries(orders_engine).any_order(7, order.order_id)
    assert view is not None
    assert view.working_at_ms == event.entries[0].at_ms


@pytest.mark.parametrize("how", ["cancelled", "list", "date"])
async def test_conditional_order_that_ends_while_it_waits_has_never_worked(
    service: OrderService, orders_engine: AsyncEngine, how: str
) -> None:
    order = _stop_limit()
    await service.register(order)
    await service.record(_report(order, state(order, 1, OrderStatus.OPEN, working=False)))
    end = {
        "cancelled": cancelled(order, 2),
        "list": expired(order, 2, ExpiryReason.OCO_TRIGGER),
        "date": expired(order, 2, ExpiryReason.GOOD_TILL_DATE_REACHED),
    }[how]
    await _project(orders_engine, batch((end,)))
    assert await _row(orders_engine, order, "working_at_ms, expiry, status") == (
        None,
        end.reason,
        end.status,
    )


async def test_stop_that_is_triggered_and_finds_nobody_has_worked(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = _stop_limit(order_type=OrderType.STOP_LOSS)
    await service.register(order)
    end = expired(order, 3, ExpiryReason.INSUFFICIENT_LIQUIDITY)
    await _project(orders_engine, batch((triggered(order, 2), end)))
    (worked_at,) = await _row(orders_engine, order, "working_at_ms")
    assert worked_at is not None


async def test_expiry_in_match_is_kept_by_a_finalize_that_knows_no_reason(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order(side=Side.SELL)
    await service.register(order)
    end = expired(
        order,
        2,
        ExpiryReason.SELF_TRADE_PREVENTION,
        status=OrderStatus.EXPIRED_IN_MATCH,
        caused_by=1,
    )
    await _project(orders_engine, batch((end,)))
    await service.apply_finalize(_final(order, state(order, 2, OrderStatus.EXPIRED_IN_MATCH)))
    assert await _row(orders_engine, order, "status, expiry, finalized") == (
        OrderStatus.EXPIRED_IN_MATCH,
        ExpiryReason.SELF_TRADE_PREVENTION,
        1,
    )
    told = await service.read_state(order.order_id)
    assert told is not None
    assert told.expiry is ExpiryReason.SELF_TRADE_PREVENTION


async def test_state_is_read_as_the_row_knows_it(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    order = place_order()
    assert await service.read_state(order.order_id) is None
    await service.register(order)
    fresh = await service.read_state(order.order_id)
    assert fresh is not None
    assert (fresh.sequence, fresh.status) == (0, OrderStatus.PENDING_VALIDATION)
    told = state(order, 3, OrderStatus.PARTIALLY_FILLED, "0.5", quantity="1")
    await service.record(_report(order, told, 1))
    assert await service.read_state(order.order_id) == told
    async with orders_engine.begin() as connection:
        await connection.execute(text("UPDATE orders SET filled_lots = 0"))
    assert await service.read_state(order.order_id) is None, "filled before rows knew lots"


async def test_several_orders_are_recorded_in_one_step_and_twice_is_once(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    orders = [place_order() for _ in range(150)]
    for order in orders:
        await service.register(order)
    reports = tuple(_report(o, state(o, 2, OrderStatus.CANCELLED)) for o in reversed(orders))
    older = _report(orders[0], state(orders[0], 1, OrderStatus.OPEN))
    for _ in range(2):
        await service.record_all((*reports, older))
    await service.record_all(())
    async with orders_engine.connect() as connection:
        counted = await connection.execute(
            text("SELECT status, engine_sequence, answered, COUNT(*) FROM orders GROUP BY 1, 2, 3")
        )
        assert [tuple(row) for row in counted] == [(OrderStatus.CANCELLED, 2, 1, 150)]


async def test_prevented_matches_are_kept_once_and_found_from_either_side(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    taker, maker = place_order(), place_order(side=Side.SELL)
    for order in (taker, maker):
        await service.register(order)
    events = tuple(
        MatchPrevented(
            symbol="BTCUSDT",
            prevented_match_id=number,
            user_id=7,
            taker_order_id=taker.order_id,
            maker_order_id=maker.order_id,
            mode=SelfTradePrevention.EXPIRE_TAKER,
            price_ticks=10_000,
            taker_prevented_lots=100_000,
            maker_prevented_lots=0,
        )
        for number in (1, 2, 3)
    )
    for _ in range(2):
        await _project(orders_engine, batch(events))
    queries = OrderQueries(orders_engine)
    for wanted in (
        {"order_id": taker.order_id},
        {"order_id": maker.order_id},
        {"from_id": 1},
        {"limit": 3},
    ):
        found = await queries.prevented_matches(7, "BTCUSDT", **wanted)
        assert [match.prevented_match_id for match in found] == [1, 2, 3]
    (one,) = await queries.prevented_matches(7, "BTCUSDT", prevented_match_id=2)
    assert (one.price, one.taker_prevented_quantity) == (Amount(100), Amount(1))
    assert (one.mode, one.trade_group_id) == (SelfTradePrevention.EXPIRE_TAKER, 7)
    assert len(await queries.prevented_matches(7, "BTCUSDT", from_id=2, limit=1)) == 1
    for user_id, symbol, order_id in (
        (8, "BTCUSDT", None),
        (7, "ETHUSDT", None),
        (7, "BTCUSDT", 1),
    ):
        assert await queries.prevented_matches(user_id, symbol, order_id=order_id) == []


async def test_open_orders_are_counted_by_kind_and_unfinalized_ones_by_id(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    plain, iceberg = place_order(), place_order(iceberg_quantity=Amount("0.1"))
    stop, closed = _stop_limit(), _stop_limit()
    for order in (plain, iceberg, stop, closed, place_order(user_id=8)):
        await service.register(order)
    await service.record(_report(closed, state(closed, 2, OrderStatus.CANCELLED)))
    queries = OrderQueries(orders_engine)
    assert await queries.open_counts(7, "BTCUSDT") == OpenCounts(orders=3, conditional=1, iceberg=1)
    assert await queries.open_counts(7, "ETHUSDT") == OpenCounts()
    assert await queries.count_open(7, "BTCUSDT") == 3

    ids = [plain.order_id, closed.order_id]
    assert await queries.unfinalized(ids) == 2
    await service.apply_finalize(_final(closed, state(closed, 2, OrderStatus.CANCELLED)))
    assert await queries.unfinalized(ids) == 1
    assert await queries.unfinalized([]) == 0
