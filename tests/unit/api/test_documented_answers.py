"""The examples of the API's documentation have the fields that answers have."""

from functools import cache
from typing import Any

import httpx
import pytest

from api.export import openapi
from contracts.amounts import Amount
from contracts.orders import OrderStatus
from tests.unit.api.conftest import House
from tests.unit.api.rows import FILL, pair, row, state
from tests.unit.api.signing import LIMIT_BUY, OCO_SELL, Trader
from tests.unit.api.test_order_payloads import PREVENTED

BTC = {"symbol": "BTCUSDT"}
REPLACE = {**LIMIT_BUY, "cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": "41"}
LIMIT_OCO = {k: v for k, v in OCO_SELL.items() if not k.startswith("below")} | {
    "belowType": "STOP_LOSS",
    "belowStopPrice": "56000",
}


@cache
def operations() -> dict[str, Any]:
    paths: dict[str, Any] = openapi()["paths"]
    return paths


def shape(value: Any) -> Any:
    """The names of a value's fields, all the way down; of a list, those of its first row."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


@pytest.mark.parametrize(
    ("request_line", "parameters"),
    [
        ("POST order", LIMIT_BUY),
        ("POST order/test", LIMIT_BUY),
        ("POST order/cancelReplace", REPLACE),
        ("PUT order/amend/keepPriority", BTC | {"orderId": "41", "newQty": "0.4"}),
        ("POST orderList/oco", LIMIT_OCO),
        ("DELETE orderList", BTC | {"orderListId": "9"}),
        ("DELETE order", BTC | {"orderId": "41"}),
        ("DELETE openOrders", BTC),
        ("GET order", BTC | {"orderId": "41"}),
        ("GET openOrders", BTC),
        ("GET allOrders", BTC),
        ("GET orderList", {"orderListId": "9"}),
        ("GET allOrderList", {}),
        ("GET openOrderList", {}),
        ("GET myPreventedMatches", BTC | {"orderId": "41"}),
        ("GET account", {}),
        ("GET account/commission", BTC),
        ("GET rateLimit/order", {}),
    ],
)
async def test_an_example_has_the_fields_of_an_answer(
    ada: Trader, house: House, request_line: str, parameters: dict[str, str]
) -> None:
    house.orders.rows, house.orders.lists = [row(ada.user_id)], [pair(ada.user_id)]
    house.orders.prevented = [PREVENTED]
    house.sagas.closed, house.sagas.fills = (state(41),), (FILL,)
    house.sagas.filled = Amount("0.5")
    house.sagas.amended = state(41, status=OrderStatus.OPEN)
    method, path = request_line.split()
    answer = await ada.call(method, path, parameters)
    operation = operations()[f"/api/v3/{path}"][method.lower()]
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    assert shape(example) == shape(answer.json())


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("ping", {}),
        ("time", {}),
        ("depth", BTC),
        ("trades", BTC),
        ("historicalTrades", BTC),
        ("aggTrades", BTC),
        ("klines", BTC | {"interval": "1m"}),
        ("uiKlines", BTC | {"interval": "1m"}),
        ("avgPrice", BTC),
        ("ticker/24hr", BTC),
        ("ticker/price", BTC),
        ("ticker/bookTicker", BTC),
        ("ticker", BTC),
        ("ticker/tradingDay", BTC),
        ("executionRules", {}),
        ("referencePrice", BTC),
    ],
)
async def test_an_example_of_market_data_has_the_fields_of_an_answer(
    client: httpx.AsyncClient, path: str, parameters: dict[str, str]
) -> None:
    answer = await client.get(f"/api/v3/{path}", params=parameters)
    example = operations()[f"/api/v3/{path}"]["get"]["responses"]["200"]["content"]
    assert shape(example["application/json"]["example"]) == shape(answer.json())


async def test_the_example_of_exchange_information_has_the_parts_of_an_answer(
    client: httpx.AsyncClient,
) -> None:
    answer = (await client.get("/api/v3/exchangeInfo")).json()
    content = operations()["/api/v3/exchangeInfo"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["example"].keys() == answer.keys()


async def test_limits_are_documented_as_they_are(client: httpx.AsyncClient, house: House) -> None:
    market_data = house.market_data
    for path, parameters, default, maximum in (
        ("depth", BTC, 100, 5_000),
        ("trades", BTC, 500, 1_000),
        ("historicalTrades", BTC, 500, 1_000),
        ("aggTrades", BTC, 500, 1_000),
        ("klines", BTC | {"interval": "1m"}, 500, 1_000),
        ("uiKlines", BTC | {"interval": "1m"}, 500, 1_000),
    ):
        market_data.asked.clear()
        market_data.limits.clear()
        for limit in ({}, {"limit": str(maximum)}, {"limit": str(maximum + 1)}):
            assert (await client.get(f"/api/v3/{path}", params=parameters | limit)).is_success
        limit_at = -2 if "interval" in parameters else -1  # of what market data was asked
        asked = market_data.limits or [one[limit_at] for one in market_data.asked]
        assert asked == [default, maximum, maximum]
        (field,) = [
            parameter
            for parameter in operations()[f"/api/v3/{path}"]["get"]["parameters"]
            if parameter["name"] == "limit"
        ]
        said = f"Default {default}, maximum {maximum}; more is cut."
        assert field["description"].endswith(said)


@pytest.mark.parametrize(
    "request_line",
    [
        "POST order",
        "POST order/test",
        "POST order/cancelReplace",
        "POST orderList/oco",
        "PUT order/amend/keepPriority",
    ],
)
async def test_every_documented_parameter_is_read(
    ada: Trader, house: House, request_line: str
) -> None:
    """What nobody reads is -1104; whatever else is wrong with so many at once comes first."""
    method, path = request_line.split()
    operation = operations()[f"/api/v3/{path}"][method.lower()]
    for parameter in operation["parameters"]:
        name, value = parameter["name"], str(parameter["example"])
        if name in {"timestamp", "signature"}:
            continue
        start = {
            "order/cancelReplace": REPLACE,
            "orderList/oco": OCO_SELL,
            "order/amend/keepPriority": BTC | {"orderId": "41", "newQty": "0.4"},
        }.get(path, LIMIT_BUY)
        answer = await ada.call(method, path, start | {name: value})
        assert answer.json().get("code") != -1104, name
