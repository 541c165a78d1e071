"""Orders that come at once do not all take the same free place."""

import asyncio
from typing import NamedTuple

import pytest

from contracts.order_views import OpenCounts
from contracts.orders import PlaceOrder
from tests.unit.api.conftest import House
from tests.unit.api.signing import LIMIT_BUY, OCO_SELL, STOP_BUY, Trader

ICEBERG_BUY = {**LIMIT_BUY, "icebergQty": "0.1"}
REPLACE = {**LIMIT_BUY, "cancelReplaceMode": "ALLOW_FAILURE", "cancelOrderId": "41"}


@pytest.fixture
def slow(house: House) -> House:
    """Sagas that answer when every other request has been heard."""
    place, place_list = house.sagas.place, house.sagas.place_list

    async def later(order: PlaceOrder) -> object:
        for _ in range(100):
            await asyncio.sleep(0)
        return await (place if isinstance(order, PlaceOrder) else place_list)(order)

    house.sagas.place = house.sagas.place_list = later  # type: ignore[method-assign, assignment]
    return house


class Limit(NamedTuple):
    """What is placed five times at once, what is open already, how many there is a place for."""

    path: str
    parameters: dict[str, str]
    counts: OpenCounts
    fit: int
    name: str


@pytest.mark.parametrize(
    "limit",
    [
        Limit("order", LIMIT_BUY, OpenCounts(orders=197), 3, "MAX_NUM_ORDERS"),
        Limit("order", STOP_BUY, OpenCounts(conditional=3), 2, "MAX_NUM_ALGO_ORDERS"),
        Limit("order", ICEBERG_BUY, OpenCounts(iceberg=18), 2, "MAX_NUM_ICEBERG_ORDERS"),
        Limit("orderList/oco", OCO_SELL, OpenCounts(lists=19), 1, "MAX_NUM_ORDER_LISTS"),
        Limit("order/cancelReplace", REPLACE, OpenCounts(orders=199), 1, "MAX_NUM_ORDERS"),
    ],
    ids=lambda limit: f"{limit.path} {limit.name}",
)
async def test_as_many_are_placed_as_there_are_places(
    ada: Trader, slow: House, limit: Limit
) -> None:
    slow.orders.counts = limit.counts
    answers = await asyncio.gather(
        *(ada.call("POST", limit.path, limit.parameters) for _ in range(5))
    )
    assert len(slow.sagas.placed) + len(slow.sagas.lists) == limit.fit
    refused = [a.json() for a in answers if a.json().get("code") == -1013]
    assert refused == [{"code": -1013, "msg": f"Filter failure: {limit.name}"}] * (5 - limit.fit)


async def test_others_and_other_markets_have_places_of_their_own(ada: Trader, slow: House) -> None:
    slow.orders.counts = OpenCounts(orders=199)
    user_id, key = await slow.key_of("grace")
    grace = Trader(ada.client, user_id, key.api_key, key.secret, ada.clock_ms)
    answers = await asyncio.gather(
        ada.call("POST", "order", LIMIT_BUY),
        ada.call("POST", "order", {**LIMIT_BUY, "symbol": "ETHUSDT", "price": "3000"}),
        grace.call("POST", "order", LIMIT_BUY),
    )
    assert [answer.status_code for answer in answers] == [200] * 3


async def test_what_is_placed_or_refused_is_in_flight_no_more(ada: Trader, house: House) -> None:
    house.orders.counts = OpenCounts(orders=199)
    for broken in (True, False, True, False):
        house.sagas.silent = broken
        answer = await ada.call("POST", "order", LIMIT_BUY)
        assert answer.status_code == (504 if broken else 200)
