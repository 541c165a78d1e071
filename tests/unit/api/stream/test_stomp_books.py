"""The order book's destination: a snapshot that a client can start from, then its changes."""

import asyncio
import json

import msgspec

from contracts.amounts import Amount
from tests.unit.api.conftest import House
from tests.unit.api.fakes import Book, FakeMarketData
from tests.unit.api.stream.stomp_client import stomp_client

BOOK = "/topic/orderbook/BTCUSDT"
STREAM = "btcusdt@depth@100ms"


class SlowBook(FakeMarketData):
    """Its depth is read only when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()

    async def depth(self, symbol: str, limit: int) -> Book:
        self.asked.set()
        await self.answers.wait()
        return await super().depth(symbol, limit)


def change(first: int, last: int) -> str:
    return json.dumps({"e": "depthUpdate", "U": first, "u": last, "b": [], "a": []})


async def test_the_snapshot_comes_first_then_what_it_does_not_hold(house: House) -> None:
    market_data = SlowBook()
    dependencies = msgspec.structs.replace(house.dependencies, market_data=market_data)
    async with stomp_client(dependencies) as client:
        await client.connect()
        client.says(f"SUBSCRIBE\nid:0\ndestination:{BOOK}\nreceipt:1\n\n\0")
        await asyncio.wait_for(market_data.asked.wait(), 5)
        for first, last in ((157, 158), (159, 160), (161, 165)):
            dependencies.hub.publish(STREAM, change(first, last))
        market_data.answers.set()
        await client.frames(4)
        dependencies.hub.publish(STREAM, change(166, 170))
        _, snapshot, *later = await client.frames(5)
        assert snapshot.headers["type"] == "snapshot"
        assert snapshot.headers["destination"] == BOOK
        assert json.loads(snapshot.body) == {
            "lastUpdateId": 160,
            "bids": [["60000.00000000", "0.50000000"]],
            "asks": [["60001.00000000", "1.00000000"]],
        }
        messages = [json.loads(frame.body) for frame in later if frame.command == "MESSAGE"]
        assert [(m["U"], m["u"]) for m in messages] == [(161, 165), (166, 170)]
        assert market_data.limits == [1_000]
        assert all("type" not in frame.headers for frame in later)


async def test_changes_that_the_snapshot_holds_are_dropped_also_after_it(house: House) -> None:
    hub = house.dependencies.hub
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(BOOK)
        await client.frame(2)
        for first, last in ((157, 159), (160, 160), (159, 161), (162, 162)):
            hub.publish(STREAM, change(first, last))
        later = [json.loads(frame.body) for frame in (await client.frames(4))[2:]]
        assert [m["u"] for m in later] == [161, 162]


async def test_changes_that_do_not_join_the_snapshot_are_lost_openly(house: House) -> None:
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(BOOK)
        await client.frame(2)
        house.dependencies.hub.publish(STREAM, change(162, 163))
        assert (await client.frame(3)).headers["message"] == f"Messages of {BOOK} were lost"
        assert await client.closed() == 1012


async def test_amounts_are_text_even_where_they_are_tiny(house: House) -> None:
    house.market_data.bids = [(Amount("0.00000001"), Amount("0.0000001"))]
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.subscribes(BOOK)
        snapshot = await client.frame(2)
        assert json.loads(snapshot.body)["bids"] == [["0.00000001", "0.00000010"]]


async def test_a_book_that_cannot_be_read_ends_the_session(house: House) -> None:
    house.market_data.rebuilding = True
    async with stomp_client(house.dependencies) as client:
        await client.connect()
        client.says(f"SUBSCRIBE\nid:0\ndestination:{BOOK}\nreceipt:5\n\n\0")
        error = await client.frame(2)
        assert error.headers["message"] == "The order book of BTCUSDT cannot be read now"
        assert error.headers["receipt-id"] == "5"
        assert await client.closed() == 1013
        assert not house.dependencies.hub.names()


async def test_a_snapshot_that_takes_too_long_loses_messages_openly(house: House) -> None:
    market_data = SlowBook()
    dependencies = msgspec.structs.replace(house.dependencies, market_data=market_data)
    async with stomp_client(dependencies) as client:
        await client.connect()
        client.subscribes(BOOK)
        await asyncio.wait_for(market_data.asked.wait(), 5)
        for number in range(300):
            dependencies.hub.publish(STREAM, change(number, number))
        assert (await client.frame(2)).headers["message"] == f"Messages of {BOOK} were lost"
        market_data.answers.set()
        assert await client.closed() == 1012
