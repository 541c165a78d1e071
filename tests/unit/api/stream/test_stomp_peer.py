"""What a STOMP client gets for its requests: connections, messages, receipts, errors, ends."""

import asyncio

import pytest

from api.stream import stomp_peer
from api.stream.sockjs import SOCKJS
from api.stream.stomp_peer import BURST
from tests.unit.api.conftest import House
from tests.unit.api.stream.stomp_client import CONNECT, Received, stomp_client

TRADES = "/topic/trades/BTCUSDT"
TICKER = "/topic/ticker/BTCUSDT"


async def test_connect_is_answered_with_version_and_heart_beat(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        client.says(CONNECT)
        assert await client.frame(1) == Received(
            "CONNECTED",
            {"version": "1.2", "heart-beat": "1000,10000", "server": "TradeFlow"},
            "",
        )


async def test_messages_are_the_streams_payloads_until_unsubscribed(house: House) -> None:
    hub = house.dependencies.hub
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.says(f"SUBSCRIBE\nid:a\\cb\ndestination:{TRADES}\nreceipt:r1\n\n\0")
        assert await client.frame(2) == Received("RECEIPT", {"receipt-id": "r1"}, "")
        hub.publish("btcusdt@trade", '{"e":"trade","t":1,"x":"€"}')
        hub.publish("ethbtc@trade", '{"e":"trade","t":2}')
        message = await client.frame(3)
        assert message.command == "MESSAGE"
        assert message.body == '{"e":"trade","t":1,"x":"€"}'
        assert message.headers.pop("message-id").isdigit()
        assert message.headers == {
            "subscription": "a:b",
            "destination": TRADES,
            "content-type": "application/json",
            "content-length": "29",
        }
        client.says("UNSUBSCRIBE\nid:a\\cb\nreceipt:r2\n\n\0")
        assert await client.frame(4) == Received("RECEIPT", {"receipt-id": "r2"}, "")
        assert not hub.wanted("btcusdt@trade")


async def test_who_subscribed_alike_gets_the_same_text(house: House) -> None:
    hub = house.dependencies.hub
    async with (
        stomp_client(house.dependencies) as one,
        stomp_client(house.dependencies) as two,
        stomp_client(house.dependencies) as other,
    ):
        for client, subscription in ((one, TRADES), (two, TRADES), (other, "sub-0")):
            await client.connect()
            client.says(f"SUBSCRIBE\nid:{subscription}\ndestination:{TRADES}\nreceipt:1\n\n\0")
            await client.frame(2)
        hub.publish("btcusdt@trade", '{"e":"trade"}')
        for client in (one, two, other):
            await client.frame(3)
        assert one.wire.texts[2] is two.wire.texts[2]
        assert (await other.frame(3)).headers["subscription"] == "sub-0"


async def test_two_subscriptions_to_one_destination_both_get_it(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(TRADES, "a")
        client.says(f"SUBSCRIBE\nid:b\ndestination:{TRADES}\nreceipt:1\n\n\0")
        await client.frame(2)
        house.dependencies.hub.publish("btcusdt@trade", "{}")
        frames = await client.frames(4)
        assert [frame.headers["subscription"] for frame in frames[2:]] == ["a", "b"]


async def test_a_slow_client_misses_states_but_no_facts(house: House) -> None:
    hub = house.dependencies.hub
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(TICKER)
        client.says(f"SUBSCRIBE\nid:1\ndestination:{TRADES}\nreceipt:1\n\n\0")
        await client.frame(2)
        client.wire.reads(False)
        for number in range(3):
            hub.publish("btcusdt@ticker", f'{{"c":{number}}}')
            hub.publish("btcusdt@trade", f'{{"t":{number}}}')
        client.wire.reads(True)
        bodies = [frame.body for frame in (await client.frames(6))[2:]]
        assert sorted(bodies) == ['{"c":2}', '{"t":0}', '{"t":1}', '{"t":2}']


async def test_a_slow_client_misses_no_candle_that_is_over(house: House) -> None:
    hub = house.dependencies.hub
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.says("SUBSCRIBE\nid:1\ndestination:/topic/kline/BTCUSDT/1m\nreceipt:1\n\n\0")
        await client.frame(2)
        client.wire.reads(False)
        candles = [f'{{"t":{n},"x":{over}}}' for n in (0, 1) for over in ("false", "true")]
        for candle in (*candles, '{"t":2,"x":false}'):
            hub.publish("btcusdt@kline_1m", candle)
        client.wire.reads(True)
        bodies = [frame.body for frame in (await client.frames(5))[2:]]
        assert bodies == [candles[1], candles[3], '{"t":2,"x":false}']


async def test_disconnect_is_acknowledged_and_ends_the_session(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(TRADES)
        client.says("DISCONNECT\nreceipt:77\n\n\0")
        assert await client.frame(2) == Received("RECEIPT", {"receipt-id": "77"}, "")
        assert await client.closed() == 1000
        assert not house.dependencies.hub.names()


async def test_a_client_that_goes_leaves_nothing_behind(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(TICKER)
        client.says(f"SUBSCRIBE\nid:1\ndestination:{TRADES}\nreceipt:1\n\n\0")
        await client.frame(2)
        client.socket.goes()
        await asyncio.wait_for(asyncio.shield(client.task), 5)
        assert not house.dependencies.hub.names()


@pytest.mark.parametrize(
    ("says", "message", "advice", "code"),
    [
        (f"SEND\ndestination:{TRADES}\nreceipt:9\n\nhi\0", "SEND is not", "/api/v3/order", 1002),
        (
            "SUBSCRIBE\nid:0\ndestination:/topic/no\nreceipt:9\n\n\0",
            "Unknown destination '/topic/no'",
            "/topic/orderbook/{symbol}",
            1002,
        ),
        (
            "SUBSCRIBE\nid:0\ndestination:/topic/ticker/DOGE\nreceipt:9\n\n\0",
            "Unknown destination '/topic/ticker/DOGE'",
            "Symbols are BTCUSDT",
            1002,
        ),
        (
            "SUBSCRIBE\nid:0\ndestination:/user/queue/orders\nreceipt:9\n\n\0",
            "/user/queue/orders needs a login",
            "POST /v1/oauth/token",
            1008,
        ),
    ],
)
async def test_an_error_says_what_to_do_and_closes(
    house: House, says: str, message: str, advice: str, code: int
) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(TRADES)
        client.says(says)
        error = await client.frame(2)
        assert error.command == "ERROR"
        assert error.headers["message"].startswith(message)
        assert error.headers["receipt-id"] == "9"
        assert advice in error.body
        assert await client.closed() == code
        assert not house.dependencies.hub.names()


async def test_what_is_no_stomp_is_an_error(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        client.says('{"method":"SUBSCRIBE"}\n\n\0')
        error = await client.frame(1)
        assert error.headers["message"].startswith("Unknown command")
        assert error.headers["version"] == "1.2"
        assert await client.closed() == 1002


async def test_frames_may_come_in_pieces_and_together(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        client.says(CONNECT[:10], CONNECT[10:] + "\n\nDISCONNECT\nreceipt:1\n\n\0")
        assert [frame.command for frame in await client.frames(2)] == ["CONNECTED", "RECEIPT"]


async def test_too_many_messages_at_once_end_the_session(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.says(*("\n" for _ in range(BURST)))
        error = await client.frame(2)
        assert error.headers["message"] == "Too many messages"
        assert await client.closed() == 1008


async def test_who_does_not_connect_is_sent_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stomp_peer, "CONNECT_WITHIN_S", 0.01)
    async with stomp_client(house.dependencies) as client:
        assert (await client.frame(1)).headers["message"] == "Not connected"
        assert await client.closed() == 1002


async def test_who_lost_messages_is_told_so(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.says(f"SUBSCRIBE\nid:0\ndestination:{TRADES}\nreceipt:1\n\n\0")
        await client.frame(2)
        house.dependencies.hub.lose("btcusdt@trade")
        assert (await client.frame(3)).headers["message"] == f"Messages of {TRADES} were lost"
        assert await client.closed() == 1012


async def test_a_gateway_that_stops_says_farewell(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.way.go_away(1001, "stopping")
        assert (await client.frame(2)).headers["message"] == "The gateway stops"
        assert await client.closed() == 1001


async def test_a_defect_is_an_error_that_tells_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(stomp_peer, "parse_destination", breaks)
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(TRADES)
        error = await client.frame(2)
        assert error.headers["message"] == "Internal error"
        assert "secret" not in error.body
        assert await client.closed() == 1011


async def test_a_quiet_sockjs_connection_gets_its_own_heart_beat(house: House) -> None:
    now = [1_000.0]
    async with stomp_client(house.dependencies, SOCKJS, lambda: now[0]) as client:
        now[0] += 24.9
        await client.peer.tick()
        assert client.wire.texts == []
        for _ in range(2):
            now[0] += 25
            await client.peer.tick()
        assert client.wire.texts == ["h", "h"]
