"""The market streams over real sockets: paths, control messages, refusals."""

import json

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.unit.api.stream.conftest import Client, Exchange

TRADE = "btcusdt@trade"
EVENT = '{"e":"trade","E":5,"s":"BTCUSDT","t":1,"T":6}'
WRAPPED = {"stream": TRADE, "data": json.loads(EVENT)}


@pytest.mark.parametrize(
    "path",
    ["/ws/btcusdt@trade", "/ws/btcusdt%40trade", "/stream/ws/btcusdt@trade"],
)
async def test_a_path_below_ws_is_a_stream_of_bare_events(exchange: Exchange, path: str) -> None:
    client = await exchange.connect(path)
    await exchange.followed(TRADE)
    exchange.hub.publish(TRADE, EVENT)
    assert await client.socket.recv() == EVENT


@pytest.mark.parametrize("written", ["@+08:00", "@%2B08:00", "%40%2b08%3A00"])
@pytest.mark.parametrize("path", ["/ws/btcusdt@kline_1d", "/stream?streams=btcusdt@kline_1d"])
async def test_the_plus_of_a_time_zone_may_be_written_as_it_is(
    exchange: Exchange, path: str, written: str
) -> None:
    await exchange.connect(f"{path}{written}")
    await exchange.followed("btcusdt@kline_1d@+08:00")


@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        ("/ws/btcusdt@trade/ethbtc@depth", json.loads(EVENT), {"u": 1}),
        (
            "/stream?streams=btcusdt@trade/ethbtc@depth",
            WRAPPED,
            {"stream": "ethbtc@depth", "data": {"u": 1}},
        ),
    ],
)
async def test_a_path_may_name_several(
    exchange: Exchange, path: str, first: object, second: object
) -> None:
    client = await exchange.connect(path)
    await exchange.followed(TRADE, "ethbtc@depth")
    exchange.hub.publish(TRADE, EVENT)
    exchange.hub.publish("ethbtc@depth", '{"u":1}')
    exchange.hub.publish("ethusdt@depth", '{"u":2}')
    assert [await client.hears(), await client.hears()] == [first, second]


@pytest.mark.parametrize(
    ("path", "event"),
    [
        ("/ws", json.loads(EVENT)),
        ("/ws/", json.loads(EVENT)),
        ("/ws/0", json.loads(EVENT)),
        ("/ws/17", json.loads(EVENT)),
        ("/stream/ws", json.loads(EVENT)),
        ("/stream/ws/3", json.loads(EVENT)),
        ("/stream", WRAPPED),
        ("/stream?streams=", WRAPPED),
    ],
)
async def test_without_a_stream_the_client_subscribes(
    exchange: Exchange, path: str, event: object
) -> None:
    client = await exchange.connect(path)
    assert await client.asks("LIST_SUBSCRIPTIONS") == {"result": [], "id": 1}
    assert await client.asks("SUBSCRIBE", TRADE) == {"result": None, "id": 1}
    exchange.hub.publish(TRADE, EVENT)
    assert await client.hears() == event


async def test_the_list_of_subscriptions_follows_what_was_asked(exchange: Exchange) -> None:
    client = await exchange.connect("/ws/btcusdt@trade")
    await client.asks("SUBSCRIBE", "ethbtc@depth@1000ms", TRADE)
    listed = await client.asks("LIST_SUBSCRIPTIONS")
    assert listed["result"] == [TRADE, "ethbtc@depth@1000ms"]
    assert await client.asks("UNSUBSCRIBE", TRADE, "never@trade") == {"result": None, "id": 1}
    assert (await client.asks("LIST_SUBSCRIPTIONS"))["result"] == ["ethbtc@depth@1000ms"]
    assert list(exchange.hub.names()) == ["ethbtc@depth"]
    assert await client.asks("SUBSCRIBE", TRADE) == {"result": None, "id": 1}
    exchange.hub.publish(TRADE, EVENT)
    assert await client.hears() == json.loads(EVENT)


async def test_a_stream_under_two_names_comes_under_both(exchange: Exchange) -> None:
    client = await exchange.connect("/stream?streams=btcusdt@depth/btcusdt@depth@1000ms")
    await exchange.followed("btcusdt@depth")
    exchange.hub.publish("btcusdt@depth", "{}")
    names = [(await client.hears())["stream"] for _ in range(2)]
    assert names == ["btcusdt@depth", "btcusdt@depth@1000ms"]
    await client.asks("UNSUBSCRIBE", "btcusdt@depth")
    exchange.hub.publish("btcusdt@depth", "{}")
    assert (await client.hears())["stream"] == "btcusdt@depth@1000ms"


async def test_a_new_subscriber_is_told_the_last_state_after_the_answer(
    exchange: Exchange,
) -> None:
    early, late = await exchange.connect("/ws/btcusdt@depth5"), await exchange.connect("/ws")
    await exchange.followed("btcusdt@depth5")
    exchange.hub.publish("btcusdt@depth5", '{"lastUpdateId":7}')
    assert await early.hears() == {"lastUpdateId": 7}

    assert await late.asks("SUBSCRIBE", "btcusdt@depth5") == {"result": None, "id": 1}
    assert await late.hears() == {"lastUpdateId": 7}


async def test_what_python_binance_asks_for_is_an_alias(exchange: Exchange) -> None:
    client = await exchange.connect("/ws/!miniTicker@arr@1000ms")
    await exchange.followed("!miniTicker@arr")
    exchange.hub.publish("!miniTicker@arr", "[]")
    assert await client.hears() == []


@pytest.mark.parametrize(("path", "combined"), [("/ws", False), ("/stream", True)])
async def test_the_property_combined(exchange: Exchange, path: str, combined: bool) -> None:
    client = await exchange.connect(path)
    await client.asks("SUBSCRIBE", TRADE)
    for wanted in (combined, not combined, combined):
        changed = await client.asks("SET_PROPERTY", "combined", wanted)
        assert changed == {"result": None, "id": 1}
        assert await client.asks("GET_PROPERTY", "combined") == {"result": wanted, "id": 1}
        exchange.hub.publish(TRADE, EVENT)
        assert await client.hears() == (WRAPPED if wanted else json.loads(EVENT))


@pytest.mark.parametrize("unit", ["MICROSECOND", "microsecond"])
async def test_times_in_microseconds(exchange: Exchange, unit: str) -> None:
    client = await exchange.connect(f"/stream?streams={TRADE}&timeUnit={unit}")
    await exchange.followed(TRADE)
    exchange.hub.publish(TRADE, EVENT)
    assert (await client.hears())["data"] == json.loads(EVENT) | {"E": 5000, "T": 6000}


@pytest.mark.parametrize(
    "name", ["dogeusdt@trade", "BTCUSDT@trade", "btcusdt@nonsense", "!bookTicker", "x" * 64, "é"]
)
async def test_an_unknown_stream_is_refused_and_changes_nothing(
    exchange: Exchange, name: str
) -> None:
    client = await exchange.connect("/ws")
    refused = await client.asks("SUBSCRIBE", TRADE, name)
    assert refused["code"] == 2
    assert refused["msg"].startswith("Invalid request: unknown stream")
    assert name in refused["msg"]
    assert (await client.asks("LIST_SUBSCRIPTIONS"))["result"] == []
    assert not exchange.hub.names()


@pytest.mark.parametrize(
    "path",
    [
        "/ws/dogeusdt@trade",
        "/ws/btcusdt@trade/nonsense",
        "/stream?streams=nonsense",
        "/ws/btcusdt@trade?timeUnit=NANOSECOND",
    ],
)
async def test_a_handshake_that_makes_no_sense_is_refused(exchange: Exchange, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await exchange.connect(path)
    assert refused.value.response.status_code == 400
    body = json.loads(refused.value.response.body)
    assert body["code"] == -1130
    assert body["msg"].startswith("Invalid request: ")


async def test_a_bad_message_is_answered_and_the_connection_goes_on(exchange: Exchange) -> None:
    client = await exchange.connect("/ws")
    await client.says("nonsense")
    assert (await client.hears())["code"] == 3
    assert await client.asks("LIST_SUBSCRIPTIONS") == {"result": [], "id": 1}


async def test_a_client_that_goes_is_forgotten(exchange: Exchange) -> None:
    clients: list[Client] = [await exchange.connect(f"/ws/{TRADE}") for _ in range(2)]
    await exchange.followed(TRADE)
    assert exchange.figures.as_json()["connections"] == 2
    for client in clients:
        await client.socket.close()
    await exchange.nobody_is_here()
    assert exchange.figures.as_json()["connections"] == 0


async def test_a_client_whose_frames_were_lost_is_told_to_come_again(exchange: Exchange) -> None:
    loser = await exchange.connect("/ws/btcusdt@depth/btcusdt@trade")
    other = await exchange.connect(f"/ws/{TRADE}")
    await exchange.followed("btcusdt@depth", TRADE)
    exchange.hub.publish(TRADE, EVENT)
    exchange.hub.lose("btcusdt@depth")
    assert await loser.hears() == json.loads(EVENT)
    assert await loser.closed() == (1012, "Frames of btcusdt@depth were lost: connect again")
    exchange.hub.publish(TRADE, EVENT)
    assert [await other.hears(), await other.hears()] == [json.loads(EVENT)] * 2


async def test_healthz_tells_what_the_sockets_have_done(exchange: Exchange) -> None:
    client = await exchange.connect("/ws")
    await client.asks("LIST_SUBSCRIPTIONS")
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"http://127.0.0.1:{exchange.port}/healthz")
    assert answer.json()["status"] == "ok"
    sockets = answer.json()["sockets"]
    assert sockets["connections"] == 1
    assert sockets["sent"] > 0
    assert (sockets["conflated"], sockets["aborted"], sockets["lost"]) == (0, 0, 0)
