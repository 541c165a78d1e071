"""Who asks for it gets trades together in one message: nothing lost, nothing out of order."""

import msgspec
import pytest

from api.stream import stomp_outlet
from api.stream.sockjs import SOCKJS
from tests.support.waits import until
from tests.unit.api.conftest import House
from tests.unit.api.stream.stomp_client import StompClient, parsed, stomp_client

TRADES = "/topic/trades/BTCUSDT"
TICKER = "/topic/ticker/BTCUSDT"


def connect(merge: str) -> str:
    return f"CONNECT\naccept-version:1.2\nheart-beat:0,0\nmerge:{merge}\n\n\0"


async def watching(client: StompClient, merge: str, *destinations: str) -> None:
    client.says(connect(merge))
    assert (await client.frame(1)).headers["merge"] == merge
    for n, destination in enumerate(destinations):
        client.says(f"SUBSCRIBE\nid:{destination}\ndestination:{destination}\nreceipt:1\n\n\0")
        await client.frame(2 + n)


def bodies(text: str) -> list[str]:
    return [parsed(part + "\0").body for part in text.split("\0") if part]


async def texts_of(client: StompClient, count: int) -> list[str]:
    async def there() -> bool:
        return len(client.wire.texts) == count

    await until(there, f"{count} texts, got {client.wire.texts}", limit_s=5)
    return client.wire.texts


def trade(n: int) -> str:
    return f'{{"e":"trade","t":{n}}}'


async def test_trades_of_one_time_come_in_one_message(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await watching(client, "50", TRADES)
        for n in range(3):
            house.dependencies.hub.publish("btcusdt@trade", trade(n))
        assert len(client.wire.texts) == 2
        await texts_of(client, 3)
        assert bodies(client.wire.texts[2]) == [trade(0), trade(1), trade(2)]
        house.dependencies.hub.publish("btcusdt@trade", trade(3))
        await texts_of(client, 4)
        assert bodies(client.wire.texts[3]) == [trade(3)]


async def test_without_the_header_each_goes_out_at_once(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.says(f"SUBSCRIBE\nid:1\ndestination:{TRADES}\nreceipt:1\n\n\0")
        await client.frame(2)
        for n in range(3):
            house.dependencies.hub.publish("btcusdt@trade", trade(n))
        assert [bodies(text) for text in client.wire.texts[2:]] == [[trade(n)] for n in range(3)]


async def test_what_must_not_be_missed_takes_along_what_waits(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await watching(client, "1000", TRADES)
        house.dependencies.hub.publish("btcusdt@trade", trade(1))
        client.says(f"UNSUBSCRIBE\nid:{TRADES}\nreceipt:2\n\n\0")
        await texts_of(client, 3)
        first, second = client.wire.texts[2].split("\0")[:2]
        assert parsed(first + "\0").body == trade(1)
        assert parsed(second + "\0").command == "RECEIPT"


async def test_a_state_waits_for_nobody(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await watching(client, "1000", TRADES, TICKER)
        house.dependencies.hub.publish("btcusdt@trade", trade(1))
        house.dependencies.hub.publish("btcusdt@ticker", '{"e":"24hrTicker"}')
        assert bodies(client.wire.texts[3]) == ['{"e":"24hrTicker"}']


async def test_a_message_has_room_for_so_many(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stomp_outlet, "MERGED_MAX", 2)
    async with stomp_client(house.dependencies) as client:
        await watching(client, "1000", TRADES)
        for n in range(5):
            house.dependencies.hub.publish("btcusdt@trade", trade(n))
        assert [bodies(text) for text in client.wire.texts[2:]] == [
            [trade(0), trade(1)],
            [trade(2), trade(3)],
        ]


async def test_sockjs_puts_them_into_one_array(house: House) -> None:
    async with stomp_client(house.dependencies, SOCKJS) as client:
        client.says(msgspec.json.encode([connect("20")]).decode())
        await texts_of(client, 1)
        subscribe = f"SUBSCRIBE\nid:1\ndestination:{TRADES}\nreceipt:1\n\n\0"
        client.says(msgspec.json.encode([subscribe]).decode())
        await texts_of(client, 2)
        for n in range(2):
            house.dependencies.hub.publish("btcusdt@trade", trade(n))
        texts = await texts_of(client, 3)
        frames = msgspec.json.decode(texts[2].removeprefix("a"), type=list[str])
        assert [parsed(frame).body for frame in frames] == [trade(0), trade(1)]


async def test_what_waits_goes_out_before_the_end(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await watching(client, "1000", TRADES)
        house.dependencies.hub.publish("btcusdt@trade", trade(1))
        client.says("DISCONNECT\n\n\0")
        assert await client.closed() == 1000
        assert bodies(client.wire.texts[2]) == [trade(1)]


@pytest.mark.parametrize("merge", ["x", "-1", "1001", "5.5", "1e3", "٣"])
async def test_what_is_no_merge(house: House, merge: str) -> None:
    async with stomp_client(house.dependencies) as client:
        client.says(connect(merge))
        refusal = await client.frame(1)
        assert refusal.command == "ERROR"
        assert refusal.headers["message"] == "Malformed merge"
        assert "1000" in refusal.body
