"""A cancel whose saga ends while it is asked: the order's row says what became of it."""

import pytest

from api import cancellation
from contracts.amounts import Amount
from contracts.orders import OrderStatus
from tests.unit.api.conftest import House
from tests.unit.api.rows import row
from tests.unit.api.signing import Trader

QUERY = {"symbol": "BTCUSDT", "orderId": "41"}


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancellation, "ROW_PAUSE_S", 0.0)


def ends_as(house: House, user_id: int, status: OrderStatus, after_reads: int = 0) -> None:
    """The order is open when it is found; its saga ends while the cancel is on its way."""
    open_row = row(user_id)
    ended = row(user_id, status=status, filled_quantity=Amount("0.5"), updated_at_ms=77)
    house.orders.rows = [open_row]
    house.sagas.cancel_silent = True
    reads = 0
    any_order = house.orders.any_order

    async def read(of: int, order_id: int) -> object:
        nonlocal reads
        reads += 1
        house.orders.rows = [ended if reads > after_reads else open_row]
        return await any_order(of, order_id)

    house.orders.any_order = read  # type: ignore[assignment,method-assign]


@pytest.mark.parametrize("status", [OrderStatus.FILLED, OrderStatus.EXPIRED])
async def test_an_order_that_closed_in_another_way_cannot_be_cancelled(
    ada: Trader, house: House, status: OrderStatus
) -> None:
    ends_as(house, ada.user_id, status)
    answer = await ada.call("DELETE", "order", QUERY)
    assert (answer.status_code, answer.json()) == (
        400,
        {"code": -2011, "msg": "Unknown order sent."},
    )


async def test_an_order_that_was_cancelled_is_told_as_cancelled(ada: Trader, house: House) -> None:
    ends_as(house, ada.user_id, OrderStatus.CANCELLED, after_reads=3)
    answer = await ada.call("DELETE", "order", QUERY)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "CANCELED"
    assert (answer.json()["executedQty"], answer.json()["transactTime"]) == ("0.50000000", 77)


async def test_an_order_that_stays_open_leaves_the_outcome_unknown(
    ada: Trader, house: House
) -> None:
    ends_as(house, ada.user_id, OrderStatus.FILLED, after_reads=cancellation.ROW_READS)
    answer = await ada.call("DELETE", "order", QUERY)
    assert (answer.status_code, answer.json()["code"]) == (504, -1007)
