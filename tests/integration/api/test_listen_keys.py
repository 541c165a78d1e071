"""listenKeys on the real Redis: made, extended, ended, and what they open."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
from redis.asyncio import Redis

from adapters.redis import create_redis
from api.app import create_app
from api.stream.hub import user_channel
from api.stream.listen_keys import VALID_S, ListenKeys
from api.stream.names import names_of
from api.stream.offered import OfferedStreams, UnknownStream
from config.settings import RedisSettings, Settings
from contracts.topology import listen_key_key, listen_key_of_user_key
from stack.ports import free_port
from tests.unit.api.conftest import House

pytestmark = pytest.mark.redis
PATH = "/api/v3/userDataStream"


@pytest.fixture
async def redis(redis_settings: Settings) -> AsyncIterator[Redis]:
    made = create_redis(redis_settings.redis, 10.0)
    yield made
    await made.aclose()


class Caller:
    """A user's requests with nothing but an API key."""

    def __init__(self, http: httpx.AsyncClient, house: House) -> None:
        self.http = http
        self.house = house
        self.user_id = 0

    async def asks(self, verb: str, name: str = "ada", **fields: str) -> httpx.Response:
        self.user_id, key = await self.house.key_of(name)
        headers = {"X-MBX-APIKEY": key.api_key}
        return await self.http.request(verb, PATH, data=fields, headers=headers)


async def _caller(house: House, keys: ListenKeys | None) -> AsyncIterator[Caller]:
    app = create_app(msgspec.structs.replace(house.dependencies, listen_keys=keys))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        yield Caller(http, house)


@pytest.fixture
async def caller(redis: Redis, tmp_path: Path) -> AsyncIterator[Caller]:
    async for made in _caller(House(tmp_path), ListenKeys(redis)):
        yield made


async def test_a_key_opens_its_users_events_until_it_is_ended(redis: Redis, caller: Caller) -> None:
    made = await caller.asks("POST")
    key = made.json()["listenKey"]
    offered = OfferedStreams(names_of(("BTCUSDT",)), ListenKeys(redis).channel_of)

    assert await offered.resolve([key]) == {key: user_channel(caller.user_id)}
    assert (await caller.asks("POST")).json() == {"listenKey": key}  # one a user
    assert (await caller.asks("DELETE", listenKey=key)).json() == {}

    with pytest.raises(UnknownStream):
        await offered.resolve([key])
    again = await caller.asks("DELETE", listenKey=key)
    assert (again.status_code, again.json()["code"]) == (400, -1125)


async def test_a_key_is_valid_for_an_hour_from_when_it_was_extended(
    redis: Redis, caller: Caller
) -> None:
    key = (await caller.asks("POST")).json()["listenKey"]
    places = (listen_key_key(key), listen_key_of_user_key(caller.user_id))
    for place in places:
        assert 0 < await redis.ttl(place) <= VALID_S
        await redis.expire(place, 5)

    assert (await caller.asks("PUT", listenKey=key)).json() == {}

    for place in places:
        assert await redis.ttl(place) > 5


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
async def test_nobody_else_may_touch_a_key(redis: Redis, caller: Caller, verb: str) -> None:
    key = (await caller.asks("POST")).json()["listenKey"]

    refused = await caller.asks(verb, "ben", listenKey=key)

    assert (refused.status_code, refused.json()["code"]) == (400, -1125)
    assert await ListenKeys(redis).channel_of(key) is not None


@pytest.mark.parametrize(
    ("key", "code"), [("", -1105), ("short", -1125), ("x" * 64, -1125), (None, -1102)]
)
async def test_what_is_no_key_is_refused(caller: Caller, key: str | None, code: int) -> None:
    answer = await caller.asks("PUT", **({} if key is None else {"listenKey": key}))

    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(("api_key", "code"), [("", -2014), ("A" * 64, -2015)])
async def test_a_listen_key_needs_an_api_key(caller: Caller, api_key: str, code: int) -> None:
    answer = await caller.http.post(PATH, headers={"X-MBX-APIKEY": api_key})

    assert (answer.status_code, answer.json()["code"]) == (401, code)


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
async def test_where_they_are_not_offered_they_are_gone(tmp_path: Path, verb: str) -> None:
    async for caller in _caller(House(tmp_path), None):
        answer = await caller.asks(verb)
        assert (answer.status_code, answer.json()["code"]) == (410, -1020)


async def test_without_redis_no_key_is_made_and_none_opens_anything(tmp_path: Path) -> None:
    nowhere = create_redis(RedisSettings(port=free_port()), 0.2)
    try:
        keys = ListenKeys(nowhere)
        async for caller in _caller(House(tmp_path), keys):
            answer = await caller.asks("POST")
            assert (answer.status_code, answer.json()["code"]) == (503, -1008)
        assert await keys.channel_of("x" * 64) is None
    finally:
        await nowhere.aclose()
