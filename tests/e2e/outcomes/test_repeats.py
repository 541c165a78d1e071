"""The same request again, and another one under its client order id."""

import pytest

from tests.e2e.outcomes.actor import Json, Placed, assert_error
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

LIMIT = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "2000"}
ORDERS: dict[str, Json] = {
    "limit": LIMIT,
    "ioc": {**LIMIT, "timeInForce": "IOC"},
    "fok": {**LIMIT, "timeInForce": "FOK", "quantity": "0.4"},
    "maker": {**LIMIT, "type": "LIMIT_MAKER", "price": "1980"},
    "market": {"side": "BUY", "type": "MARKET", "quantity": "1"},
    "value": {"side": "BUY", "type": "MARKET", "quoteOrderQty": "1000"},
    "stop": {"side": "BUY", "type": "STOP_LOSS", "quantity": "1", "stopPrice": "2050"},
    "iceberg": {**LIMIT, "icebergQty": "0.5"},
}
del ORDERS["maker"]["timeInForce"]
FIRST_ANSWER = ("orderId", "clientOrderId", "status", "executedQty", "origQty", "fills")


@pytest.mark.parametrize("kind", ORDERS)
async def test_row_48_the_same_request_again(stage: Stage, kind: str) -> None:
    """0.4 ETH are there to be had once."""
    await stage.other.sells("0.4", "1990")
    order = {**ORDERS[kind], "newClientOrderId": "again", "newOrderRespType": "FULL"}
    first = Placed(stage.me, (await stage.me.post(**order)).json())
    await stage.other.sells("0.4", "2010")
    again = await stage.me.post(**order)
    assert again.status_code == 200, again.text
    told = again.json()
    assert {name: told[name] for name in FIRST_ANSWER} == {
        name: first.told[name] for name in FIRST_ANSWER
    }
    assert told.get("expiryReason") == first.told.get("expiryReason")
    everything = await stage.me.trader.ask("allOrders", symbol="ETHUSDT")
    assert isinstance(everything, list)
    assert [one["orderId"] for one in everything] == [first.id]


async def test_row_48_a_list_again(stage: Stage) -> None:
    oco = {
        "side": "SELL",
        "quantity": "1",
        "listClientOrderId": "again",
        "aboveType": "LIMIT_MAKER",
        "abovePrice": "2050",
        "belowType": "STOP_LOSS",
        "belowStopPrice": "1950",
    }
    first = (await stage.me.post("orderList/oco", **oco)).json()
    again = await stage.me.post("orderList/oco", **oco)
    assert again.status_code == 200, again.text
    assert again.json()["orderListId"] == first["orderListId"]
    assert again.json()["orders"] == first["orders"]
    await stage.me.owns(eth="99", locked_eth="1")


@pytest.mark.parametrize("kind", ORDERS)
async def test_row_49_its_client_id_with_another_body(stage: Stage, kind: str) -> None:
    first = await stage.me.buys("1", "1990", newClientOrderId="taken")
    other = {**ORDERS[kind], "newClientOrderId": "taken"}
    assert_error(await stage.me.post(**other), 400, -2010, "Duplicate order sent.")
    await first.becomes("NEW")
    await stage.me.owns(usdt="98010", locked_usdt="1990")
