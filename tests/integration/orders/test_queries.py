"""What a user's lists of orders hold, on the real server."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.orders import OrderStatus, Refusal
from orders.queries import OrderQueries
from orders.service import OrderService
from tests.support.orders import place_order

pytestmark = pytest.mark.mysql


async def test_only_the_list_of_all_that_was_asked_for_has_refused_orders(
    service: OrderService, orders_engine: AsyncEngine
) -> None:
    placed = [place_order() for _ in range(3)]
    for order in (*placed, place_order(user_id=8)):
        await service.register(order)
    refused, *_ = ids = [order.order_id for order in placed]
    async with orders_engine.begin() as connection:
        await connection.execute(text("UPDATE orders SET status = 'OPEN'"))
        await connection.execute(
            text(
                "UPDATE orders SET status = 'CANCELLED', refusal = 'MARKET_CLOSED'"
                " WHERE order_id = :refused"
            ),
            {"refused": refused},
        )
    queries = OrderQueries(orders_engine)

    found = await queries.any_orders(7, "BTCUSDT")
    newest_first = sorted(ids, reverse=True)
    assert [view.order_id for view in found] == newest_first
    of_refused = next(view for view in found if view.order_id == refused)
    assert (of_refused.status, of_refused.refusal) == (
        OrderStatus.CANCELLED,
        Refusal.MARKET_CLOSED,
    )
    page = await queries.any_orders(7, "BTCUSDT", before_id=newest_first[0], limit=1)
    assert [view.order_id for view in page] == newest_first[1:2]
    assert await queries.any_orders(7, "ETHBTC") == []
    as_binance = await queries.all_orders(7, "BTCUSDT")
    assert [view.order_id for view in as_binance] == [n for n in ids if n != refused]
