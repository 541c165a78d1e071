"""Cancelling all orders of a market: one command, a bounded wait for the money, the answer."""

import pytest

from api import cancel_all
from contracts.amounts import Amount
from contracts.order_views import OrderView
from contracts.orders import OrderType
from tests.unit.api.conftest import House
from tests.unit.api.rows import leg, row, state
from tests.unit.api.signing import Trader

BTC = {"symbol": "BTCUSDT"}


async def test_one_command_cancels_all_and_the_answer_lists_them(ada: Trader, house: House) -> None:
    house.orders.rows = [
        row(ada.user_id),
        row(
            ada.user_id,
            order_id=42,
            client_order_id="b",
            order_type=OrderType.STOP_LOSS_LIMIT,
            stop_price=Amount("61000"),
            iceberg_quantity=Amount("0.1"),
        ),
    ]
    house.sagas.closed = (state(42, filled_quantity=Amount("0.2")), state(41))
    house.orders.waits = [2, 1]
    answer = await ada.call("DELETE", "openOrders", BTC)
    first, second = answer.json()
    assert (first["orderId"], first["origClientOrderId"], first["status"]) == (
        41,
        "mine-1",
        "CANCELED",
    )
    assert (second["orderId"], second["executedQty"]) == (42, "0.20000000")
    assert (second["stopPrice"], second["icebergQty"]) == ("61000.00000000", "0.10000000")
    assert first["clientOrderId"] == second["clientOrderId"] != "mine-1"
    (command,) = house.sagas.cancel_alls
    assert (command.user_id, command.symbol) == (ada.user_id, "BTCUSDT")
    assert house.orders.waited_for == [42, 41]
    assert house.orders.waits == []
    assert house.sagas.cancels == []


async def test_the_very_same_request_is_the_same_command(ada: Trader, house: House) -> None:
    house.orders.rows, house.sagas.closed = [row(ada.user_id)], (state(41),)
    await ada.call("DELETE", "openOrders", BTC)
    await ada.call("DELETE", "openOrders", BTC)
    house.now_ms += 1
    await ada.call("DELETE", "openOrders", BTC)
    first, second, third = (command.command_id for command in house.sagas.cancel_alls)
    assert first == second != third


async def test_where_none_is_open_nothing_is_asked(ada: Trader, house: House) -> None:
    answer = await ada.call("DELETE", "openOrders", BTC)
    assert (answer.status_code, answer.json()) == (
        400,
        {"code": -2011, "msg": "Unknown order sent."},
    )
    assert house.sagas.cancel_alls == []


async def test_all_may_close_by_themselves_meanwhile(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id)]
    answer = await ada.call("DELETE", "openOrders", BTC)
    assert (answer.status_code, answer.json()["code"]) == (400, -2011)
    assert len(house.sagas.cancel_alls) == 1


async def test_an_order_that_came_in_between_is_in_the_answer(
    ada: Trader, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = row(ada.user_id, order_id=43, client_order_id="late")
    house.orders.rows = [row(ada.user_id), late]

    async def before(user_id: int, symbol: str | None = None) -> list[OrderView]:
        return house.orders.rows[:1]

    monkeypatch.setattr(house.orders, "open_orders", before)
    house.sagas.closed = (state(41), state(43))
    answer = await ada.call("DELETE", "openOrders", BTC)
    assert [order["origClientOrderId"] for order in answer.json()] == ["mine-1", "late"]


async def test_the_wait_for_the_money_ends(
    ada: Trader, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cancel_all, "WAIT_S", 0.05)
    house.orders.rows, house.sagas.closed = [row(ada.user_id)], (state(41),)
    house.orders.waits = [1] * 10_000
    answer = await ada.call("DELETE", "openOrders", BTC)
    assert [order["orderId"] for order in answer.json()] == [41]
    assert house.orders.waits


async def test_a_wait_that_cannot_be_asked_for_is_no_failure(
    ada: Trader, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(order_ids: object) -> int:
        raise ConnectionError("the database is away")

    monkeypatch.setattr(house.orders, "unfinalized", broken)
    house.orders.rows, house.sagas.closed = [row(ada.user_id)], (state(41),)
    assert (await ada.call("DELETE", "openOrders", BTC)).status_code == 200


async def test_a_list_is_one_entry_with_both_its_legs(ada: Trader, house: House) -> None:
    house.orders.rows = [leg(ada.user_id, 41), leg(ada.user_id, 42), row(ada.user_id, order_id=43)]
    house.sagas.closed = (state(41), state(42), state(43))
    single, pair = (await ada.call("DELETE", "openOrders", BTC)).json()
    assert single["orderId"] == 43
    assert (pair["orderListId"], pair["listOrderStatus"]) == (9, "ALL_DONE")
    assert [(r["orderId"], r["status"]) for r in pair["orderReports"]] == [
        (41, "CANCELED"),
        (42, "CANCELED"),
    ]
