"""Frames from the real Redis: each once, in order, over failures; and no gap that is hidden."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from redis.asyncio import Redis

from adapters.redis import create_redis
from api.stream.figures import StreamFigures
from api.stream.frame import Frame
from api.stream.hub import Hub
from api.stream.market_feed import READ_TIMEOUT_S, MarketFeed
from api.stream.names import StreamNames
from contracts.topology import ALL_MARKETS, frames_key, stream_states_key
from tests.support.servers import TestServers
from tests.support.waits import ended, until

pytestmark = pytest.mark.redis

SYMBOLS = ("FEEDUSDT", "OTHERUSDT")
DEPTH, TRADE, TICKER = "feedusdt@depth@100ms", "feedusdt@trade", "feedusdt@ticker"
CANDLE = "feedusdt@kline_1m"  # one that is over may be among what is missing
KEY = frames_key("FEEDUSDT")


@dataclass(eq=False)
class Client:
    payloads: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def deliver(self, frame: Frame) -> None:
        self.payloads.append(frame.payload)

    def lose(self, name: str) -> None:
        self.lost.append(name)

    async def got(self, *payloads: str) -> None:
        async def all_there() -> bool:
            return len(self.payloads) >= len(payloads)

        await until(all_there, f"{payloads}")
        assert self.payloads == list(payloads)


@dataclass
class Feed:
    hub: Hub
    figures: StreamFigures
    redis: Redis

    def client(self, *names: str) -> Client:
        made = Client()
        for name in names:
            self.hub.subscribe(name, made)
        return made

    async def add(self, frames: dict[str, str], market: str = "FEEDUSDT") -> str:
        return str(await self.redis.xadd(frames_key(market), frames))  # type: ignore[arg-type]

    async def keep(self, entry: str, name: str, payload: str) -> None:
        """Write a stream's state, as the projector does with the entry that holds it."""
        await self.redis.hset(stream_states_key("FEEDUSDT"), name, f"{entry} {payload}")


@pytest.fixture
async def feed(servers: TestServers) -> AsyncIterator[Feed]:
    settings = (await servers.start("redis")).redis
    redis, reading = create_redis(settings), create_redis(settings, READ_TIMEOUT_S, 4)
    await redis.delete(*(frames_key(market) for market in (*SYMBOLS, ALL_MARKETS)))
    await redis.delete(*(stream_states_key(symbol) for symbol in SYMBOLS))
    hub, figures = Hub(), StreamFigures()
    made = MarketFeed(
        reading, hub, StreamNames(SYMBOLS), figures, lambda: time.time_ns() // 1_000_000
    )
    task = asyncio.create_task(made.run())
    yield Feed(hub, figures, redis)
    await ended(task)
    await redis.aclose()
    await reading.aclose()


async def test_the_first_frame_for_a_new_subscriber_is_a_beginning(feed: Feed) -> None:
    client = feed.client(TRADE)
    await feed.add({TRADE: trade(5)})
    await client.got(trade(5))
    feed.hub.unsubscribe(TRADE, client)
    other = feed.client(TRADE)
    await feed.add({TRADE: trade(2)})
    await other.got(trade(2))
    assert other.lost == []


def trade(number: int) -> str:
    return f'{{"e":"trade","t":{number}}}'


def depth(first: int, last: int) -> str:
    return f'{{"e":"depthUpdate","U":{first},"u":{last}}}'


async def test_each_frame_reaches_those_who_want_it_from_the_subscription_on(feed: Feed) -> None:
    await feed.add({TRADE: trade(1)})
    await asyncio.sleep(0.002)  # ids of entries are in ms: what came before has a smaller one
    trades, all_of_it = feed.client(TRADE), feed.client(TRADE, DEPTH)
    await feed.add({TRADE: trade(2), DEPTH: depth(1, 4), TICKER: "{}"})
    await feed.add({"otherusdt@trade": trade(7)}, "OTHERUSDT")
    await feed.add({TRADE: trade(3)})
    await all_of_it.got(trade(2), depth(1, 4), trade(3))
    await trades.got(trade(2), trade(3))


async def test_frames_of_several_markets_have_a_stream_of_their_own(feed: Feed) -> None:
    client = feed.client("!miniTicker@arr", "otherusdt@trade")
    await feed.add({"!miniTicker@arr": "[]"}, ALL_MARKETS)
    await client.got("[]")
    await feed.add({"otherusdt@trade": trade(7)}, "OTHERUSDT")
    await client.got("[]", trade(7))


async def test_what_was_read_already_is_not_shown_again(feed: Feed) -> None:
    client = feed.client(TRADE, DEPTH)
    for frames in ({TRADE: trade(1)}, {TRADE: trade(1), DEPTH: depth(1, 2)}, {DEPTH: depth(2, 2)}):
        await feed.add(frames)
    await feed.add({TRADE: trade(2)})
    await client.got(trade(1), depth(1, 2), trade(2))
    assert client.lost == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [(DEPTH, depth(1, 2), depth(4, 5)), (TRADE, trade(1), trade(3)), (TRADE, trade(1), "{}")],
)
async def test_a_gap_is_told_to_those_of_its_stream_alone(
    feed: Feed, name: str, before: str, after: str
) -> None:
    client, other = feed.client(name), feed.client(TICKER)
    await feed.add({name: before})
    await feed.add({name: after, TICKER: "{}"})
    await other.got("{}")
    assert (client.payloads, client.lost, other.lost) == ([before], [name], [])
    assert feed.figures.as_json()["lost"] == 1


async def test_who_comes_back_to_a_stream_sees_no_gap(feed: Feed) -> None:
    watcher, client = feed.client(TICKER), feed.client(TRADE)
    await feed.add({TRADE: trade(1)})
    await client.got(trade(1))
    feed.hub.unsubscribe(TRADE, client)
    await feed.add({TRADE: trade(2), TICKER: "1"})
    await watcher.got("1")
    feed.hub.subscribe(TRADE, client)
    await feed.add({TRADE: trade(3)})
    await client.got(trade(1), trade(3))
    assert client.lost == []


async def test_a_feed_goes_on_where_it_was_when_redis_comes_back(
    feed: Feed, servers: TestServers
) -> None:
    client = feed.client(TRADE, DEPTH)
    await feed.add({TRADE: trade(1)})
    await client.got(trade(1))
    await servers.kill("redis")
    await servers.restart("redis")
    await feed.redis.connection_pool.disconnect()  # those to the server that was
    await feed.add({TRADE: trade(2), DEPTH: depth(1, 1)})
    await client.got(trade(1), trade(2), depth(1, 1))
    assert client.lost == []


async def test_a_feed_that_was_away_too_long_says_so(feed: Feed) -> None:
    client, state = feed.client(TRADE, CANDLE), feed.client(TICKER)
    await feed.add({TRADE: trade(1), TICKER: "1"})
    await state.got("1")
    readers = [c["id"] for c in await feed.redis.client_list() if c["cmd"] == "xread"]
    async with feed.redis.pipeline(transaction=True) as together:
        for reader in readers:
            together.execute_command("CLIENT", "KILL", "ID", reader)
        together.xadd(KEY, {TRADE: trade(2)})
        together.xadd(KEY, {TICKER: "2"})
        together.xtrim(KEY, maxlen=1, approximate=False)
        await together.execute()
    await state.got("1", "2")
    assert client.payloads == [trade(1)]
    assert sorted(client.lost) == [CANDLE, TRADE]
    assert state.lost == []


async def test_an_emptied_redis_is_no_gap_where_the_frames_are_written_again(feed: Feed) -> None:
    client = feed.client(TRADE)
    first = await feed.add({TRADE: trade(1)})
    await client.got(trade(1))
    await feed.redis.delete(KEY)
    for entry_id, number in ((first, 1), ("*", 2)):
        await feed.redis.xadd(KEY, {TRADE: trade(number)}, id=entry_id)
    await client.got(trade(1), trade(2))
    assert client.lost == []


async def test_whoever_comes_to_a_quiet_market_is_told_how_it_is(feed: Feed) -> None:
    for name, payload in ((TICKER, "1"), (CANDLE, "c")):
        await feed.keep(await feed.add({name: payload, TRADE: trade(1)}), name, payload)
    await asyncio.sleep(0.002)  # ids of entries are in ms

    first = feed.client(TICKER, TRADE)
    await first.got("1")
    second = feed.client(TICKER, CANDLE)  # one that this gateway knows, and one that it must read
    await second.got("1", "c")
    assert first.payloads == ["1"]


async def test_a_state_that_comes_with_its_entry_is_told_once_and_in_order(feed: Feed) -> None:
    await feed.keep(await feed.add({TICKER: "1"}), TICKER, "1")
    watcher = feed.client(TRADE)
    await feed.add({TRADE: trade(1)})
    await watcher.got(trade(1))
    client = feed.client(TICKER)
    for number in range(2, 30):  # some before Redis is asked, some after
        await feed.keep(await feed.add({TICKER: str(number)}), TICKER, str(number))

    async def the_last() -> bool:
        return "29" in client.payloads

    await until(the_last, "the last state")
    numbers = [int(payload) for payload in client.payloads]
    assert numbers == sorted(set(numbers))
    assert set(range(2, 30)) <= set(numbers)


async def test_states_are_asked_for_again_when_redis_comes_back(
    feed: Feed, servers: TestServers
) -> None:
    await feed.keep(await feed.add({TICKER: "1"}), TICKER, "1")
    await asyncio.sleep(0.002)
    await servers.kill("redis")
    client = feed.client(TICKER)
    await servers.restart("redis")
    await client.got("1")


async def test_a_state_that_was_missed_is_made_up_for(feed: Feed) -> None:
    client = feed.client(TICKER)
    await feed.add({TICKER: "1"})
    await client.got("1")
    readers = [c["id"] for c in await feed.redis.client_list() if c["cmd"] == "xread"]
    async with feed.redis.pipeline(transaction=True) as together:
        for reader in readers:
            together.execute_command("CLIENT", "KILL", "ID", reader)
        together.xadd(KEY, {TICKER: "2"}, id="99999999999990-0")
        together.hset(stream_states_key("FEEDUSDT"), TICKER, "99999999999990-0 2")
        together.xadd(KEY, {TRADE: trade(1)}, id="99999999999990-1")
        together.xtrim(KEY, maxlen=1, approximate=False)
        await together.execute()
    await client.got("1", "2")
    assert client.lost == []
