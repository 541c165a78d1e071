"""The list of a user's orders under `/v1`: those of one market, refused ones too."""

import httpx
import pytest

from contracts.orders import OrderStatus, Refusal
from tests.unit.api.conftest import House
from tests.unit.api.rows import row
from tests.unit.api.signing import Trader

ORDERS = "/v1/orders"


async def _ids(ada: Trader, house: House, query: str) -> list[int]:
    answer = await ada.client.get(f"{ORDERS}?{query}", headers=await house.bearer("ada"))
    assert answer.status_code == 200, answer.text
    return [order["order_id"] for order in answer.json()]


async def test_refused_orders_are_listed_with_their_reason(ada: Trader, house: House) -> None:
    house.orders.rows = [
        row(ada.user_id),
        row(
            ada.user_id,
            order_id=42,
            status=OrderStatus.CANCELLED,
            refusal=Refusal.PRICE_OUT_OF_BAND,
        ),
    ]
    query = f"{ORDERS}?symbol=BTCUSDT"
    found = (await ada.client.get(query, headers=await house.bearer("ada"))).json()
    assert [(o["order_id"], o["status"], o["refusal"]) for o in found] == [
        (42, "CANCELLED", "PRICE_OUT_OF_BAND"),
        (41, "OPEN", None),
    ]


async def test_one_sees_only_ones_own_orders_of_the_market(ada: Trader, house: House) -> None:
    house.orders.rows = [
        row(ada.user_id + 1, order_id=40),
        row(ada.user_id, order_id=41),
        row(ada.user_id, order_id=42, symbol="ETHBTC"),
    ]
    assert await _ids(ada, house, "symbol=BTCUSDT") == [41]


async def test_pages_follow_one_another(ada: Trader, house: House) -> None:
    house.orders.rows = [row(ada.user_id, order_id=n) for n in (41, 42, 43)]
    assert await _ids(ada, house, "symbol=BTCUSDT&limit=2") == [43, 42]
    assert await _ids(ada, house, "symbol=BTCUSDT&limit=2&before_id=42") == [41]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, -1130),
        ("symbol=NOPE", 400, -1121),
        ("symbol=' OR 1", 422, -1130),
        ("symbol=BTCUSDT&limit=0", 422, -1130),
        ("symbol=BTCUSDT&limit=501", 422, -1130),
        ("symbol=BTCUSDT&before_id=0", 422, -1130),
        ("symbol=BTCUSDT&before_id=x", 422, -1130),
    ],
)
async def test_a_wrong_question_is_refused(
    client: httpx.AsyncClient, house: House, query: str, status: int, code: int
) -> None:
    answer = await client.get(f"{ORDERS}?{query}", headers=await house.bearer("ada"))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_nobody_else_is_answered(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{ORDERS}?symbol=BTCUSDT")
    assert (answer.status_code, answer.json()["code"]) == (401, -1002)
