"""Requests of the WebSocket API: each method is its REST endpoint, errors and limits are exact."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from api.rate_limits import Window
from api.stream import ws_api_session
from api.stream.ws_api_methods import ENDPOINTS
from config.settings import StreamSettings
from contracts.orders import PlacementAnswer, PlaceOrder
from tests.support.waits import until
from tests.unit.api.signing import LIMIT_BUY, Trader
from tests.unit.api.stream.conftest import Exchange, running
from tests.unit.api.stream.ws_api_client import Bot, Raw, new_bot

NO_KEY = "A" * 64
BTC = {"symbol": "BTCUSDT"}
QUESTIONS: dict[str, dict[str, Any]] = {
    "exchangeInfo": BTC,
    "depth": {**BTC, "limit": 5},
    "trades.recent": BTC,
    "trades.historical": BTC,
    "trades.aggregate": BTC,
    "klines": {**BTC, "interval": "1m"},
    "uiKlines": {**BTC, "interval": "1m"},
    "avgPrice": BTC,
    "ticker": BTC,
    "ticker.24hr": BTC,
    "ticker.tradingDay": BTC,
    "ticker.price": BTC,
    "ticker.book": BTC,
    "executionRules": BTC,
    "referencePrice": BTC,
    "order.place": LIMIT_BUY,
    "order.test": LIMIT_BUY,
    "order.cancel": {**BTC, "orderId": 7},
    "order.cancelReplace": {
        **LIMIT_BUY,
        "cancelReplaceMode": "STOP_ON_FAILURE",
        "cancelOrderId": 7,
    },
    "order.amend.keepPriority": {**BTC, "orderId": 7, "newQty": "0.1"},
    "order.status": {**BTC, "orderId": 7},
    "openOrders.cancelAll": BTC,
    "allOrders": BTC,
    "orderList.cancel": {**BTC, "orderListId": 9},
    "orderList.status": {"orderListId": 9},
    "myTrades": BTC,
    "myPreventedMatches": {**BTC, "orderId": 7},
    "account.commission": BTC,
}


@pytest.fixture
async def ada(exchange: Exchange) -> Bot:
    return await new_bot(exchange)


async def _over_http(bot: Bot, method: str, parameters: dict[str, Any]) -> httpx.Response:
    """The same question as a REST request."""
    endpoint = ENDPOINTS[method]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{bot.exchange.port}") as http:
        clock = bot.exchange.dependencies.clock_ms
        trader = Trader(http, bot.user_id, bot.key, bot.secret, clock)
        path = endpoint.path.removeprefix("/api/v3/")
        texts = {name: str(value) for name, value in parameters.items()}
        if endpoint.signed:
            return await trader.call(endpoint.verb, path, texts)
        return await http.request(endpoint.verb, endpoint.path, params=texts)


@pytest.mark.parametrize("method", ENDPOINTS)
async def test_each_method_answers_what_its_endpoint_answers(ada: Bot, method: str) -> None:
    question = QUESTIONS.get(method, {})
    asked = ada.signed(**question) if ENDPOINTS[method].signed else question

    answer = await ada.asks(method, asked)
    same = await _over_http(ada, method, question)

    assert same.status_code not in {404, 405}  # the endpoint is there
    assert answer["status"] == same.status_code
    said, expected = answer["result" if same.is_success else "error"], same.json()
    for changing in ("orderId", "clientOrderId"):  # a new order is a new order
        if method == "order.place":
            said.pop(changing), expected.pop(changing)
    assert said == expected


async def test_the_answer_tells_what_the_limits_have_come_to(ada: Bot) -> None:
    placed = await ada.asks("order.place", ada.signed(**LIMIT_BUY))

    kinds = [(r["rateLimitType"], r["interval"], r["intervalNum"]) for r in placed["rateLimits"]]
    assert kinds == [
        ("ORDERS", "SECOND", 10),
        ("ORDERS", "DAY", 1),
        ("REQUEST_WEIGHT", "MINUTE", 1),
    ]
    assert all(0 <= r["count"] <= r["limit"] for r in placed["rateLimits"])
    silent = await ada.asks("time", {"returnRateLimits": False})
    assert set(silent) == {"id", "status", "result"}


async def test_a_connection_may_want_no_limits_in_its_answers(exchange: Exchange) -> None:
    bot = await new_bot(exchange, query="?returnRateLimits=false")

    assert "rateLimits" not in await bot.asks("ping")
    assert "rateLimits" in await bot.asks("ping", {"returnRateLimits": Raw("true")})


async def test_times_may_be_in_microseconds(exchange: Exchange) -> None:
    bot = await new_bot(exchange, query="?timeUnit=MICROSECOND")

    answer = await bot.asks("time")
    assert answer["result"]["serverTime"] == exchange.house.now_ms * 1000


@pytest.mark.parametrize("id_json", ["1", '"a-b"', "null", "-7"])
async def test_the_id_comes_back_as_it_was(ada: Bot, id_json: str) -> None:
    await ada.says("v3/ping", id_json=id_json)

    assert str(await ada.client.socket.recv()).startswith(
        f'{{"id":{id_json},"status":200,"result":{{}}'
    )


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("nonsense", -1135, "Invalid JSON Request"),
        ("[]", -1135, "Invalid JSON Request"),
        ("{}", -1102, "Mandatory parameter 'id' was not sent"),
        ('{"id":1.5,"method":"ping"}', -1135, "parameter 'id' is not valid"),
        ('{"id":[],"method":"ping"}', -1135, "parameter 'id' is not valid"),
        (f'{{"id":"{"x" * 37}","method":"ping"}}', -1135, "parameter 'id' is not valid"),
        ('{"id":1}', -1102, "Mandatory parameter 'method' was not sent"),
        ('{"id":1,"method":5}', -1135, "parameter 'method' is not valid"),
        ('{"id":1,"method":"order.fly"}', -1020, "unknown method 'order.fly'"),
        ('{"id":1,"method":"session.logon"}', -1020, "needs an Ed25519 key"),
        ('{"id":1,"method":"userDataStream.subscribe"}', -1020, "needs an Ed25519 key"),
        ('{"id":1,"method":"ping","params":[]}', -1135, "Invalid 'params' in JSON request"),
        ('{"id":1,"method":"depth","params":{"symbol":{}}}', -1135, "'symbol' is not valid"),
        ('{"id":1,"method":"depth","params":{"symbol":null}}', -1105, "'symbol' was empty"),
        ('{"id":1,"method":"depth","params":{}}', -1102, "parameter 'symbol' was not sent"),
        ('{"id":1,"method":"depth","params":{"symbol":"XY"}}', -1121, "Invalid symbol."),
        ('{"id":1,"method":"time","params":{"more":1}}', -1104, "Not all sent parameters"),
        ('{"id":1,"method":"account.status"}', -1102, "parameter 'apiKey' was not sent"),
    ],
)
async def test_a_bad_request_is_told_why(ada: Bot, text: str, code: int, said: str) -> None:
    await ada.client.says(text)

    answer = await ada.client.hears()

    assert answer["id"] == (1 if text.startswith('{"id":1,') or text == '{"id":1}' else None)
    assert (answer["status"], answer["error"]["code"]) == (400, code)
    assert said in answer["error"]["msg"]
    assert (await ada.asks("ping"))["status"] == 200  # the connection goes on


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"signature": "0" * 64}, 400, -1022),
        ({"signature": "no"}, 400, -1100),
        ({"signature": ""}, 400, -1102),
        ({"timestamp": ""}, 400, -1102),
        ({"apiKey": "short"}, 401, -2014),
        ({"apiKey": NO_KEY}, 401, -2015),
        ({"recvWindow": 60_001}, 400, -1131),
    ],
)
async def test_what_is_not_signed_by_a_key_is_refused(
    ada: Bot, changes: dict[str, Any], status: int, code: int
) -> None:
    answer = await ada.asks("account.status", ada.signed() | changes)

    assert (answer["status"], answer["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("away_ms", "said"),
    [
        (-6_000, "Timestamp for this request is outside of the recvWindow."),
        (1_000, "Timestamp for this request was 1000ms ahead of the server's time."),
    ],
)
async def test_a_request_of_another_time_is_refused(ada: Bot, away_ms: int, said: str) -> None:
    at = ada.exchange.dependencies.clock_ms() + away_ms

    answer = await ada.asks("account.status", ada.signed(timestamp=at))

    assert answer["error"] == {"code": -1021, "msg": said}


async def test_what_was_signed_is_the_clients_own_text(ada: Bot) -> None:
    """Numbers keep their zeros, booleans are lower case, names are in order."""
    now = ada.exchange.dependencies.clock_ms()
    asked = {
        **LIMIT_BUY,
        "quantity": Raw("0.50"),
        "price": Raw("60000.10"),
        "returnRateLimits": Raw("false"),
        "timestamp": now,
        "apiKey": ada.key,
    }
    payload = (
        f"apiKey={ada.key}&price=60000.10&quantity=0.50&returnRateLimits=false&side=BUY"
        f"&symbol=BTCUSDT&timeInForce=GTC&timestamp={now}&type=LIMIT"
    )

    answer = await ada.asks("order.place", {**asked, "signature": ada.sign(payload)})

    assert answer["status"] == 200
    assert (answer["result"]["price"], answer["result"]["origQty"]) == (
        "60000.10000000",
        "0.50000000",
    )
    wrong = ada.sign(payload.replace("60000.10", "60000.1"))
    assert (await ada.asks("order.test", {**asked, "signature": wrong}))["error"]["code"] == -1022


async def test_a_slow_order_holds_up_nobody(ada: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    go, sagas = asyncio.Event(), ada.exchange.house.sagas
    place = sagas.place

    async def slow(order: PlaceOrder) -> PlacementAnswer:
        await go.wait()
        return await place(order)

    monkeypatch.setattr(sagas, "place", slow)
    for number in range(ws_api_session.AT_ONCE):
        order = {**LIMIT_BUY, "newClientOrderId": f"slow-{number}"}
        await ada.says("order.place", ada.signed(**order), id_json='"slow"')
    assert (await ada.asks("ping"))["id"] == "1"

    go.set()
    answers = [await ada.client.hears() for _ in range(ws_api_session.AT_ONCE)]
    assert {(a["id"], a["status"]) for a in answers} == {("slow", 200)}


async def test_an_order_is_placed_though_its_client_has_gone(
    ada: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, sagas = asyncio.Event(), asyncio.Event(), ada.exchange.house.sagas
    placed = len(sagas.placed)
    place = sagas.place

    async def slow(order: PlaceOrder) -> PlacementAnswer:
        begun.set()
        await go.wait()
        return await place(order)

    monkeypatch.setattr(sagas, "place", slow)
    await ada.says("order.place", ada.signed(**LIMIT_BUY))
    await begun.wait()
    await ada.client.socket.close()
    go.set()

    async def there() -> bool:
        return len(sagas.placed) == placed + 1

    await until(there, "the order")


async def test_too_many_unanswered_requests_are_refused_at_once(
    ada: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ws_api_session, "WAITING_MAX", 2)
    go, sagas = asyncio.Event(), ada.exchange.house.sagas
    place = sagas.place

    async def slow(order: PlaceOrder) -> PlacementAnswer:
        await go.wait()
        return await place(order)

    monkeypatch.setattr(sagas, "place", slow)
    for number in range(2):
        order = {**LIMIT_BUY, "newClientOrderId": f"many-{number}"}
        await ada.says("order.place", ada.signed(**order))
    await ada.says("order.place", ada.signed(**LIMIT_BUY), id_json='"one too many"')

    refused = await ada.client.hears()

    assert (refused["id"], refused["status"]) == ("one too many", 429)
    assert refused["error"]["code"] == -1003
    go.set()
    assert [(await ada.client.hears())["status"] for _ in range(2)] == [200, 200]


async def test_too_much_weight_is_told_with_the_time_to_come_back(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings()) as exchange:
        bot = await new_bot(exchange)
        limit = exchange.dependencies.settings.weight_per_minute
        while (answer := await bot.asks("exchangeInfo"))["status"] == 200:
            assert answer["rateLimits"][0]["count"] <= limit

        assert (answer["status"], answer["error"]["code"]) == (429, -1003)
        data = answer["error"]["data"]
        assert data["serverTime"] < data["retryAfter"] <= data["serverTime"] + 60_000


@pytest.mark.parametrize("query", ["?timeUnit=HOUR", "?surprise=1"])
async def test_a_query_that_makes_no_sense_opens_nothing(exchange: Exchange, query: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await exchange.connect("/ws-api/v3" + query)
    assert refused.value.response.status_code == 400


async def test_to_connect_weighs_two_and_too_much_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings()) as exchange:
        bot = await new_bot(exchange)
        told = await bot.asks("time")
        assert told["rateLimits"][0]["count"] == 2 + 1
        weight = exchange.house.settings.weight_per_minute
        await exchange.dependencies.rate_limits.take(
            [
                Window(
                    name="weight", subject="ip:127.0.0.1", cost=weight - 4, limit=weight, seconds=60
                )
            ]
        )
        with pytest.raises(InvalidStatus) as refused:
            await exchange.connect("/ws-api/v3")
        assert refused.value.response.status_code == 429
        assert int(refused.value.response.headers["Retry-After"]) > 0
