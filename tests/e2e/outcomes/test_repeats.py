"""The same request again, and another one under its client order id."""

import pytest

from tests.e2e.outcomes.actor import Json, Placed, assert_error
from tests.e2e.outcomes.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

LIMIT = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "2000"}
ORDERS: dict[str, Json] = {
    "limit": LIMIT,
    "ioc": {**LIMIT, "timeInForce": "IOC", "price": "2010"},
    "fok": {**LIMIT, "timeInForce": "FOK", "price": "2010", "quantity": "0.4"},
    "maker": {**LIMIT, "type": "LIMIT_MAKER", "price": "1980"},
    "market": {"side": "BUY", "type": "MARKET", "quantity": "1"},
    "value": {"side": "BUY", "type": "MARKET", "quoteOrderQty": "1000"},
    "stop": {"side": "BUY", "type": "STOP_LOSS", "quantity": "1", "stopPrice": "2050"},
    "iceberg": {**LIMIT, "icebergQty": "0.5"},
}
del ORDERS["maker"]["timeInForce"]
OCO = {
    "side": "SELL",
    "quantity": "1",
    "listClientOrderId": "again",
    "aboveType": "LIMIT_MAKER",
    "abovePrice": "2050",
    "belowType": "STOP_LOSS",
    "belowStopPrice": "1950",
}
TOOK: Json = {"usdt": "99204", "eth": "100.3996"}  # 0.4 at 1990
RESTS: Json = {"usdt": "98004", "locked_usdt": "1200", "eth": "100.3996"}
MONEY: dict[str, Json] = {
    **dict.fromkeys(("limit", "iceberg"), RESTS),
    **dict.fromkeys(("ioc", "fok", "market", "value"), TOOK),
    "maker": {"usdt": "98020", "locked_usdt": "1980"},
    "stop": {"usdt": "97745", "locked_usdt": "2255"},
}
FIRST_ANSWER = ("orderId", "clientOrderId", "status", "executedQty", "origQty", "fills")


@pytest.mark.parametrize("kind", ORDERS)
async def test_row_48_the_same_request_again(stage: Stage, kind: str) -> None:
    """0.4 ETH are there to be had; when the request comes again, as much is there once more."""
    await stage.other.sells("0.4", "1990")
    order = {**ORDERS[kind], "newClientOrderId": "again", "newOrderRespType": "FULL"}
    first = Placed(stage.me, (await stage.me.post(**order)).json())
    await stage.me.owns(**MONEY[kind])
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
    await stage.me.owns(**MONEY[kind])


async def test_row_48_a_list_again(stage: Stage) -> None:
    first = (await stage.me.post("orderList/oco", **OCO)).json()
    again = await stage.me.post("orderList/oco", **OCO)
    assert again.status_code == 200, again.text
    assert again.json()["orderListId"] == first["orderListId"]
    assert again.json()["orders"] == first["orders"]
    await stage.me.owns(eth="99", locked_eth="1")


async def test_row_49_a_lists_client_id_with_another_body(stage: Stage) -> None:
    first = (await stage.me.post("orderList/oco", **OCO)).json()
    answer = await stage.me.post("orderList/oco", **{**OCO, "quantity": "2"})
    assert_error(answer, 400, -2010, "Duplicate order sent.")
    assert await stage.me.open_ids() == [leg["orderId"] for leg in first["orders"]]
    await stage.me.owns(eth="99", locked_eth="1")


@pytest.mark.parametrize("kind", ORDERS)
async def test_row_49_its_client_id_with_another_body(stage: Stage, kind: str) -> None:
    first = await stage.me.buys("1", "1990", newClientOrderId="taken")
    other = {**ORDERS[kind], "newClientOrderId": "taken"}
    assert_error(await stage.me.post(**other), 400, -2010, "Duplicate order sent.")
    await first.becomes("NEW")
    await stage.me.owns(usdt="98010", locked_usdt="1990")
