"""An access token stands for key, time and signature: how the trading screen trades."""

import httpx
import pytest

from tests.unit.api.conftest import House
from tests.unit.api.rows import row, state

ORDER = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.5",
    "price": "60000",
}


async def test_a_token_places_an_order_for_its_user(
    client: httpx.AsyncClient, house: House
) -> None:
    headers = await house.bearer("ada")
    answer = await client.post("/api/v3/order", params=ORDER, headers=headers)
    assert answer.status_code == 200, answer.text
    (placed,) = house.sagas.placed
    user = await house.store.user_by_name("ada")
    assert user is not None
    assert placed.user_id == user.user_id


@pytest.mark.parametrize("header", ["Bearer x.y.z", "bearer nonsense"])
async def test_a_token_that_does_not_hold_is_refused(
    client: httpx.AsyncClient, house: House, header: str
) -> None:
    headers = {"Authorization": header}
    answer = await client.post("/api/v3/order", params=ORDER, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, -1002)
    assert house.sagas.placed == []


async def test_a_token_of_a_session_that_was_logged_out_is_refused(
    client: httpx.AsyncClient, house: House
) -> None:
    headers = await house.bearer("ada")
    assert (await client.post("/v1/logout", headers=headers)).status_code == 204
    answer = await client.get("/api/v3/account", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, -1002)


@pytest.mark.parametrize("header", ["", "Basic YWRhOmFkYQ==", "Bearer", "Bearer "])
async def test_without_a_token_a_key_is_needed(
    client: httpx.AsyncClient, house: House, header: str
) -> None:
    answer = await client.get("/api/v3/account", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, -2014)


async def test_what_is_wrong_with_the_parameters_is_said_as_ever(
    client: httpx.AsyncClient, house: House
) -> None:
    headers = await house.bearer("ada")
    unknown = await client.get("/api/v3/account?nonsense=1", headers=headers)
    assert (unknown.status_code, unknown.json()["code"]) == (400, -1104)
    symbol = await client.get("/api/v3/openOrders?symbol=NOPE", headers=headers)
    assert (symbol.status_code, symbol.json()["code"]) == (400, -1121)


async def test_each_cancel_of_all_orders_is_one_of_its_own(
    client: httpx.AsyncClient, house: House
) -> None:
    """Signed, the very same request has the very same signature; a token has none."""
    headers = await house.bearer("ada")
    user = await house.store.user_by_name("ada")
    assert user is not None
    house.orders.rows, house.sagas.closed = [row(user.user_id)], (state(41),)
    for _ in range(2):
        await client.delete("/api/v3/openOrders?symbol=BTCUSDT", headers=headers)
    assert len({request.command_id for request in house.sagas.cancel_alls}) == 2
