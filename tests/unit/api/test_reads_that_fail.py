"""Reads that fail around an order or a cancel. Before anything is done: -1008, and no order is
counted. Once it may be done: -1007, for -1008 would say that nothing was."""

from collections.abc import Callable

import httpx
import pytest

from api import cancellation
from contracts.amounts import Amount
from contracts.orders import OrderStatus
from tests.unit.api.conftest import House
from tests.unit.api.rows import row, state
from tests.unit.api.signing import LIMIT_BUY, MARKET_BUY, OCO_SELL, Trader
from tests.unit.api.test_repeats import MINE, RememberingLimits, limits, remember

__all__ = ["limits"]

OVERLOADED = (503, -1008)
UNKNOWN = (504, -1007)
BTC = {"symbol": "BTCUSDT"}
REPLACE = {
    **LIMIT_BUY,
    "cancelReplaceMode": "STOP_ON_FAILURE",
    "cancelOrderId": "41",
    "newClientOrderId": "mine-2",
}

Fail = Callable[..., None]


@pytest.fixture
def fail(house: House, monkeypatch: pytest.MonkeyPatch) -> Fail:
    """`fail("order", after=1)`: that question to the database is answered once, and then not."""

    def make(name: str, after: int = 0) -> None:
        ask, calls = getattr(house.orders, name), 0

        async def asked(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls > after:
                raise ConnectionError("the database is away")
            return await ask(*args, **kwargs)

        monkeypatch.setattr(house.orders, name, asked)

    return make


def told(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


async def counted(trader: Trader) -> list[int]:
    return [limit["count"] for limit in (await trader.call("GET", "rateLimit/order")).json()]


async def test_orders_that_were_not_taken_are_not_counted(
    ada: Trader, house: House, fail: Fail
) -> None:
    fail("open_counts")
    assert told(await ada.call("POST", "order", LIMIT_BUY)) == OVERLOADED
    assert told(await ada.call("POST", "orderList/oco", OCO_SELL)) == OVERLOADED
    house.orders.rows = [row(ada.user_id)]
    assert told(await ada.call("POST", "order/cancelReplace", REPLACE)) == OVERLOADED
    assert await counted(ada) == [0, 0]
    assert (house.sagas.placed, house.sagas.lists, house.sagas.cancels) == ([], [], [])


async def test_orders_of_unknown_fate_are_counted(ada: Trader, house: House) -> None:
    house.sagas.silent = True
    assert told(await ada.call("POST", "order", LIMIT_BUY)) == UNKNOWN
    assert await counted(ada) == [1, 1]


async def test_an_order_that_others_overload_gives_nothing_else_back(
    ada: Trader, house: House
) -> None:
    house.market_data.broken = True
    assert told(await ada.call("POST", "order", MARKET_BUY)) == OVERLOADED
    assert (await ada.call("POST", "order", LIMIT_BUY)).status_code == 200
    assert told(await ada.call("POST", "order", MARKET_BUY)) == OVERLOADED
    assert await counted(ada) == [1, 1]


async def test_fills_that_cannot_be_read_leave_the_order_unknown(
    ada: Trader, house: House, fail: Fail
) -> None:
    house.sagas.filled, house.sagas.status = Amount("0.5"), OrderStatus.FILLED
    fail("fills_of")
    assert told(await ada.call("POST", "order", LIMIT_BUY)) == UNKNOWN
    assert len(house.sagas.placed) == 1


async def test_an_order_that_was_made_before_and_cannot_be_read_is_unknown(
    ada: Trader, house: House, limits: RememberingLimits, fail: Fail
) -> None:
    await remember(ada, house, limits, LIMIT_BUY)
    fail("order")
    assert told(await ada.call("POST", "order", LIMIT_BUY | MINE)) == UNKNOWN
    assert house.sagas.placed == []


async def test_a_silent_cancel_whose_row_cannot_be_read_is_unknown(
    ada: Trader, house: House, fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cancellation, "ROW_PAUSE_S", 0.0)
    house.orders.rows, house.sagas.cancel_silent = [row(ada.user_id)], True
    fail("any_order", after=2)
    assert told(await ada.call("DELETE", "order", BTC | {"orderId": "41"})) == UNKNOWN


async def test_a_cancel_that_finds_no_database_has_done_nothing(
    ada: Trader, house: House, fail: Fail
) -> None:
    fail("order")
    assert told(await ada.call("DELETE", "order", BTC | {"orderId": "41"})) == OVERLOADED
    assert house.sagas.cancels == []


async def test_orders_that_came_in_between_and_cannot_be_read_leave_a_cancel_all_unknown(
    ada: Trader, house: House, fail: Fail
) -> None:
    house.orders.rows, house.sagas.closed = [row(ada.user_id)], (state(41), state(42))
    fail("any_order")
    assert told(await ada.call("DELETE", "openOrders", BTC)) == UNKNOWN


@pytest.mark.parametrize("answered", [1, 2])
async def test_a_replacement_that_may_be_a_repeat_and_cannot_be_read_is_unknown(
    ada: Trader, house: House, fail: Fail, answered: int
) -> None:
    house.orders.rows = [row(ada.user_id, status=OrderStatus.CANCELLED)]
    fail("order", after=answered)
    assert told(await ada.call("POST", "order/cancelReplace", REPLACE)) == UNKNOWN
    assert house.sagas.placed == []
