"""What the gateway keeps in Redis: limits counted by one script, answers remembered."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from adapters.redis import create_redis
from api.completed_orders import CompletedOrder, CompletedOrders, key_of
from api.optional_redis import ANSWER_S, OptionalRedis
from api.rate_limits import Admission, LimitReached, RateLimits, Window
from config.settings import RedisSettings, Settings
from tests.support.servers import TestServers

pytestmark = pytest.mark.redis
PATIENCE_S = 10.0  # a test of what Redis counts must not fail because a machine is busy


@pytest.fixture
async def redis(redis_settings: Settings) -> AsyncIterator[Redis]:
    made = create_redis(redis_settings.redis, PATIENCE_S)
    yield made
    await made.aclose()


def window(subject: str, cost: int, limit: int, name: str = "weight") -> Window:
    return Window(name=name, subject=subject, cost=cost, limit=limit, seconds=86_400)


async def test_two_gateways_share_one_count(redis: Redis) -> None:
    subject = str(uuid4())
    first = RateLimits(OptionalRedis(redis, PATIENCE_S))
    second = RateLimits(OptionalRedis(redis, PATIENCE_S))
    assert await first.take([window(subject, 3, 10)]) == [3]
    assert await second.take([window(subject, 4, 10)]) == [7]
    with pytest.raises(LimitReached) as reached:
        await first.take([window(subject, 4, 10)])
    assert reached.value.used == 7
    assert 0 < reached.value.retry_after_s <= 86_400
    assert await first.take([window(subject, 3, 10)]) == [10]


async def test_many_at_once_take_exactly_what_there_is(redis: Redis) -> None:
    subject, limits = str(uuid4()), RateLimits(OptionalRedis(redis, PATIENCE_S))
    outcomes = await asyncio.gather(
        *(limits.take([window(subject, 1, 20)]) for _ in range(30)), return_exceptions=True
    )
    assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 10


async def test_a_request_takes_from_all_its_windows_or_from_none(redis: Redis) -> None:
    subject, limits = str(uuid4()), RateLimits(OptionalRedis(redis, PATIENCE_S))
    wide, narrow = window(subject, 1, 10, "wide"), window(subject, 1, 1, "narrow")
    assert await limits.take([wide, narrow]) == [1, 1]
    with pytest.raises(LimitReached) as reached:
        await limits.take([wide, narrow])
    assert reached.value.window.name == "narrow"
    assert await limits.take([wide]) == [2]


async def test_counters_go_with_their_windows(redis: Redis) -> None:
    subject = str(uuid4())
    await RateLimits(OptionalRedis(redis, PATIENCE_S)).take([window(subject, 1, 10)])
    (key,) = [key async for key in redis.scan_iter(f"limit:weight:{subject}:*")]
    assert 0 < await redis.ttl(key) <= 86_400


async def test_without_redis_each_gateway_counts_for_itself() -> None:
    nowhere = create_redis(RedisSettings(port=1))
    subject, limits = str(uuid4()), RateLimits(OptionalRedis(nowhere))
    for used in range(1, 11):
        assert await limits.take([window(subject, 1, 10)]) == [used]
    with pytest.raises(LimitReached):
        await limits.take([window(subject, 1, 10)])
    completed = CompletedOrders(OptionalRedis(nowhere))
    await completed.remember(7, "mine", CompletedOrder(41, "hash"))
    assert (await limits.admit([], [], key_of(7, "mine"))).remembered is None
    assert await limits.used([window(subject, 0, 10)]) == [10]
    await nowhere.aclose()


async def test_an_answered_order_is_remembered_for_a_while(redis: Redis) -> None:
    user_id, completed = uuid4().int % 10**9, CompletedOrders(OptionalRedis(redis, PATIENCE_S))
    limits, key = RateLimits(OptionalRedis(redis, PATIENCE_S)), key_of(user_id, "mine")
    assert await limits.admit([], [], key) == Admission([], None)
    await completed.remember(user_id, "mine", CompletedOrder(41, "hash"))
    remembered = (await limits.admit([], [], key)).remembered
    assert remembered is not None
    assert CompletedOrder.read(remembered) == CompletedOrder(41, "hash")
    assert 0 < await redis.ttl(key) <= 600


async def test_an_order_that_was_answered_before_is_charged_for_but_not_counted(
    redis: Redis,
) -> None:
    subject, limits = str(uuid4()), RateLimits(OptionalRedis(redis, PATIENCE_S))
    weight, orders = window(subject, 1, 3), window(subject, 2, 3, "orders")
    key = key_of(uuid4().int % 10**9, "mine")
    assert await limits.admit([weight], [orders], key) == Admission([1, 2], None)
    with pytest.raises(LimitReached) as reached:
        await limits.admit([weight], [orders], key)
    assert (reached.value.window, reached.value.used, reached.value.taken) == (orders, 2, [2])
    await redis.set(key, "41:hash", ex=60)
    assert await limits.admit([weight], [orders], key) == Admission([3], "41:hash")
    with pytest.raises(LimitReached) as reached:
        await limits.admit([weight], [orders], key)
    assert reached.value.window == weight
    assert await limits.used([weight, orders, window(subject, 0, 1, "other")]) == [3, 2, 0]


async def test_what_is_given_back_is_of_the_window_that_it_was_taken_from(redis: Redis) -> None:
    now = [1_000_000.0]
    limits = RateLimits(OptionalRedis(redis, PATIENCE_S), lambda: now[0])
    orders = Window(name="orders", subject=str(uuid4()), cost=2, limit=9, seconds=10)
    assert await limits.take([orders]) == [2]
    await limits.give_back([orders], limits.now_s())
    assert await limits.used([orders]) == [0]
    await limits.give_back([orders], limits.now_s())  # there is nothing left to give back
    assert await limits.take([orders]) == [2]
    now[0] += 10
    await limits.give_back([orders], limits.now_s() - 10)
    assert await limits.used([orders]) == [0]
    assert await limits.take([orders]) == [2]
    await limits.give_back([orders], limits.now_s() - 10)
    assert await limits.used([orders]) == [2]


async def test_a_redis_that_hangs_delays_nobody_for_long(
    servers: TestServers, redis: Redis
) -> None:
    optional = OptionalRedis(redis)
    limits = RateLimits(optional)
    subject = str(uuid4())
    servers.pause("redis")
    try:
        started_s = asyncio.get_running_loop().time()
        for used in range(1, 21):
            assert await limits.take([window(subject, 1, 20)]) == [used]
            assert await limits.used([window(subject, 0, 20)]) == [used]
        took_s = asyncio.get_running_loop().time() - started_s
    finally:
        servers.resume("redis")
    assert took_s < 20 * ANSWER_S  # five time-outs open the breaker; nobody waits after that
